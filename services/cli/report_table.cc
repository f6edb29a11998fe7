#include "services/cli/report_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "services/cli/fields.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

using reporting::v1::GetStatusReportResponse;
using reporting::v1::StatusRow;
using Json = nlohmann::ordered_json;

constexpr std::size_t kOrdinalWidth = 3;
constexpr std::size_t kNumberWidthMin = 4;
constexpr std::size_t kNameWidthMin = 10;
constexpr std::size_t kNameWidthMax = 40;
constexpr std::size_t kRateWidth = 7;
constexpr std::string_view kBar = " │";

// A column of numbers: its heading, a shorter one, its number in the form, and what it shows.
struct NumberColumn {
  std::string_view heading;
  std::string_view short_heading;
  std::string_view number;
  std::int64_t (*value)(const StatusRow&);
};
struct Group {
  std::string_view title;
  std::string_view short_title;
  std::vector<NumberColumn> columns;
};

const std::vector<Group>& Groups() {
  static const std::vector<Group> kGroups = {
      {"Tiếp nhận",
       "Tiếp nhận",
       {{"Tổng", "Tổng", "(3)", [](const StatusRow& r) { return r.received().total(); }},
        {"T.tuyến", "Mạng", "(4)", [](const StatusRow& r) { return r.received().online(); }},
        {"T.tiếp", "Quầy", "(5)",
         [](const StatusRow& r) { return r.received().direct() + r.received().postal(); }},
        {"Kỳ trước", "KTr", "(6)",
         [](const StatusRow& r) { return r.received().carried_over(); }}}},
      {"Đã giải quyết",
       "Đã giải quyết",
       {{"Tổng", "Tổng", "(7)", [](const StatusRow& r) { return r.resolved().total(); }},
        {"Trước", "Sớm", "(8)", [](const StatusRow& r) { return r.resolved().early(); }},
        {"Đúng", "Đúng", "(9)", [](const StatusRow& r) { return r.resolved().on_time(); }},
        {"Quá", "Quá", "(10)", [](const StatusRow& r) { return r.resolved().late(); }},
        {"Rút", "Rút", "", [](const StatusRow& r) { return r.resolved().withdrawn(); }}}},
      {"Đang giải quyết",
       "Đang GQ",
       {{"Tổng", "Tổng", "(11)", [](const StatusRow& r) { return r.open().total(); }},
        {"Trong", "Tr.", "(12)",
         [](const StatusRow& r) { return r.open().in_term() + r.open().paused(); }},
        {"Quá", "Quá", "(13)", [](const StatusRow& r) { return r.open().late(); }}}}};
  return kGroups;
}

// Without the withdrawn, which are neither on time nor late.
std::string OnTimeRate(const StatusRow& row) {
  const std::int64_t kept = row.resolved().early() + row.resolved().on_time();
  const std::int64_t judged = kept + row.resolved().late();
  return FormatShare(kept, judged);
}

// Widths for some of the groups side by side, with the on-time rate behind them.
class Layout {
 public:
  // `compact`: short headings, no separators of thousands.
  Layout(const GetStatusReportResponse& report, std::vector<Group> groups, bool compact,
         std::size_t width)
      : groups_(std::move(groups)), compact_(compact) {
    fixed_ = kOrdinalWidth + 1 + (groups_.size() + 1) * DisplayWidth(kBar) + 1 + kRateWidth;
    for (const Group& group : groups_) {
      for (const NumberColumn& column : group.columns) {
        std::size_t needed = std::max(kNumberWidthMin, DisplayWidth(HeadingOf(column)));
        needed = std::max(needed, DisplayWidth(Number(column.value(report.total()))));
        widths_.push_back(needed);
        fixed_ += needed + 1;
      }
    }
    std::size_t longest = kNameWidthMin;
    for (const StatusRow& row : report.rows()) {
      longest = std::max(longest, DisplayWidth(NameOf(row)));
    }
    const std::size_t room = width > fixed_ + kNameWidthMin ? width - fixed_ : kNameWidthMin;
    name_width_ = std::min({longest, room, kNameWidthMax});
  }

  bool Fits(std::size_t width) const { return fixed_ + kNameWidthMin <= width; }

  std::string Render(const GetStatusReportResponse& report, std::string_view subject) const {
    std::string out = Titles();
    out += Line("TT", subject, "(8+9)/…",
                [this](const NumberColumn& c) { return std::string(HeadingOf(c)); });
    out += Line("(1)", "(2)", "", [](const NumberColumn& c) { return std::string(c.number); });
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
    return line.append(kBar).append(" ").append(PadLeft("Tỷ lệ", kRateWidth)) + "\n";
  }

  template <typename CellOf>
  std::string Line(std::string_view ordinal, std::string_view name, std::string_view rate,
                   CellOf cell_of) const {
    std::string line = PadLeft(ordinal, kOrdinalWidth) + " " + PadRight(name, name_width_);
    std::size_t at = 0;
    for (const Group& group : groups_) {
      line += kBar;
      for (const NumberColumn& column : group.columns) {
        line.append(1, ' ').append(PadLeft(cell_of(column), widths_[at++]));
      }
    }
    return line.append(kBar).append(" ").append(PadLeft(rate, kRateWidth)) + "\n";
  }
  std::string RowLine(std::string_view ordinal, std::string_view name, const StatusRow& row) const {
    return Line(ordinal, name, OnTimeRate(row),
                [&](const NumberColumn& c) { return Number(c.value(row)); });
  }

  std::string Rule() const {
    std::string rule;
    for (std::size_t i = 0; i < fixed_ + name_width_; ++i) rule += "─";
    return rule + "\n";
  }

  const std::vector<Group> groups_;
  const bool compact_;
  std::size_t fixed_ = 0;            // columns of a line beside the name
  std::vector<std::size_t> widths_;  // of the numbers, group behind group
  std::size_t name_width_ = kNameWidthMin;
};

// The groups side by side where there is room, else one below the other.
std::string RenderGroups(const GetStatusReportResponse& report, std::string_view subject,
                         std::size_t width) {
  for (const bool compact : {false, true}) {
    const Layout layout(report, Groups(), compact, width);
    if (layout.Fits(width)) return layout.Render(report, subject);
  }
  std::string out;
  for (const Group& group : Groups()) {
    if (!out.empty()) out += "\n";
    out += Layout(report, {group}, false, width).Render(report, subject);
  }
  return out;
}

std::string Footer(const GetStatusReportResponse& report, bool by_instant) {
  std::string footer =
      "Tỷ lệ đúng hạn = (8+9)/(8+9+10): trên số đã giải quyết, không kể hồ sơ rút; so theo ";
  footer += by_instant ? "thời điểm" : "ngày";
  footer += ".\nCột 4: trực tuyến; cột 5: trực tiếp và bưu chính; cột 6: từ kỳ trước; ";
  footer += "cột 12 gồm cả tạm dừng (" + FormatCount(report.total().open().paused()) + ").\n";
  const StatusRow& total = report.total();
  footer += "Quá hạn gồm cả hồ sơ yêu cầu bổ sung / tạm dừng sau khi đã quá hạn: cột 10 có " +
            FormatCount(total.resolved().stopped_after_term()) + ", cột 13 có " +
            FormatCount(total.open().stopped_after_term()) +
            ".\nYêu cầu bổ sung từ hai lần trở lên: " + FormatCount(total.supplement_repeated()) +
            " hồ sơ.\n";
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

Json CountsJson(const StatusRow& row) {
  Json json;
  json["received"] = {{"carried_over", row.received().carried_over()},
                      {"direct", row.received().direct()},
                      {"online", row.received().online()},
                      {"postal", row.received().postal()},
                      {"total", row.received().total()}};
  json["resolved"] = {{"early", row.resolved().early()},
                      {"on_time", row.resolved().on_time()},
                      {"late", row.resolved().late()},
                      {"withdrawn", row.resolved().withdrawn()},
                      {"total", row.resolved().total()},
                      {"stopped_after_term", row.resolved().stopped_after_term()}};
  json["open"] = {{"in_term", row.open().in_term()},
                  {"late", row.open().late()},
                  {"paused", row.open().paused()},
                  {"total", row.open().total()},
                  {"stopped_after_term", row.open().stopped_after_term()}};
  json["supplement_repeated"] = row.supplement_repeated();
  return json;
}

Json RowJson(const StatusRow& row) {
  Json json;
  json["key"] = row.key();
  json["name"] = row.name();
  json.update(CountsJson(row));
  return json;
}

}  // namespace

std::string RenderStatusTable(const GetStatusReportResponse& report, const StatusTableTexts& texts,
                              std::size_t width) {
  std::string out = "Biểu II.06a/VPCP/KSTT: tình hình, kết quả giải quyết thủ tục hành chính\n";
  out += "Kỳ báo cáo " + texts.period + "; " + texts.as_of + ". Đơn vị tính: hồ sơ.\n\n";
  out += RenderGroups(report, texts.subject, width) + "\n";
  return out + Footer(report, texts.by_instant);
}

Json StatusJson(const GetStatusReportResponse& report) {
  Json json;
  json["rows"] = Json::array();
  for (const StatusRow& row : report.rows()) json["rows"].push_back(RowJson(row));
  json["total"] = RowJson(report.total());
  json["position"] = ToJson(report.position());
  return json;
}

void CountWithdrawnOnTime(GetStatusReportResponse& report) {
  const auto move = [](StatusRow& row) {
    auto& resolved = *row.mutable_resolved();
    resolved.set_on_time(resolved.on_time() + resolved.withdrawn());
    resolved.set_withdrawn(0);
  };
  for (StatusRow& row : *report.mutable_rows()) move(row);
  move(*report.mutable_total());
}

bool RowReconciles(const StatusRow& row) {
  const auto& received = row.received();
  const auto& resolved = row.resolved();
  const auto& open = row.open();
  return received.total() ==
             received.carried_over() + received.direct() + received.online() + received.postal() &&
         resolved.total() ==
             resolved.early() + resolved.on_time() + resolved.late() + resolved.withdrawn() &&
         open.total() == open.in_term() + open.late() + open.paused() &&
         received.total() == resolved.total() + open.total();
}

}  // namespace motcua::cli
