// CSV written row by row, the only place that does. What is meant for a spreadsheet is made safe
// for it: a cell that it would run as a formula when the file is opened (CWE-1236) becomes a text.
//
//   out = CsvPreamble(dialect);
//   AppendCsvRow(out, {"Mã hồ sơ", "Tên TTHC"}, dialect);
//
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motcua::wire {

struct CsvDialect {
  char separator = ',';
  bool byte_order_mark = false;  // without it a spreadsheet takes UTF-8 for an old encoding
  bool for_spreadsheets = false;

  friend bool operator==(const CsvDialect&, const CsvDialect&) = default;
};

// RFC 4180: for programs, each cell as it is.
inline constexpr CsvDialect kCsvForPrograms{};
// For files that people open but that may be read back as well.
inline constexpr CsvDialect kCsvForPeople{',', false, true};
// As a spreadsheet opens it where the comma is the decimal sign, as in Viet Nam.
inline constexpr CsvDialect kCsvForSpreadsheets{';', true, true};

// What stands before the first row.
std::string_view CsvPreamble(const CsvDialect& dialect);

// Appends a row with its line end.
void AppendCsvRow(std::string& out, const std::vector<std::string>& cells,
                  const CsvDialect& dialect = kCsvForPrograms);

// Appends `field`, in quotes where it needs them.
void AppendCsvField(std::string& out, std::string_view field, char separator = ',');

// `cell` so that a spreadsheet runs nothing in it: an apostrophe before what begins with = + - @, a
// tab or a line end, also after blanks and in their wide forms. Numbers stay numbers.
std::string NeutralisedCell(std::string_view cell);

}  // namespace motcua::wire
