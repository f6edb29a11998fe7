// The report as a page: prints on A4, needs no script and nothing from elsewhere.
#include "services/cli/fields.h"
#include "services/cli/text_width.h"
#include "services/halong/charts.h"
#include "services/halong/figures.h"
#include "services/halong/svg.h"

namespace motcua::halong {
namespace {

using cli::FormatCount;
using cli::FormatShare;
using reporting::v1::LatenessRow;
using reporting::v1::StatusRow;

constexpr std::string_view kStyle = R"css(
@page { size: A4; margin: 14mm 14mm 16mm; }
* { box-sizing: border-box; }
html { color: #15202E; background: #FFFFFF; font: 15px/1.35 "Source Sans 3", "Source Sans Pro",
  system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; }
body { max-width: 760px; margin: 0 auto; padding: 24px 20px; }
h1 { font-size: 22px; line-height: 30px; margin: 0 0 4px; }
h2 { font-size: 17px; line-height: 24px; margin: 0 0 8px; break-after: avoid; }
.period, .note, footer { color: #46505F; font-size: 13px; line-height: 18px; }
.note { margin: 6px 0 0; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; margin: 16px 0; }
.tiles div { border: 1px solid #D3D8E0; border-radius: 6px; padding: 8px 12px; }
.tiles b { display: block; font-size: 24px; line-height: 32px; }
.tiles span { color: #46505F; font-size: 13px; line-height: 18px; display: block; }
ul { padding-left: 20px; margin: 8px 0 20px; }
li { margin: 3px 0; }
section { margin: 24px 0 0; break-inside: avoid; }
section.long { break-inside: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 18px; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { text-align: left; font-weight: 600; color: #46505F; border-bottom: 1px solid #737C8A;
  padding: 4px 8px 4px 0; vertical-align: bottom; }
td { border-bottom: 1px solid #D3D8E0; padding: 4px 8px 4px 0; vertical-align: top; }
th.n, td.n { text-align: right; white-space: nowrap; }
td.of { color: #46505F; }
td.eq { color: #0B6A4B; font-weight: 600; white-space: nowrap; }
td.slip { color: #8A4B00; font-weight: 600; white-space: nowrap; }
td.no { color: #FFFFFF; background: #A8201A; font-weight: 600; white-space: nowrap; }
tr.sum td { font-weight: 600; border-top: 1px solid #737C8A; }
details { margin: 8px 0 0; font-size: 13px; }
summary { color: #0A58A8; cursor: pointer; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 13px; fill: #15202E; }
svg .axis, svg .small { font-size: 12px; fill: #46505F; }
svg .small { paint-order: stroke; stroke: #FFFFFF; stroke-width: 3px; stroke-linejoin: round; }
svg .tilename { font-size: 14px; font-weight: 600; }
svg .tiletext { font-size: 14.5px; fill: #46505F; }
.grid { stroke: #D3D8E0; }
.tick { stroke: #15202E; stroke-width: 2; }
.target { stroke: #46505F; stroke-dasharray: 2 4; stroke-width: 1.5; }
.early { fill: #4C9A7E; } .ontime { fill: #0B6A4B; } .late { fill: url(#late); }
.series { fill: #3B6EA5; } .past { fill: #8A94A3; } .paused { fill: url(#paused); }
.track { fill: #ECEEF2; }
polyline.series { fill: none; stroke: #3B6EA5; stroke-width: 2.5; stroke-linejoin: round; }
polyline.past { fill: none; stroke: #737C8A; stroke-width: 2.5; stroke-linejoin: round; }
.tile { fill: none; stroke: #D3D8E0; } .tile.worst { stroke: #15202E; stroke-width: 2.5; }
footer { margin-top: 28px; border-top: 1px solid #D3D8E0; padding-top: 8px; }
@media print { body { padding: 0; max-width: none; } details { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

// Fills that a grey print still tells apart: late is hatched, paused barred.
constexpr std::string_view kPatterns =
    "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>\n"
    "<pattern id=\"late\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#A8201A\"/>"
    "<rect width=\"1.4\" height=\"6\" fill=\"#F2B8B1\"/></pattern>\n"
    "<pattern id=\"paused\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
    "<rect width=\"6\" height=\"6\" fill=\"#57489B\"/>"
    "<rect width=\"1.4\" height=\"6\" fill=\"#BDB0F5\"/></pattern>\n</defs></svg>\n";

std::string Tag(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + Escape(text) + "</" + std::string(name) + ">\n";
}

// Cells of which all but the first are numbers.
class HtmlTable {
 public:
  explicit HtmlTable(const std::vector<std::string>& headings) {
    out_ = "<table><thead><tr>";
    for (std::size_t i = 0; i < headings.size(); ++i) {
      out_ += (i == 0 ? "<th>" : "<th class=\"n\">") + Escape(headings[i]) + "</th>";
    }
    out_ += "</tr></thead><tbody>\n";
  }
  void Add(const std::vector<std::string>& cells, bool sum = false) {
    out_ += sum ? "<tr class=\"sum\">" : "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out_ += (i == 0 ? "<td>" : "<td class=\"n\">") + Escape(cells[i]) + "</td>";
    }
    out_ += "</tr>\n";
  }
  std::string Take() && { return std::move(out_) + "</tbody></table>\n"; }

 private:
  std::string out_;
};

std::string Section(const Chart& chart, const std::string& table = "") {
  std::string out = "<section>\n" + Tag("h2", chart.sentence) + chart.svg;
  if (!chart.note.empty()) out += "<p class=\"note\">" + Escape(chart.note) + "</p>\n";
  if (!table.empty()) out += "<details><summary>Xem bảng</summary>\n" + table + "</details>\n";
  return out + "</section>\n";
}

std::vector<std::string> StatusCells(std::string name, const StatusRow& row) {
  const reporting::v1::Rate rate = OnTime(row);
  return {std::move(name),
          FormatCount(ReceivedInPeriod(row)),
          FormatCount(row.received().carried_over()),
          FormatCount(row.resolved().early()),
          FormatCount(row.resolved().on_time()),
          FormatCount(row.resolved().late()),
          FormatCount(row.open().total()),
          FormatShare(rate.part(), rate.whole()),
          FormatCount(rate.whole())};
}
std::vector<std::string> StatusHeadings(std::string first) {
  return {std::move(first), "Tiếp nhận", "Kỳ trước",   "Trước hạn", "Đúng hạn",
          "Quá hạn",        "Đang GQ",   "Tỷ lệ đúng", "Trên"};
}

std::string StatusTable(std::string first, const reporting::v1::GetStatusReportResponse& report) {
  HtmlTable table(StatusHeadings(std::move(first)));
  for (const StatusRow& row : report.rows()) {
    table.Add(StatusCells(row.name().empty() ? row.key() : row.name(), row));
  }
  table.Add(StatusCells("Tổng số", report.total()), true);
  return std::move(table).Take();
}

std::string MonthTable(const Answers& answers) {
  HtmlTable table(StatusHeadings("Tháng"));
  for (const Month& month : answers.months) {
    table.Add(StatusCells(DayText(month.from).substr(3), month.by_level.total()));
  }
  table.Add(StatusCells("Cả kỳ", answers.by_level.total()), true);
  return std::move(table).Take();
}

// "1.234,5": days by the calendar.
std::string DaysText(std::int64_t micros) {
  constexpr std::int64_t kMicrosPerTenth = std::int64_t{86'400'000'000} / 10;
  const std::int64_t tenths = (micros + kMicrosPerTenth / 2) / kMicrosPerTenth;
  return FormatCount(tenths / 10) + "," + std::to_string(tenths % 10);
}

std::string LatenessTable(const Answers& answers) {
  HtmlTable table({"Ở đâu", "Hết hạn tại đây", "Số ngày", "Phần đã quá hạn"});
  for (const LatenessRow& row : answers.lateness.rows()) {
    const auto* part = reporting::v1::TimePart_descriptor()->FindValueByNumber(row.part());
    std::string text = part == nullptr ? "" : cli::Label(*part);
    if (row.leg() != 0) text += " " + std::to_string(row.leg());
    if (!row.name().empty()) text += ", " + row.name();
    table.Add({text, FormatCount(row.dossiers()), DaysText(row.time_micros()),
               DaysText(row.overdue_micros())});
  }
  table.Add({"Tổng số", FormatCount(answers.lateness.dossiers()),
             DaysText(answers.lateness.time_micros()), DaysText(answers.lateness.overdue_micros())},
            true);
  return std::move(table).Take();
}

std::string FigureTable(const std::vector<Figure>& figures) {
  std::string out =
      "<table><thead><tr><th>Chỉ tiêu</th><th class=\"n\">Bản in</th><th class=\"n\">Tính lại</th>"
      "<th class=\"n\">Mẫu số</th><th></th><th>So với bản in</th></tr></thead><tbody>\n";
  for (const Figure& figure : figures) {
    std::string type = figure.slip.empty() ? "eq" : "slip";
    if (!figure.equal && figure.slip != kMisprint) type = "no";
    out += "<tr><td>" + Escape(figure.label) + "</td><td class=\"n\">" +
           Escape(Shown(figure.printed, figure.decimals)) + "</td><td class=\"n\">" +
           Escape(Shown(figure.computed(), figure.decimals)) + "</td><td class=\"n\">" +
           (figure.whole ? FormatCount(*figure.whole) : std::string("–")) +
           "</td><td class=\"of\">" + Escape(figure.whole_label) + "</td><td class=\"" + type +
           "\">" + Escape(Mark(figure)) + "</td></tr>\n";
  }
  out += "</tbody></table>\n";
  for (const Figure& figure : figures) {
    if (!figure.slip.empty()) out += "<p class=\"note\">" + Escape(figure.note) + "</p>\n";
  }
  return out;
}

std::string Tile(std::string_view figure, std::string_view text) {
  return "<div><b>" + Escape(figure) + "</b><span>" + Escape(text) + "</span></div>\n";
}

std::string Tiles(const Answers& answers) {
  const StatusRow& all = answers.by_level.total();
  const StatusRow& city = RowOf(answers.by_level, "city");
  const auto rate = [](const StatusRow& row) {
    const reporting::v1::Rate of = OnTime(row);
    return std::pair(FormatShare(of.part(), of.whole()),
                     FormatCount(of.part()) + " / " + FormatCount(of.whole()) + " đã giải quyết");
  };
  return "<div class=\"tiles\">\n" +
         Tile(FormatCount(ReceivedInPeriod(all)), "hồ sơ tiếp nhận trong kỳ") +
         Tile(rate(all).first, "trước và đúng hạn, chung: " + rate(all).second) +
         Tile(rate(city).first, "trước và đúng hạn, thành phố: " + rate(city).second) +
         Tile(FormatCount(city.open().total()), "hồ sơ của thành phố đang giải quyết, trong đó " +
                                                    FormatCount(city.open().late()) + " quá hạn") +
         "</div>\n";
}

}  // namespace

std::string RenderHtml(const Printed& printed, const Answers& answers,
                       const std::vector<Figure>& figures) {
  const std::string period = DayText(printed.from) + " – " + DayText(printed.to);
  std::string out =
      "<!doctype html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>Hạ Long 2020: tiếp nhận và giải quyết hồ sơ</title>\n<style>" +
      std::string(kStyle) + "</style>\n</head>\n<body>\n" + std::string(kPatterns);
  out += Tag("h1", "Thành phố Hạ Long: tiếp nhận và giải quyết hồ sơ một cửa");
  out += "<p class=\"period\">Kỳ " + period +
         ". Số liệu mô phỏng, tính lại từ sổ sự kiện, đặt cạnh số đã in.</p>\n" + Tiles(answers);
  out += "<ul>\n";
  for (const std::string& sentence : Sentences(answers)) out += Tag("li", sentence);
  out += "</ul>\n<section class=\"long\">\n" + Tag("h2", "Số đã in và số tính lại") +
         FigureTable(figures) + "</section>\n";
  const int target = printed.chart_target_percent;
  out += Section(ReceivedAndResolved(answers), MonthTable(answers));
  out += Section(RateByMonth(answers, target));
  out += Section(UnitsByMonth(answers, target), StatusTable("Đơn vị", answers.by_unit));
  out += Section(VerdictsByField(answers), StatusTable("Lĩnh vực", answers.by_field));
  out += Section(WhereLateGotLate(answers), LatenessTable(answers));
  out += Section(TimeOfTheLate(answers));
  out += Section(OnlineAndPost(answers));
  out += "<footer>Bản in: " + Escape(printed.source) + ".</footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace motcua::halong
