// Words of a register as they are compared: however a spreadsheet composed their letters, whatever
// blanks and line breaks stand in them, in capitals or not, with the tone on either vowel.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace motcua::imports {

// The same for all ways of writing one word or heading.
std::string FoldWord(std::string_view text);

// `text` cut to `bytes_max` without splitting a character.
std::string_view CutUtf8(std::string_view text, std::size_t bytes_max);

// Line ends and other control characters inside a cell become single blanks.
std::string OneLine(std::string_view text);

// A cell as a name is kept: one line, and CanonicalName.
std::string NameOfCell(std::string_view cell);

// Without blanks at both ends, the no-break ones of spreadsheets and web pages as well.
std::string_view TrimCell(std::string_view cell);

// Letters small and without marks, all blanks as one: `out` holds "9h32 ngay 20/01/2020".
void FoldDateWords(std::string_view text, std::string& out);

// Whether letters of a name were lost on the way: "C?p gi?y" or U+FFFD. A question mark stands
// after a word; before a letter it is what a program wrote for a letter that it did not have.
bool IsNameDamaged(std::string_view name);

}  // namespace motcua::imports
