#include "services/cli/table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "services/base/check.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kCellWidthMin = 3;
constexpr std::size_t kFlexibleWidthMin = 8;

void TrimRight(std::string& line) {
  const std::size_t end = line.find_last_not_of(' ');
  line.resize(end == std::string::npos ? 0 : end + 1);
}

}  // namespace

void Table::AddColumn(std::string heading, Align align, Width width) {
  MOTCUA_CHECK(rows_.empty(), "a column after the first row");
  columns_.push_back({std::move(heading), align, width});
}

void Table::AddRow(std::vector<std::string> cells) {
  MOTCUA_CHECK(cells.size() == columns_.size(), "a row needs a cell for each column");
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::Widths(std::size_t width) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t needed = std::max(DisplayWidth(columns_[i].heading), std::size_t{1});
    for (const auto& row : rows_) needed = std::max(needed, DisplayWidth(row[i]));
    widths.push_back(needed);
  }
  const std::size_t gaps = columns_.empty() ? 0 : kGap * (columns_.size() - 1);
  auto total = std::accumulate(widths.begin(), widths.end(), gaps);
  for (const auto& [firmness, width_min] :
       {std::pair{Width::kFlexible, kFlexibleWidthMin}, std::pair{Width::kFirm, kCellWidthMin},
        std::pair{Width::kFlexible, kCellWidthMin}}) {
    while (total > width) {
      std::size_t* widest = nullptr;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const bool may = columns_[i].width == firmness && widths[i] > width_min;
        if (may && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
      }
      if (widest == nullptr) break;
      --*widest;
      --total;
    }
  }
  return widths;
}

std::string Table::Render(std::size_t width) const {
  const std::vector<std::size_t> widths = Widths(width);
  std::string out;
  const auto add_line = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line.append(kGap, ' ');
      line += cell_of(i);
    }
    TrimRight(line);
    out += line + "\n";
  };
  const auto place = [&](std::size_t i, const std::string& text) {
    return columns_[i].align == Align::kLeft ? PadRight(text, widths[i]) : PadLeft(text, widths[i]);
  };
  add_line([&](std::size_t i) { return place(i, columns_[i].heading); });
  add_line([&](std::size_t i) {
    std::string rule;
    for (std::size_t n = 0; n < widths[i]; ++n) rule += "─";
    return rule;
  });
  for (const auto& row : rows_) {
    add_line([&](std::size_t i) { return place(i, row[i]); });
  }
  return out;
}

}  // namespace motcua::cli
