// The posting as a page: prints on A4, in Vietnamese, needs no script and nothing from elsewhere.
#include "services/cli/posting.h"
#include "services/cli/text_width.h"
#include "services/halong/svg.h"

namespace motcua::cli {
namespace {

using catalogue::Catalogue;
using catalogue::Procedure;
using halong::Escape;

constexpr std::string_view kStyle = R"css(
@page { size: A4; margin: 14mm 14mm 16mm; }
* { box-sizing: border-box; }
html { color: #15202E; background: #FFFFFF; font: 15px/1.4 "Source Sans 3", "Source Sans Pro",
  system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; }
body { max-width: 760px; margin: 0 auto; padding: 24px 20px; }
h1 { font-size: 22px; line-height: 30px; margin: 0 0 4px; }
.about, footer { color: #46505F; font-size: 13px; line-height: 18px; margin: 0; }
h2 { font-size: 17px; line-height: 24px; margin: 28px 0 4px; padding-top: 8px;
  border-top: 2px solid #15202E; break-after: avoid; }
h3 { font-size: 15px; line-height: 21px; margin: 18px 0 4px; break-after: avoid; }
h3 span { color: #46505F; font-weight: 400; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 19px; }
tr { break-inside: avoid; }
th { text-align: left; font-weight: 400; color: #46505F; width: 40mm; vertical-align: top;
  padding: 3px 10px 3px 0; }
td { vertical-align: top; padding: 3px 0; }
ol { margin: 0; padding-left: 20px; }
li { break-inside: avoid; }
footer { margin-top: 28px; border-top: 1px solid #D3D8E0; padding-top: 8px; }
@media print { body { padding: 0; max-width: none; } }
)css";

void AppendRow(std::string& out, std::string_view heading, std::string_view html) {
  out += "<tr><th>" + Escape(heading) + "</th><td>" + std::string(html) + "</td></tr>\n";
}

void AppendProcedure(std::string& out, const Catalogue& catalogue, const Procedure& procedure) {
  out += "<h3>" + Escape(procedure.name) + " <span>" + Escape(procedure.code.value()) +
         "</span></h3>\n<table>\n";
  for (const PostedLine& line : PostedLines(catalogue, procedure)) {
    if (line.heading == "Lĩnh vực") continue;  // the heading above
    AppendRow(out, line.heading, Escape(line.value));
  }
  const auto& papers = catalogue.SheetOf(procedure).papers;
  if (!papers.empty()) {
    std::string list = "<ol>";
    for (const auto& paper : papers) list += "<li>" + Escape(PaperText(paper)) + "</li>";
    AppendRow(out, "Thành phần hồ sơ", list + "</ol>");
  }
  out += "</table>\n";
}

}  // namespace

std::string PostingHtml(const Catalogue& catalogue, const std::vector<const Procedure*>& procedures,
                        std::optional<CivilDate> on) {
  std::string out =
      "<!doctype html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>Niêm yết công khai thủ tục hành chính</title>\n<style>" +
      std::string(kStyle) +
      "</style></head><body>\n<h1>Niêm yết công khai thủ tục hành chính</h1>\n<p class=\"about\">" +
      FormatCount(static_cast<long long>(procedures.size())) + " thủ tục" +
      (on ? ", có hiệu lực ngày " + DayText(*on) : "") + "</p>\n";
  std::string_view field;
  for (const Procedure* procedure : procedures) {
    if (procedure->field != field) {
      field = procedure->field;
      out += "<h2>" + Escape(field) + "</h2>\n";
    }
    AppendProcedure(out, catalogue, *procedure);
  }
  return out +
         "<footer>Thời hạn tính từ khi tiếp nhận đủ hồ sơ hợp lệ. Chỗ không ghi phí, lệ phí là "
         "không có hoặc do địa phương quy định.</footer>\n</body></html>\n";
}

}  // namespace motcua::cli
