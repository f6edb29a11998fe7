// A table that fits the terminal. Columns are as wide as their content; when that is too much, the
// widest give way first and long cells end in "…". A code or a time cut short says nothing: firm
// columns give way only when the others cannot any more.
//
//    Mã hồ sơ                    Lĩnh vực   Hẹn trả
//    ──────────────────────────  ─────────  ────────────────
//    000.23.10.H49-201031-0001   Đất đai    12/11/2020 17:00
//
// Pure; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace motcua::cli {

class Table {
 public:
  enum class Align { kLeft, kRight };
  enum class Width { kFlexible, kFirm };

  void AddColumn(std::string heading, Align align = Align::kLeft, Width width = Width::kFlexible);
  // One cell for each column.
  void AddRow(std::vector<std::string> cells);
  // Lines that end in '\n' and take at most `width` columns.
  std::string Render(std::size_t width) const;

 private:
  struct Column {
    std::string heading;
    Align align;
    Width width;
  };

  std::vector<std::size_t> Widths(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace motcua::cli
