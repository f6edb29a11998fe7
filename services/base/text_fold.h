// One form for texts that different programs wrote in different ways, so that equal names are equal
// bytes (names that group, headings that are looked for) and searches find what is spelled alike.
//
// All take well-formed UTF-8 (text.h, IsUtf8) and return anything else unchanged. Each is
// idempotent. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace motcua {

// Unicode's normal form C: one code point for a letter with its marks, whatever their order was.
std::string ToNfc(std::string_view text);

// As a name is kept, compared and shown: NFC; U+00D0 and U+00F0 (eth, written for đ by old systems)
// as Đ and đ; every run of blanks (no-break ones, tabs, line ends) as one blank, none at the ends;
// without the characters of no width that copying from web pages leaves. For Vietnamese texts only:
// in an Icelandic name eth is a letter. Case and the place of a tone mark (hoà, hòa) are kept: both
// tell names apart.
std::string CanonicalName(std::string_view text);

// For finding, never for storing: CanonicalName in small letters without marks, đ as d. Different
// words become one (Lan, Lân, Lăn), so what is found is shown with its marks.
std::string FoldForSearch(std::string_view text);

// For telling names apart: CanonicalName in small letters, each word's tone mark after its letters,
// so that hoà and hòa are one, and Lan, Lân and Làn are three. Never shown: it is decomposed.
std::string ToneLast(std::string_view text);

}  // namespace motcua
