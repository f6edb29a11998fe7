#include "services/wire/csv/csv_writer.h"

#include <algorithm>
#include <array>

namespace motcua::wire {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A sign where wanted, figures with at most one decimal sign between them, a percent sign where
// wanted: "-5", "+84912", "-3,5", "97.27%".
bool IsNumber(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.ends_with('%')) text.remove_suffix(1);
  if (text.empty() || !IsDigit(text.front()) || !IsDigit(text.back())) return false;
  const auto is_sign = [](char c) { return c == '.' || c == ','; };
  return std::all_of(text.begin(), text.end(), [&](char c) { return IsDigit(c) || is_sign(c); }) &&
         std::count_if(text.begin(), text.end(), is_sign) <= 1;
}

bool BeginsFormula(std::string_view cell) {
  // Wide forms, which East Asian input methods type: = + - @ and the minus sign.
  static constexpr std::array<std::string_view, 5> kWide = {
      "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0", "\xE2\x88\x92"};
  if (cell.empty()) return false;
  if (cell.front() == '\t' || cell.front() == '\r' || cell.front() == '\n') return true;
  const std::size_t first = cell.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  cell.remove_prefix(first);
  return std::string_view("=+-@").find(cell.front()) != std::string_view::npos ||
         std::any_of(kWide.begin(), kWide.end(),
                     [cell](std::string_view sign) { return cell.starts_with(sign); });
}

}  // namespace

std::string_view CsvPreamble(const CsvDialect& dialect) {
  return dialect.byte_order_mark ? "\xEF\xBB\xBF" : "";
}

void AppendCsvRow(std::string& out, const std::vector<std::string>& cells,
                  const CsvDialect& dialect) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out.push_back(dialect.separator);
    AppendCsvField(out, dialect.for_spreadsheets ? NeutralisedCell(cells[i]) : cells[i],
                   dialect.separator);
  }
  out.append("\r\n");
}

void AppendCsvField(std::string& out, std::string_view field, char separator) {
  const bool plain = std::none_of(field.begin(), field.end(), [separator](char c) {
    return c == separator || c == '"' || c == '\n' || c == '\r';
  });
  if (plain) {
    out.append(field);
    return;
  }
  out.push_back('"');
  for (const char c : field) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

std::string NeutralisedCell(std::string_view cell) {
  if (!BeginsFormula(cell) || IsNumber(cell)) return std::string(cell);
  return std::string(1, '\'').append(cell);
}

}  // namespace motcua::wire
