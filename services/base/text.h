// Small helpers for text from outside.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motcua {

// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates).
bool IsUtf8(std::string_view text);
// Whether `text` has no control characters (U+0000..U+001F, U+007F).
bool IsPrintable(std::string_view text);
// The parts between `separator`; one empty part for an empty text.
std::vector<std::string_view> SplitText(std::string_view text, char separator);
// Without blanks, tabs and line ends at both ends.
std::string_view Trim(std::string_view text);

}  // namespace motcua
