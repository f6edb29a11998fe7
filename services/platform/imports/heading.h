// The heading of a register: one row of names, or two where the upper one groups the lower. Names
// are compared as FoldWord makes them; a column without a name is no column.
//
// Immutable once made.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "services/wire/csv/csv.h"

namespace motcua::imports {

class Heading {
 public:
  static Heading Of(const wire::CsvRecord& record);
  // `upper` stands above `lower`; a name in `upper` covers the empty cells to its right.
  static Heading OfTwo(const wire::CsvRecord& upper, const wire::CsvRecord& lower);

  // The columns that are called so, from the left.
  std::vector<std::size_t> Find(std::string_view name) const;
  // How many cells a row has, those of nameless columns included.
  std::size_t width() const { return names_.size(); }
  std::size_t line() const { return line_; }

 private:
  std::vector<std::vector<std::string>> names_;  // of each column what it may be called, folded
  std::size_t line_ = 0;
};

}  // namespace motcua::imports
