#include "services/cli/report_table.h"

#include <algorithm>
#include <utility>

#include "services/cli/fields.h"
#include "services/cli/text_width.h"
#include "services/domain/reporting/status_report.h"

namespace motcua::cli {
namespace {

using reporting::Column;
using reporting::ColumnRow;
using reporting::GroupRow;
using reporting::RateDefinition;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::StatusRow;

constexpr std::size_t kOrdinalWidth = 3;
constexpr std::size_t kNumberWidthMin = 4;
constexpr std::size_t kNumberWidthMinCompact = 3;
constexpr std::size_t kNameWidthMin = 8;
constexpr std::size_t kNameWidthMax = 40;
constexpr std::size_t kRateWidth = 7;
constexpr std::string_view kBar = " │";
constexpr std::string_view kRatesField = "rates";

// Of the rates the one that is shown in the table, the form's.
constexpr RateDefinition kRateOfTable = RateDefinition::kOfResolved;

// The number at `path`: "resolved.late".
std::int64_t CountAt(const Message& message, std::string_view path) {
  const std::size_t dot = path.find('.');
  const FieldDescriptor& field = FieldAt(*message.GetDescriptor(), path.substr(0, dot));
  const auto& reflection = *message.GetReflection();
  if (dot == std::string_view::npos) return reflection.GetInt64(message, &field);
  return CountAt(reflection.GetMessage(message, &field), path.substr(dot + 1));
}

// An older service tells none: then it is 0 of 0.
reporting::v1::Rate RateOf(const StatusRow& row, RateDefinition definition) {
  for (const reporting::v1::Rate& rate : row.rates()) {
    if (static_cast<int>(rate.definition()) == static_cast<int>(definition)) return rate;
  }
  return {};
}

std::string LabelOf(Column column) {
  return Label(*reporting::v1::Column_descriptor()->FindValueByNumber(static_cast<int>(column)));
}
const EnumValueDescriptor& NamedIn(RateDefinition definition) {
  return *reporting::v1::RateDefinition_descriptor()->FindValueByNumber(
      static_cast<int>(definition));
}

// A column of numbers: its headings, its number in the form, and the columns of the report whose
// sum it shows; a total shows its own field.
struct NumberColumn {
  std::string_view heading;
  std::string_view short_heading;
  std::string_view number;
  std::string_view total;  // empty: the sum of `parts`
  std::vector<const ColumnRow*> parts;

  std::int64_t Value(const StatusRow& row) const {
    if (!total.empty()) return CountAt(row, total);
    std::int64_t sum = 0;
    for (const ColumnRow* part : parts) sum += CountAt(row, part->field);
    return sum;
  }
};
struct Group {
  std::string_view title;
  std::string_view short_title;
  std::vector<NumberColumn> columns;
};

Group MakeGroup(const GroupRow& row) {
  Group group{row.heading, row.short_heading, {{"Tổng", "Tổng", row.number, row.total, {}}}};
  for (const ColumnRow& column : reporting::kColumnTable) {
    if (column.group != row.group) continue;
    NumberColumn& last = group.columns.back();
    if (!column.number.empty() && last.number == column.number) {
      last.parts.push_back(&column);
    } else {
      group.columns.push_back({column.heading, column.short_heading, column.number, "", {&column}});
    }
  }
  return group;
}

const std::vector<Group>& Groups() {
  static const std::vector<Group> kGroups = [] {
    std::vector<Group> groups;
    for (const GroupRow& row : reporting::kGroupTable) groups.push_back(MakeGroup(row));
    return groups;
  }();
  return kGroups;
}

// Widths for some of the groups side by side, with the on-time rate after them.
class Layout {
 public:
  // `compact`: short headings, no separators of thousands.
  Layout(const GetStatusReportResponse& report, std::vector<Group> groups, bool compact,
         std::size_t width)
      : groups_(std::move(groups)), compact_(compact) {
    whole_width_ = std::max(kNumberWidthMin,
                            DisplayWidth(Number(RateOf(report.total(), kRateOfTable).whole())));
    fixed_ = kOrdinalWidth + 1 + (groups_.size() + 1) * DisplayWidth(kBar) + 1 + kRateWidth + 1 +
             whole_width_;
    for (const Group& group : groups_) {
      for (const NumberColumn& column : group.columns) {
        std::size_t needed = compact ? kNumberWidthMinCompact : kNumberWidthMin;
        needed = std::max({needed, DisplayWidth(HeadingOf(column)), DisplayWidth(column.number)});
        needed = std::max(needed, DisplayWidth(Number(column.Value(report.total()))));
        widths_.push_back(needed);
        fixed_ += needed + 1;
      }
    }
    for (const StatusRow& row : report.rows()) {
      longest_ = std::max(longest_, DisplayWidth(NameOf(row)));
    }
    const std::size_t room = width > fixed_ + kNameWidthMin ? width - fixed_ : kNameWidthMin;
    name_width_ = std::min({longest_, room, kNameWidthMax});
  }

  bool Fits(std::size_t width) const { return fixed_ + kNameWidthMin <= width; }
  // Whether no name is cut that may have its whole width.
  bool ShowsNames() const { return name_width_ >= std::min(longest_, kNameWidthMax); }

  std::string Render(const GetStatusReportResponse& report, std::string_view subject) const {
    std::string out = Titles();
    out += Line("TT", subject, {"Tỷ lệ", "Trên"},
                [this](const NumberColumn& c) { return std::string(HeadingOf(c)); });
    out +=
        Line("(1)", "(2)", {"", ""}, [](const NumberColumn& c) { return std::string(c.number); });
    out += Rule();
    std::size_t ordinal = 0;
    for (const StatusRow& row : report.rows()) {
      out += RowLine(std::to_string(++ordinal), NameOf(row), row);
    }
    return out + Rule() + RowLine("", "Tổng cộng", report.total());
  }

 private:
  static std::string NameOf(const StatusRow& row) {
    return row.name().empty() ? row.key() : row.name();
  }
  std::string_view HeadingOf(const NumberColumn& column) const {
    return compact_ ? column.short_heading : column.heading;
  }
  std::string Number(std::int64_t value) const {
    return compact_ ? std::to_string(value) : FormatCount(value);
  }

  std::string Titles() const {
    std::string line(kOrdinalWidth + 1 + name_width_, ' ');
    std::size_t at = 0;
    for (const Group& group : groups_) {
      std::size_t width = group.columns.size() - 1;
      for (std::size_t i = 0; i < group.columns.size(); ++i) width += widths_[at++];
      line.append(kBar).append(" ").append(
          Center(compact_ ? group.short_title : group.title, width));
    }
    return line.append(kBar).append(" ").append(
               PadLeft("Đúng hạn", kRateWidth + 1 + whole_width_)) +
           "\n";
  }

  // The rate as a share, and what of.
  using RateCells = std::pair<std::string, std::string>;

  template <typename CellOf>
  std::string Line(std::string_view ordinal, std::string_view name, const RateCells& rate,
                   CellOf cell_of) const {
    std::string line = PadLeft(ordinal, kOrdinalWidth) + " " + PadRight(name, name_width_);
    std::size_t at = 0;
    for (const Group& group : groups_) {
      line += kBar;
      for (const NumberColumn& column : group.columns) {
        line.append(1, ' ').append(PadLeft(cell_of(column), widths_[at++]));
      }
    }
    line.append(kBar).append(" ").append(PadLeft(rate.first, kRateWidth));
    return line.append(" ").append(PadLeft(rate.second, whole_width_)) + "\n";
  }
  std::string RowLine(std::string_view ordinal, std::string_view name, const StatusRow& row) const {
    const reporting::v1::Rate rate = RateOf(row, kRateOfTable);
    return Line(ordinal, name, {FormatShare(rate.part(), rate.whole()), Number(rate.whole())},
                [&](const NumberColumn& c) { return Number(c.Value(row)); });
  }

  std::string Rule() const {
    std::string rule;
    for (std::size_t i = 0; i < fixed_ + name_width_; ++i) rule += "─";
    return rule + "\n";
  }

  const std::vector<Group> groups_;
  const bool compact_;
  std::size_t fixed_ = 0;                // columns of a line beside the name
  std::vector<std::size_t> widths_;      // of the numbers, group after group
  std::size_t whole_width_ = 0;          // of the rate's denominator
  std::size_t longest_ = kNameWidthMin;  // of the names
  std::size_t name_width_ = kNameWidthMin;
};

// The groups side by side where there is room, else one below the other. Short headings leave more
// room for names, which people must tell apart.
std::string RenderGroups(const GetStatusReportResponse& report, std::string_view subject,
                         std::size_t width) {
  for (const bool compact : {false, true}) {
    const Layout layout(report, Groups(), compact, width);
    if (layout.Fits(width) && (compact || layout.ShowsNames())) {
      return layout.Render(report, subject);
    }
  }
  std::string out;
  for (const Group& group : Groups()) {
    if (!out.empty()) out += "\n";
    out += Layout(report, {group}, false, width).Render(report, subject);
  }
  return out;
}

// Each rate with its definition and what it is a part of.
std::string RateLines(const StatusRow& total, const StatusTableTexts& texts) {
  std::string text = "Tỷ lệ đúng hạn, so theo ";
  text += texts.by_instant ? "thời điểm" : "ngày";
  text += texts.merge_withdrawn ? "; hồ sơ rút tính là đúng hạn:\n" : "; không kể hồ sơ rút:\n";
  for (const reporting::RateRow& row : reporting::RateTable()) {
    const reporting::v1::Rate rate = RateOf(total, row.definition);
    text += "  " + Label(NamedIn(row.definition)) + ", " + std::string(row.formula) + ": " +
            FormatShare(rate.part(), rate.whole()) + " (" + FormatCount(rate.part()) + " / " +
            FormatCount(rate.whole()) + ")\n";
  }
  return text;
}

// What the columns are, and of which parts a number is the sum.
std::string Legend(const StatusRow& total) {
  std::string text;
  for (const Group& group : Groups()) {
    for (const NumberColumn& column : group.columns) {
      if (column.number.empty() || column.parts.empty()) continue;
      text += text.empty() ? "Cột " : "; ";
      text += column.number;
      for (const ColumnRow* part : column.parts) {
        text += (part == column.parts.front() ? " " : " + ") + LabelOf(part->column);
        if (column.parts.size() > 1) text += " " + FormatCount(CountAt(total, part->field));
      }
    }
  }
  return text + ".\n";
}

// The figures of their own.
std::string OwnLines(const StatusRow& total) {
  std::string text;
  for (const ColumnRow& column : reporting::kColumnTable) {
    if (column.group != reporting::Group::kOwn) continue;
    text += "  " + LabelOf(column.column) + ": " + FormatCount(CountAt(total, column.field)) + "\n";
  }
  return text.empty() ? text : "Trong đó:\n" + text;
}

std::string Footer(const GetStatusReportResponse& report, const StatusTableTexts& texts) {
  const StatusRow& total = report.total();
  std::string footer = RateLines(total, texts) + Legend(total) + OwnLines(total);
  std::vector<std::string> broken;
  for (const StatusRow& row : report.rows()) {
    if (!RowReconciles(row)) broken.push_back(row.key());
  }
  if (!RowReconciles(report.total())) broken.emplace_back("Tổng cộng");
  const std::string sums = FormatCount(total.received().total()) + " = " +
                           FormatCount(total.resolved().total()) + " + " +
                           FormatCount(total.open().total());
  if (broken.empty()) return footer + "3 = 7 + 11: đúng ở mọi dòng (" + sums + ").\n";
  footer += "3 = 7 + 11: SAI ở " + std::to_string(broken.size()) + " dòng:";
  for (const std::string& key : broken) footer += " " + key;
  return footer + ".\n";
}

// Where the rates are among the columns of a row's own fields.
std::ptrdiff_t RatesColumn() {
  const std::vector<std::string> columns = CsvColumns(*StatusRow::descriptor());
  return std::find(columns.begin(), columns.end(), kRatesField) - columns.begin();
}

}  // namespace

std::string RenderStatusTable(const GetStatusReportResponse& report, const StatusTableTexts& texts,
                              std::size_t width) {
  std::string out = "Biểu II.06a/VPCP/KSTT: tình hình, kết quả giải quyết thủ tục hành chính\n";
  out += "Kỳ báo cáo " + texts.period + "; " + texts.as_of + ". Đơn vị tính: hồ sơ.\n\n";
  out += RenderGroups(report, texts.subject, width) + "\n";
  return out + Footer(report, texts);
}

std::vector<std::string> StatusCsvColumns() {
  std::vector<std::string> columns = CsvColumns(*StatusRow::descriptor());
  columns.erase(columns.begin() + RatesColumn());
  for (const reporting::RateRow& rate : reporting::RateTable()) {
    const std::string name = std::string(kRatesField) + "." + ShortName(NamedIn(rate.definition));
    columns.push_back(name + ".part");
    columns.push_back(name + ".whole");
  }
  return columns;
}

std::vector<std::string> StatusCsvCells(const StatusRow& row) {
  std::vector<std::string> cells = CsvCells(row);
  cells.erase(cells.begin() + RatesColumn());
  for (const reporting::RateRow& definition : reporting::RateTable()) {
    const reporting::v1::Rate rate = RateOf(row, definition.definition);
    cells.push_back(std::to_string(rate.part()));
    cells.push_back(std::to_string(rate.whole()));
  }
  return cells;
}

bool RowReconciles(const StatusRow& row) {
  for (const GroupRow& group : reporting::kGroupTable) {
    std::int64_t sum = 0;
    for (const ColumnRow& column : reporting::kColumnTable) {
      if (column.group == group.group) sum += CountAt(row, column.field);
    }
    if (sum != CountAt(row, group.total)) return false;
  }
  return row.received().total() == row.resolved().total() + row.open().total();
}

}  // namespace motcua::cli
