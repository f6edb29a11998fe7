#include "services/base/text_fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "services/base/check.h"
#include "services/base/text.h"

namespace motcua {
namespace {

using icu::UnicodeString;

// Grave, acute, tilde, hook above, dot below.
constexpr std::array<UChar32, 5> kToneMarks = {0x0300, 0x0301, 0x0303, 0x0309, 0x0323};
constexpr UChar32 kCapitalEth = 0x00D0;
constexpr UChar32 kSmallEth = 0x00F0;
constexpr UChar32 kCapitalStroke = 0x0110;  // Đ
constexpr UChar32 kSmallStroke = 0x0111;    // đ
// Not the soft hyphen (U+00AD): in a text of TCVN3 that was read as Latin-1 it is the letter ư, and
// dropping it would hide that.
constexpr std::array<UChar32, 5> kWithoutWidth = {0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF};

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

// Of the second byte after 0xC3.
bool IsEthByte(std::uint8_t byte) { return byte == 0x90 || byte == 0xB0; }

// Whether well-formed `text` is sure to be canonical as it is: of ASCII and composed Vietnamese
// letters (U+00C0 to U+01BF without eth, U+1E80 to U+1EFF) with single blanks between. Names nearly
// always are, and this costs a twentieth of asking ICU.
bool IsPlainlyCanonical(std::string_view text) {
  bool after_blank = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const std::uint8_t lead = byte(i);
    if (lead == ' ') {
      if (after_blank) return false;
      after_blank = true;
      continue;
    }
    after_blank = false;
    if (lead > 0x20 && lead < 0x7F) continue;
    if (lead >= 0xC3 && lead <= 0xC6) {
      if (lead == 0xC3 && IsEthByte(byte(i + 1))) return false;
      i += 1;
    } else if (lead == 0xE1 && (byte(i + 1) == 0xBA || byte(i + 1) == 0xBB)) {
      i += 2;
    } else {
      return false;
    }
  }
  return text.empty() || !after_blank;
}

UnicodeString FromUtf8(std::string_view text) {
  return UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

std::string ToUtf8(const UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

using NormalForm = const icu::Normalizer2*(UErrorCode&);

UnicodeString Normalize(NormalForm form, const UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(error);
  UnicodeString normal;
  if (U_SUCCESS(error)) normalizer->normalize(text, normal, error);
  MOTCUA_CHECK(U_SUCCESS(error), "ICU has its normal forms compiled in");
  return normal;
}

// Calls `take` with each code point.
template <typename Take>
void ForEachCodePoint(const UnicodeString& text, const Take& take) {
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) take(text.char32At(i));
}

UnicodeString Canonical(const UnicodeString& text) {
  UnicodeString name;
  bool blank = false;
  ForEachCodePoint(text, [&](UChar32 c) {
    if (std::find(kWithoutWidth.begin(), kWithoutWidth.end(), c) != kWithoutWidth.end()) return;
    if (u_isUWhiteSpace(c) != 0) {
      blank = true;
      return;
    }
    if (blank && !name.isEmpty()) name.append(UChar32{' '});
    blank = false;
    if (c == kCapitalEth) c = kCapitalStroke;
    if (c == kSmallEth) c = kSmallStroke;
    name.append(c);
  });
  // Last: what was dropped may have stood between a letter and its mark.
  return Normalize(icu::Normalizer2::getNFCInstance, name);
}

}  // namespace

std::string ToNfc(std::string_view text) {
  if (IsAscii(text) || !IsUtf8(text)) return std::string(text);
  return ToUtf8(Normalize(icu::Normalizer2::getNFCInstance, FromUtf8(text)));
}

std::string CanonicalName(std::string_view text) {
  if (!IsUtf8(text) || IsPlainlyCanonical(text)) return std::string(text);
  return ToUtf8(Canonical(FromUtf8(text)));
}

std::string FoldForSearch(std::string_view text) {
  if (!IsUtf8(text)) return std::string(text);
  UnicodeString folded;
  ForEachCodePoint(Normalize(icu::Normalizer2::getNFDInstance, Canonical(FromUtf8(text))),
                   [&](UChar32 c) {
                     if (u_charType(c) == U_NON_SPACING_MARK) return;
                     c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
                     folded.append(c == kSmallStroke ? UChar32{'d'} : c);
                   });
  return ToUtf8(Normalize(icu::Normalizer2::getNFCInstance, folded));
}

std::string ToneLast(std::string_view text) {
  if (!IsUtf8(text)) return std::string(text);
  UnicodeString words;
  UnicodeString tones;
  ForEachCodePoint(Normalize(icu::Normalizer2::getNFDInstance, Canonical(FromUtf8(text))),
                   [&](UChar32 c) {
                     if (std::find(kToneMarks.begin(), kToneMarks.end(), c) != kToneMarks.end()) {
                       tones.append(c);
                       return;
                     }
                     if (c == ' ') {
                       words.append(tones);
                       tones.remove();
                     }
                     words.append(u_foldCase(c, U_FOLD_CASE_DEFAULT));
                   });
  return ToUtf8(words.append(tones));
}

}  // namespace motcua
