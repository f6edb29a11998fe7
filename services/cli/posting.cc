#include "services/cli/posting.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "services/base/text.h"
#include "services/base/text_fold.h"
#include "services/base/text_order.h"
#include "services/cli/text_width.h"
#include "services/domain/calendar/office_hours.h"

namespace motcua::cli {
namespace {

using catalogue::Catalogue;
using catalogue::Paper;
using catalogue::Procedure;
using catalogue::ProcedureSheet;
using catalogue::Unit;
using catalogue::Validity;
using deadline::Term;
using deadline::TermUnit;
using nlohmann::ordered_json;

constexpr std::string_view kIndent = "  ";

std::string Padded(int number) {
  constexpr int kTwoDigits = 10;
  return (number < kTwoDigits ? "0" : "") + std::to_string(number);
}

ordered_json DayJson(const std::optional<CivilDate>& day) {
  return day ? ordered_json(FormatDate(*day)) : ordered_json(nullptr);
}

ordered_json TermJson(const std::optional<Term>& term) {
  return term ? ordered_json(deadline::FormatTerm(*term)) : ordered_json(nullptr);
}

ordered_json TextJson(std::string_view text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string NameOfUnit(const Catalogue& catalogue, const cases::UnitCode& code) {
  const Unit* const unit = catalogue.FindUnit(code);
  return unit == nullptr ? code.value() : unit->name;
}

std::string LegUnitText(const Catalogue& catalogue, const catalogue::LegTemplate& leg) {
  return leg.unit ? NameOfUnit(catalogue, *leg.unit) : "Đơn vị tiếp nhận";
}

// Words of `text` in lines of at most `width` columns, the first after `lead`, the others under it.
void AppendWrapped(std::string& out, const std::string& lead, std::string_view text,
                   std::size_t width) {
  constexpr std::size_t kLeast = 20;
  const std::size_t indent = DisplayWidth(lead);
  const std::size_t room = std::max(width, indent + kLeast) - indent;
  std::string line;
  std::string before = lead;
  const auto flush = [&] {
    out += before + line + '\n';
    before.assign(indent, ' ');
    line.clear();
  };
  for (const std::string_view word : SplitText(text, ' ')) {
    const std::size_t needed = DisplayWidth(line) + (line.empty() ? 0 : 1) + DisplayWidth(word);
    if (!line.empty() && needed > room) flush();
    if (!line.empty()) line += ' ';
    line += word;
  }
  flush();
}

void AddLine(std::vector<PostedLine>& lines, std::string heading, std::string value) {
  if (!value.empty()) lines.push_back({std::move(heading), std::move(value)});
}

std::string ValidityText(const Validity& valid) {
  std::string text;
  if (valid.from) text = "từ ngày " + DayText(*valid.from);
  if (valid.to) text += (text.empty() ? "đến hết ngày " : " đến hết ngày ") + DayText(*valid.to);
  return text;
}

// What the law says beside a term that the office cut, and what other channels have.
std::string WholeTermText(const Procedure& procedure, const ProcedureSheet& sheet) {
  std::string text = TermText(procedure.term);
  if (sheet.statutory_term && *sheet.statutory_term != procedure.term) {
    text += " (theo quy định: " + TermText(*sheet.statutory_term) + ")";
  }
  if (procedure.term_online) text += "; trực tuyến: " + TermText(*procedure.term_online);
  if (procedure.term_postal) text += "; bưu chính: " + TermText(*procedure.term_postal);
  return text;
}

std::string BasisText(const ProcedureSheet& sheet) {
  std::string text = sheet.article;
  if (!sheet.document.empty()) text += (text.empty() ? "" : " ") + sheet.document;
  if (!text.empty() && sheet.status == catalogue::LawStatus::kProvisional) {
    text += " (" + std::string(RowOf(catalogue::LawStatuses(), sheet.status).label) + ")";
  }
  return text;
}

std::string RouteText(const Catalogue& catalogue, const Procedure& procedure) {
  std::string text;
  for (const catalogue::LegTemplate& leg : procedure.route) {
    text += (text.empty() ? "" : "; ") + std::string("bước ") + std::to_string(leg.stage) + ": " +
            LegUnitText(catalogue, leg) + (leg.lead ? " (chủ trì)" : "") + ", " +
            TermText(leg.term);
  }
  return text;
}

}  // namespace

std::string DayText(CivilDate day) {
  const auto [year, month, of_month] = Split(day);
  return Padded(of_month) + "/" + Padded(month) + "/" + std::to_string(year);
}

std::string TermText(const Term& term) {
  if (term.milli == 0) return "trong ngày làm việc";
  std::string number = std::to_string(term.milli / deadline::kMilli);
  if (const int rest = term.milli % deadline::kMilli; rest != 0) {
    std::string decimals = std::to_string(deadline::kMilli + rest).substr(1);
    decimals.erase(decimals.find_last_not_of('0') + 1);
    number += "," + decimals;
  }
  return number + " " + std::string(Label(term.unit));
}

std::string PaperText(const Paper& paper) {
  std::string counts;
  if (paper.originals > 0) counts = "bản chính: " + std::to_string(paper.originals);
  if (paper.copies > 0) {
    counts += (counts.empty() ? "bản sao: " : ", bản sao: ") + std::to_string(paper.copies);
  }
  std::string text = paper.name;
  if (!counts.empty()) text += " (" + counts + ")";
  if (!paper.required_when.empty()) text += " – " + paper.required_when;
  return text;
}

std::vector<PostedLine> PostedLines(const Catalogue& catalogue, const Procedure& procedure) {
  const ProcedureSheet& sheet = catalogue.SheetOf(procedure);
  std::vector<PostedLine> lines;
  AddLine(lines, "Lĩnh vực", procedure.field);
  AddLine(lines, "Cấp giải quyết",
          procedure.tier == codes::Tier::kNone ? "" : std::string(Label(procedure.tier)));
  AddLine(lines, "Cơ quan quyết định", sheet.deciding_agency);
  AddLine(lines, "Thời hạn giải quyết", WholeTermText(procedure, sheet));
  if (FoldForSearch(sheet.term_text) != FoldForSearch(TermText(procedure.term))) {
    AddLine(lines, "Nguyên văn thời hạn", sheet.term_text);
  }
  if (sheet.fee_vnd) {
    AddLine(lines, "Phí, lệ phí",
            *sheet.fee_vnd == 0 ? "không thu" : FormatCount(*sheet.fee_vnd) + " đồng");
  }
  AddLine(lines, "Kết quả", sheet.result);
  AddLine(lines, "Dịch vụ trực tuyến",
          sheet.online == catalogue::OnlineLevel::kNotSaid
              ? ""
              : std::string(RowOf(catalogue::OnlineLevels(), sheet.online).label));
  AddLine(lines, "Quy trình", RouteText(catalogue, procedure));
  AddLine(lines, "Căn cứ", BasisText(sheet));
  AddLine(lines, "Hiệu lực", ValidityText(procedure.valid));
  return lines;
}

ordered_json ProcedureJson(const Catalogue& catalogue, const Procedure& procedure) {
  const ProcedureSheet& sheet = catalogue.SheetOf(procedure);
  ordered_json json;
  json["code"] = procedure.code.value();
  json["version"] = procedure.version;
  json["valid_from"] = DayJson(procedure.valid.from);
  json["valid_to"] = DayJson(procedure.valid.to);
  json["name"] = procedure.name;
  json["field"] = procedure.field;
  json["tier"] = Key(procedure.tier);
  json["interconnection"] = Key(procedure.interconnection);
  json["deciding_agency"] = TextJson(sheet.deciding_agency);
  json["term"] = deadline::FormatTerm(procedure.term);
  json["term_online"] = TermJson(procedure.term_online);
  json["term_postal"] = TermJson(procedure.term_postal);
  json["statutory_term"] = TermJson(sheet.statutory_term);
  json["term_text"] = TextJson(sheet.term_text);
  json["fee_vnd"] = sheet.fee_vnd ? ordered_json(*sheet.fee_vnd) : ordered_json(nullptr);
  json["online"] = TextJson(RowOf(catalogue::OnlineLevels(), sheet.online).key);
  json["result"] = TextJson(sheet.result);
  json["document"] = TextJson(sheet.document);
  json["article"] = TextJson(sheet.article);
  json["status"] = TextJson(RowOf(catalogue::LawStatuses(), sheet.status).key);
  json["certainty"] = TextJson(sheet.certainty);
  json["papers"] = ordered_json::array();
  for (const Paper& paper : sheet.papers) {
    json["papers"].push_back({{"paper", paper.name},
                              {"originals", paper.originals},
                              {"copies", paper.copies},
                              {"required_when", TextJson(paper.required_when)}});
  }
  json["route"] = ordered_json::array();
  for (const auto& leg : procedure.route) {
    json["route"].push_back({{"stage", leg.stage},
                             {"unit", leg.unit ? leg.unit->value() : "receiving"},
                             {"unit_name", LegUnitText(catalogue, leg)},
                             {"lead", leg.lead},
                             {"term", deadline::FormatTerm(leg.term)}});
  }
  return json;
}

ordered_json UnitJson(const Catalogue& catalogue, const Unit& unit) {
  ordered_json json;
  json["code"] = unit.code.value();
  json["name"] = unit.name;
  json["kind"] = TextJson(RowOf(catalogue::UnitKinds(), unit.kind).key);
  json["calendar"] = unit.calendar.value();
  json["parent"] = unit.parent ? ordered_json(unit.parent->value()) : ordered_json(nullptr);
  json["valid_from"] = DayJson(unit.valid.from);
  json["valid_to"] = DayJson(unit.valid.to);
  json["successors"] = ordered_json::array();
  for (const auto& code : unit.successors) json["successors"].push_back(code.value());
  json["opening_hours"] = TextJson(calendar::FormatOfficeHours(unit.opening_hours));
  json["below"] = ordered_json::array();
  for (const Unit& other : catalogue.units()) {
    if (other.parent == unit.code) json["below"].push_back(other.code.value());
  }
  return json;
}

std::string ProcedureText(const Catalogue& catalogue, const Procedure& procedure,
                          std::size_t width) {
  std::string out;
  AppendWrapped(out, procedure.code.value() + "  ", procedure.name, width);
  std::size_t heading_width = 0;
  const std::vector<PostedLine> lines = PostedLines(catalogue, procedure);
  for (const PostedLine& line : lines) {
    heading_width = std::max(heading_width, DisplayWidth(line.heading));
  }
  for (const PostedLine& line : lines) {
    AppendWrapped(out, std::string(kIndent) + PadRight(line.heading, heading_width) + "  ",
                  line.value, width);
  }
  const auto& papers = catalogue.SheetOf(procedure).papers;
  if (!papers.empty()) out += std::string(kIndent) + "Thành phần hồ sơ\n";
  for (std::size_t i = 0; i < papers.size(); ++i) {
    AppendWrapped(out, "    " + std::to_string(i + 1) + ". ", PaperText(papers[i]), width);
  }
  return out;
}

std::string UnitText(const Catalogue& catalogue, const Unit& unit, std::size_t width) {
  std::vector<PostedLine> lines;
  AddLine(lines, "Loại", std::string(RowOf(catalogue::UnitKinds(), unit.kind).label));
  AddLine(lines, "Trực thuộc", unit.parent ? NameOfUnit(catalogue, *unit.parent) : "");
  AddLine(lines, "Lịch làm việc", unit.calendar.value());
  AddLine(lines, "Giờ mở cửa", calendar::FormatOfficeHours(unit.opening_hours));
  AddLine(lines, "Hiệu lực", ValidityText(unit.valid));
  std::string successors;
  for (const auto& code : unit.successors) {
    successors += (successors.empty() ? "" : "; ") + NameOfUnit(catalogue, code);
  }
  AddLine(lines, "Đơn vị kế tục", successors);
  const auto below = std::count_if(catalogue.units().begin(), catalogue.units().end(),
                                   [&](const Unit& other) { return other.parent == unit.code; });
  AddLine(lines, "Đơn vị trực thuộc", below == 0 ? "" : FormatCount(below));
  std::string out;
  AppendWrapped(out, unit.code.value() + "  ", unit.name, width);
  std::size_t heading_width = 0;
  for (const auto& line : lines)
    heading_width = std::max(heading_width, DisplayWidth(line.heading));
  for (const PostedLine& line : lines) {
    AppendWrapped(out, std::string(kIndent) + PadRight(line.heading, heading_width) + "  ",
                  line.value, width);
  }
  return out;
}

void SortForPosting(std::vector<const Procedure*>& procedures) {
  std::vector<std::tuple<std::string, std::string, const Procedure*>> keyed;
  keyed.reserve(procedures.size());
  for (const Procedure* p : procedures)
    keyed.emplace_back(OrderKey(p->field), OrderKey(p->name), p);
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  for (std::size_t i = 0; i < keyed.size(); ++i) procedures[i] = std::get<2>(keyed[i]);
}

}  // namespace motcua::cli
