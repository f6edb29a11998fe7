// `motcua catalogue show`, `search`, `coverage` and `posting`: what a catalogue says, without any
// server.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "services/base/text_fold.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/posting.h"
#include "services/cli/table.h"
#include "services/cli/text_width.h"
#include "services/domain/catalogue/search.h"
#include "services/platform/catalogue/catalogue_files.h"

namespace motcua::cli {
namespace {

using catalogue::Catalogue;
using catalogue::CoverageRow;
using catalogue::Hit;
using catalogue::Procedure;
using nlohmann::ordered_json;
using CataloguePtr = std::shared_ptr<const Catalogue>;
using Procedures = std::vector<const Procedure*>;

Result<CataloguePtr> Open(const Invocation& invocation) {
  return catalogue::LoadCatalogue(invocation.Text("--catalogue"));
}

std::optional<CivilDate> DayOf(const Invocation& invocation) {
  const std::string text = invocation.Text("--on");
  if (text.empty()) return std::nullopt;
  const auto day = ParseDate(text);
  if (!day.ok()) throw UsageError("--on", day.status().message());
  return *day;
}

void PrintJsonValue(Context& context, const ordered_json& json) {
  context.terminal.out << json.dump(2) << '\n';
}

// All versions, or the one of a day; a refusal names what there is.
Result<Procedures> VersionsOf(const Catalogue& catalogue, const cases::ProcedureCode& code,
                              std::optional<CivilDate> on) {
  const Procedures versions = catalogue.VersionsOf(code);
  if (versions.empty()) {
    return Status(Reason::kProcedureUnknown,
                  "procedure " + code.value() + " is not in the catalogue",
                  {{"procedure", code.value()}});
  }
  if (!on) return versions;
  if (const Procedure* const one = catalogue.FindProcedure(code, *on)) return Procedures{one};
  std::string known;
  for (const Procedure* version : versions) {
    known += (known.empty() ? "" : ", ") + FormatValidity(version->valid);
  }
  return Status(
      Reason::kProcedureUnknown,
      "procedure " + code.value() + " is not in force on " + FormatDate(*on) + "; it is: " + known,
      {{"procedure", code.value()}});
}

void PrintUnitCsv(Context& context, const Catalogue& catalogue, const catalogue::Unit& unit) {
  std::vector<std::string> columns;
  std::vector<std::string> cells;
  const auto append = [](std::string& list, const std::string& item) {
    list += (list.empty() ? "" : " ") + item;
  };
  for (const auto& [key, value] : UnitJson(catalogue, unit).items()) {
    columns.push_back(key);
    std::string cell;
    if (value.is_string()) cell = value.get<std::string>();
    if (value.is_array()) {
      for (const auto& item : value) append(cell, item.get<std::string>());
    }
    cells.push_back(std::move(cell));
  }
  PrintCsvRow(context, columns);
  PrintCsvRow(context, cells);
}

Status ShowUnit(Context& context, const Catalogue& catalogue, const catalogue::Unit& unit) {
  if (context.options.format == Format::kJson) {
    PrintJsonValue(context, UnitJson(catalogue, unit));
  } else if (context.options.format == Format::kCsv) {
    PrintUnitCsv(context, catalogue, unit);
  } else {
    context.terminal.out << UnitText(catalogue, unit, context.terminal.width);
  }
  return OkStatus();
}

std::vector<std::string> ProcedureCells(const Catalogue& catalogue, const Procedure& p) {
  const auto& sheet = catalogue.SheetOf(p);
  const auto day = [](const std::optional<CivilDate>& at) { return at ? FormatDate(*at) : ""; };
  const auto term = [](const std::optional<deadline::Term>& at) {
    return at ? deadline::FormatTerm(*at) : "";
  };
  return {p.code.value(),
          std::to_string(p.version),
          day(p.valid.from),
          day(p.valid.to),
          p.name,
          p.field,
          std::string(Key(p.tier)),
          std::string(Key(p.interconnection)),
          sheet.deciding_agency,
          term(p.term),
          term(p.term_online),
          term(p.term_postal),
          term(sheet.statutory_term),
          sheet.fee_vnd ? std::to_string(*sheet.fee_vnd) : "",
          std::string(RowOf(catalogue::OnlineLevels(), sheet.online).key),
          sheet.result,
          std::to_string(sheet.papers.size())};
}

void PrintProceduresCsv(Context& context, const Catalogue& catalogue,
                        const Procedures& procedures) {
  PrintCsvRow(context, {"code", "version", "valid_from", "valid_to", "name", "field", "tier",
                        "interconnection", "deciding_agency", "term", "term_online", "term_postal",
                        "statutory_term", "fee_vnd", "online", "result", "papers"});
  for (const Procedure* p : procedures) PrintCsvRow(context, ProcedureCells(catalogue, *p));
}

void PrintProceduresJson(Context& context, const Catalogue& catalogue,
                         const Procedures& procedures) {
  ordered_json list = ordered_json::array();
  for (const Procedure* p : procedures) list.push_back(ProcedureJson(catalogue, *p));
  PrintJsonValue(context, {{"procedures", std::move(list)}});
}

// As lines, JSON, CSV or a page.
void PrintProcedures(Context& context, const Catalogue& catalogue, const Procedures& procedures,
                     std::optional<CivilDate> on) {
  switch (context.options.format) {
    case Format::kJson:
      return PrintProceduresJson(context, catalogue, procedures);
    case Format::kCsv:
      return PrintProceduresCsv(context, catalogue, procedures);
    case Format::kHtml:
      context.terminal.out << PostingHtml(catalogue, procedures, on);
      return;
    case Format::kTable:
      break;
  }
  bool first = true;
  for (const Procedure* p : procedures) {
    if (!std::exchange(first, false)) context.terminal.out << '\n';
    context.terminal.out << ProcedureText(catalogue, *p, context.terminal.width);
  }
}

codes::Tier TierOf(const std::string& text) {
  const auto tier = codes::FromKey<codes::Tier>(text);
  if (!tier || *tier == codes::Tier::kNone) {
    throw UsageError("--tier", "\"" + text + "\" is not city, commune or central");
  }
  return *tier;
}

}  // namespace

Status ShowCatalogueEntry(const Invocation& invocation) {
  MOTCUA_ASSIGN_OR_RETURN(const CataloguePtr catalogue, Open(invocation));
  const std::string code = invocation.Text("code");
  const std::optional<CivilDate> on = DayOf(invocation);
  Context& context = invocation.context();
  if (cases::ParseUnitCode(code).ok()) {
    const auto* const unit = catalogue->FindUnit(cases::UnitCode(code));
    if (unit != nullptr) return ShowUnit(context, *catalogue, *unit);
    return Status(Reason::kUnitUnknown, "unit " + code + " is not in the catalogue",
                  {{"unit", code}});
  }
  MOTCUA_ASSIGN_OR_RETURN(const Procedures versions,
                          VersionsOf(*catalogue, cases::ProcedureCode(code), on));
  PrintProcedures(context, *catalogue, versions, on);
  return OkStatus();
}

Status SearchCatalogue(const Invocation& invocation) {
  MOTCUA_ASSIGN_OR_RETURN(const CataloguePtr catalogue, Open(invocation));
  const Procedures procedures = ProceduresOn(*catalogue, DayOf(invocation));
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<Hit> all,
                          catalogue::Search(procedures, invocation.Text("text")));
  const auto limit = static_cast<std::size_t>(invocation.Whole("--limit"));
  const std::vector<Hit> hits(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(limit, all.size())));
  Context& context = invocation.context();
  if (context.options.format == Format::kJson) {
    ordered_json list = ordered_json::array();
    for (const Hit& hit : hits) {
      list.push_back({{"code", hit.procedure->code.value()},
                      {"name", hit.procedure->name},
                      {"field", hit.procedure->field},
                      {"term", deadline::FormatTerm(hit.procedure->term)},
                      {"with_marks", hit.with_marks}});
    }
    PrintJsonValue(context, {{"found", all.size()}, {"hits", std::move(list)}});
    return OkStatus();
  }
  if (context.options.format == Format::kCsv) {
    PrintCsvRow(context, {"code", "name", "field", "term", "with_marks"});
    for (const Hit& hit : hits) {
      PrintCsvRow(context,
                  {hit.procedure->code.value(), hit.procedure->name, hit.procedure->field,
                   deadline::FormatTerm(hit.procedure->term), hit.with_marks ? "true" : "false"});
    }
    return OkStatus();
  }
  Table table;
  table.AddColumn("Mã", Table::Align::kLeft, Table::Width::kFirm);
  table.AddColumn("Tên thủ tục");
  table.AddColumn("Lĩnh vực");
  table.AddColumn("Thời hạn", Table::Align::kLeft, Table::Width::kFirm);
  for (const Hit& hit : hits) {
    table.AddRow({hit.procedure->code.value(), hit.procedure->name, hit.procedure->field,
                  TermText(hit.procedure->term)});
  }
  if (!hits.empty()) context.terminal.out << table.Render(context.terminal.width);
  context.terminal.out << FormatCount(static_cast<long long>(all.size())) << " thủ tục"
                       << (hits.size() < all.size()
                               ? ", hiện " + FormatCount(static_cast<long long>(hits.size())) +
                                     " (--limit)"
                               : "")
                       << ".\n";
  return OkStatus();
}

Status ShowCoverage(const Invocation& invocation) {
  MOTCUA_ASSIGN_OR_RETURN(const CataloguePtr catalogue, Open(invocation));
  const auto rows = catalogue::Coverage(*catalogue, ProceduresOn(*catalogue, DayOf(invocation)));
  Context& context = invocation.context();
  if (context.options.format == Format::kJson) {
    ordered_json json = ordered_json::object();
    for (const CoverageRow& row : rows) json[std::string(row.group)][row.key] = row.count;
    json["units"]["all"] = catalogue->units().size();
    PrintJsonValue(context, json);
    return OkStatus();
  }
  if (context.options.format == Format::kCsv) {
    PrintCsvRow(context, {"group", "key", "label", "count"});
    for (const CoverageRow& row : rows) {
      PrintCsvRow(context, {std::string(row.group), row.key, row.label, std::to_string(row.count)});
    }
    return OkStatus();
  }
  constexpr std::pair<std::string_view, std::string_view> kGroups[] = {
      {"all", ""},
      {"tier", "Cấp"},
      {"interconnection", "Liên thông"},
      {"online", "Trực tuyến"},
      {"term_unit", "Thời hạn"},
      {"known", "Thông tin"},
      {"status", "Căn cứ"},
      {"certainty", "Độ chắc chắn"},
      {"field", "Lĩnh vực"}};
  Table table;
  table.AddColumn("Nhóm", Table::Align::kLeft, Table::Width::kFirm);
  table.AddColumn("Loại");
  table.AddColumn("Số thủ tục", Table::Align::kRight, Table::Width::kFirm);
  for (const CoverageRow& row : rows) {
    const auto* const group = std::find_if(std::begin(kGroups), std::end(kGroups),
                                           [&](const auto& at) { return at.first == row.group; });
    table.AddRow({std::string(group == std::end(kGroups) ? row.group : group->second), row.label,
                  FormatCount(static_cast<long long>(row.count))});
  }
  context.terminal.out << table.Render(context.terminal.width);
  return OkStatus();
}

Status PostProcedures(const Invocation& invocation) {
  MOTCUA_ASSIGN_OR_RETURN(const CataloguePtr catalogue, Open(invocation));
  const std::optional<CivilDate> on = DayOf(invocation);
  Procedures procedures = ProceduresOn(*catalogue, on);
  if (const std::string code = invocation.Text("--code"); !code.empty()) {
    std::erase_if(procedures, [&](const Procedure* p) { return p->code.value() != code; });
  }
  if (const std::string tier = invocation.Text("--tier"); !tier.empty()) {
    std::erase_if(procedures, [of = TierOf(tier)](const Procedure* p) { return p->tier != of; });
  }
  if (const std::string field = invocation.Text("--field"); !field.empty()) {
    std::erase_if(procedures, [of = FoldForSearch(field)](const Procedure* p) {
      return FoldForSearch(p->field) != of;
    });
  }
  if (procedures.empty()) {
    return Status(Reason::kProcedureUnknown,
                  "no procedure of the catalogue fits --code, --tier and --field on that day");
  }
  SortForPosting(procedures);
  PrintProcedures(invocation.context(), *catalogue, procedures, on);
  return OkStatus();
}

}  // namespace motcua::cli
