// Reading C++ by eye rather than by grammar: what is code and not comment, which words it uses,
// what it includes, where functions begin and end. Enough for lint; a compiler judges the rest.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::tidy {

// `text` with comments, strings and character literals blanked out; the same length and lines.
std::string CodeOnly(std::string_view text);

// The line, from 1, on which `position` stands.
std::size_t LineAt(std::string_view text, std::size_t position);

// Where `word` occurs in `code` as a whole: not as a part of a longer name.
std::vector<std::size_t> FindWord(std::string_view code, std::string_view word);

struct Include {
  std::string path;      // without quotes or brackets
  bool system = false;   // <…>
  std::size_t line = 0;  // from 1
};
std::vector<Include> IncludesOf(std::string_view text);

// A function with a body, outermost only: a lambda belongs to the function around it.
struct Function {
  std::string head;            // "Status Open(int flags)", blanks as in the source
  std::size_t first_line = 0;  // of the head, from 1
  std::size_t last_line = 0;   // of the closing brace
};
std::vector<Function> FunctionsOf(std::string_view text);

}  // namespace motcua::tidy
