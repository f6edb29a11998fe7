// Text in columns of a terminal. A Vietnamese letter is one column, whether it is one code point
// or a letter with combining marks; an East Asian wide character is two. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace motcua::cli {

// Columns that well-formed UTF-8 takes.
std::size_t DisplayWidth(std::string_view text);
// At most `width` columns; what is longer ends in "…". Control characters become blanks.
std::string FitWidth(std::string_view text, std::size_t width);
// Exactly `width` columns.
std::string PadRight(std::string_view text, std::size_t width);
std::string PadLeft(std::string_view text, std::size_t width);
std::string Center(std::string_view text, std::size_t width);
// "58.119": with the separator of thousands that Vietnamese uses.
std::string FormatCount(long long count);
// "79,59%": of `whole`, which is not negative, rounded half up; "–" of nothing.
std::string FormatShare(long long part, long long whole);

}  // namespace motcua::cli
