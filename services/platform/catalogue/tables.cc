// units.csv, procedures.csv, procedure_papers.csv, and lists of national sheets.
#include <algorithm>
#include <map>

#include "services/base/text.h"
#include "services/base/text_fold.h"
#include "services/domain/calendar/office_hours.h"
#include "services/domain/catalogue/dirt.h"
#include "services/platform/catalogue/draft.h"
#include "services/platform/catalogue/toml_reader.h"

namespace motcua::catalogue {
namespace {

using wire::CsvHeader;
using wire::CsvReader;
using wire::CsvRecord;

constexpr std::int64_t kVersionMax = 999'999'999;
constexpr std::int64_t kFeeMax = 100'000'000'000;
constexpr std::int64_t kPaperCountMax = 999;
// The sheet with the most of the country has 90.
constexpr std::size_t kPapersMax = 200;

void RefuseLine(const CatalogueFile& file, std::size_t line, std::string what, Draft& draft) {
  ++draft.CountOf(file.path).refused;
  draft.findings.push_back(
      {std::string(file.path), line, true, std::string(kind::kRow), "", std::move(what), ""});
}

// Calls `take(row)` for each record of a CSV file after its header; what is no record is refused.
template <typename Take>
void ForEachRow(const CatalogueFile& file, const std::vector<std::string_view>& required,
                Draft& draft, Take take) {
  draft.CountOf(file.path);
  CsvReader reader;
  reader.Feed(file.text);
  reader.Finish();
  CsvRecord record;
  std::optional<CsvHeader> header;
  while (reader.Next(record)) {
    if (record.blank()) continue;
    if (!header) {
      Result<CsvHeader> made =
          record.problem ? Result<CsvHeader>(*record.problem) : CsvHeader::Make(record, required);
      if (!made.ok()) return RefuseLine(file, record.line, made.status().message(), draft);
      header = *std::move(made);
      continue;
    }
    ++draft.CountOf(file.path).read;
    if (record.problem) {
      RefuseLine(file, record.line, record.problem->message(), draft);
    } else if (record.fields.size() != header->size()) {
      RefuseLine(file, record.line,
                 "the record has " + std::to_string(record.fields.size()) + " fields, the header " +
                     std::to_string(header->size()),
                 draft);
    } else {
      Row row(file, *header, record, draft);
      take(row);
    }
  }
  if (!header) RefuseLine(file, 1, "the file is empty", draft);
}

// Refuses the row where an earlier one has the same key.
template <typename Key>
void RefuseTwice(Row& row, std::map<Key, std::size_t>& seen, const Key& key, std::string what) {
  const auto [at, fresh] = seen.emplace(key, row.line());
  if (fresh) return;
  row.Refuse(kind::kTwice,
             std::move(what) + " stands on line " + std::to_string(at->second) + " already");
}

void AddDirt(Row& row, std::string_view kind, std::string_view column, const Dirt& dirt) {
  std::string what = std::string(column) + " " + dirt.what;
  if (dirt.refused) {
    row.Refuse(kind, std::move(what));
  } else {
    row.Doubt(kind, std::move(what));
  }
}

// A name in its one form, with what is dirty in it named.
std::string ReadCleanName(Row& row) {
  const std::string_view raw = Trim(row.Get("name"));
  if (raw.empty()) row.Refuse(kind::kName, "\"name\" is empty");
  for (const Dirt& dirt : DirtOfName(raw)) AddDirt(row, kind::kName, "name", dirt);
  return CanonicalName(raw);
}

std::optional<deadline::Term> ReadCleanTerm(Row& row, std::string_view column) {
  const auto term = row.Term(column);
  if (!term) return term;
  if (const auto dirt = DirtOfTerm(*term)) AddDirt(row, kind::kTerm, column, *dirt);
  return term;
}

// A value of a code list; an empty cell says nothing.
template <codes::Code E>
E ReadCode(Row& row, std::string_view column, std::string_view values) {
  const std::string_view text = row.Get(column);
  if (text.empty()) return E{};
  const std::optional<E> known = codes::FromKey<E>(text);
  if (known && *known != E{}) return *known;
  row.Refuse(kind::kValue,
             std::string(column) + " " + Quoted(text) + " is not " + std::string(values));
  return E{};
}

// ---- Units -------------------------------------------------------------------------------------

// A unit's code, where the cell has one.
std::optional<cases::UnitCode> ReadUnitCode(Row& row, std::string_view text) {
  const auto code = cases::ParseUnitCode(text);
  if (code.ok()) return *code;
  row.Refuse(kind::kCode, code.status().message());
  return std::nullopt;
}

Unit ReadUnit(Row& row) {
  Unit unit;
  row.SetCode(std::string(row.Get("code")));
  if (const auto code = ReadUnitCode(row, row.Get("code"))) unit.code = *code;
  unit.name = row.Name("name", /*required=*/true);
  unit.calendar = calendar::CalendarId(row.Get("calendar"));
  unit.kind = row.Word("kind", UnitKinds());
  if (const std::string_view parent = row.Get("parent"); !parent.empty()) {
    unit.parent = ReadUnitCode(row, parent);
  }
  unit.valid = row.ReadValidity();
  for (const std::string_view successor : SplitText(row.Get("successors"), ' ')) {
    if (successor.empty()) continue;
    if (const auto code = ReadUnitCode(row, successor)) unit.successors.push_back(*code);
  }
  if (const std::string_view hours = row.Get("opening_hours"); !hours.empty()) {
    const auto spans = calendar::ParseOfficeHours(hours);
    if (spans.ok()) {
      unit.opening_hours = *spans;
    } else {
      row.Refuse(kind::kValue, "opening_hours: " + spans.status().message());
    }
  }
  return unit;
}

// ---- Procedures --------------------------------------------------------------------------------

// Whether it is in force on a day after the level of districts ended, on 2025-07-01.
bool IsAfterDistricts(const Validity& valid) {
  return !valid.to || *valid.to >= MakeDate(2025, 7, 1);
}

ProcedureSheet ReadSheet(Row& row, const Validity& valid) {
  ProcedureSheet sheet;
  sheet.deciding_agency = row.Name("deciding_agency", /*required=*/false);
  for (const Dirt& dirt : DirtOfAgency(sheet.deciding_agency, IsAfterDistricts(valid))) {
    AddDirt(row, kind::kAgency, "deciding_agency", dirt);
  }
  sheet.term_text = row.Name("term_text", false);
  sheet.statutory_term = ReadCleanTerm(row, "statutory_term");
  sheet.fee_vnd = row.Whole("fee_vnd", 0, kFeeMax);
  if (sheet.fee_vnd) {
    if (const auto dirt = DirtOfFee(*sheet.fee_vnd)) AddDirt(row, kind::kFee, "fee_vnd", *dirt);
  }
  sheet.online = row.Word("online", OnlineLevels());
  sheet.result = row.Name("result", false);
  sheet.document = row.Name("document", false);
  sheet.article = row.Name("article", false);
  sheet.status = row.Word("status", LawStatuses());
  sheet.certainty = row.Name("certainty", false);
  return sheet;
}

// Code, version and validity; whether the code is one.
bool ReadKey(Row& row, Procedure& procedure) {
  row.SetCode(std::string(row.Get("code")));
  const auto code = cases::ParseProcedureCode(row.Get("code"));
  if (!code.ok()) {
    row.Refuse(kind::kCode, code.status().message());
    return false;
  }
  procedure.code = *code;
  if (!row.Get("version").empty()) {
    const auto version = row.Whole("version", 1, kVersionMax);
    procedure.version = static_cast<std::uint32_t>(version.value_or(1));
  }
  procedure.valid = row.ReadValidity();
  return true;
}

Procedure ReadProcedure(Row& row) {
  Procedure procedure;
  ReadKey(row, procedure);
  procedure.name = ReadCleanName(row);
  procedure.field = row.Name("field", /*required=*/true);
  if (const auto term = ReadCleanTerm(row, "term")) {
    procedure.term = *term;
  } else if (row.Get("term").empty()) {
    row.Refuse(kind::kTerm, "\"term\" is empty");
  }
  procedure.term_online = ReadCleanTerm(row, "term_online");
  procedure.term_postal = ReadCleanTerm(row, "term_postal");
  procedure.tier = ReadCode<codes::Tier>(row, "tier", "city, commune or central");
  procedure.interconnection = ReadCode<codes::Interconnection>(
      row, "interconnection", "none, vertical2, vertical3 or horizontal");
  return procedure;
}

void Put(Draft& draft, Procedure procedure, ProcedureSheet sheet, Origin origin) {
  draft.procedures.push_back(std::move(procedure));
  draft.sheets.push_back(std::move(sheet));
  draft.procedure_origins.push_back(std::move(origin));
}

// ---- National sheets ---------------------------------------------------------------------------

// Sets the term of the channel that the sheet names. A sheet has the law's term: where the office
// cut it, that is the one beside.
void SetTerm(const SheetTerm& given, bool known, Procedure& procedure, ProcedureSheet& sheet) {
  if (given.channel == codes::Channel::kDirect && sheet.statutory_term) {
    sheet.statutory_term = given.term;
    return;
  }
  if (given.channel == codes::Channel::kDirect || !known) {
    procedure.term = given.term;
    return;
  }
  auto& term =
      given.channel == codes::Channel::kOnline ? procedure.term_online : procedure.term_postal;
  term = given.term;
  if (given.term == procedure.term) term.reset();
}

void ReadSheetTerm(Row& row, bool known, Procedure& procedure, ProcedureSheet& sheet) {
  const auto given = ParseSheetTerm(row.Get("term_text"));
  if (!given.ok()) return row.Refuse(kind::kTerm, given.status().message());
  if (const auto dirt = DirtOfTerm(given->term)) {
    AddDirt(row, kind::kTerm, "term_text", *dirt);
  }
  const bool direct = given->channel == codes::Channel::kDirect;
  const deadline::Term present =
      direct && sheet.statutory_term ? *sheet.statutory_term : procedure.TermFor(given->channel);
  if (known && present.milli == given->term.milli && present.unit != given->term.unit) {
    row.Refuse(kind::kTerm, "the unit alone differs from the present term, " +
                                deadline::FormatTerm(present) +
                                ": a header often names another unit than the steps");
  }
  SetTerm(*given, known, procedure, sheet);
}

// Here and not with the whole list, so that it is said of a row that is refused, too.
void DoubtSheet(Row& row, const Procedure& procedure) {
  const Draft& draft = row.draft();
  for (const Procedure& other : draft.procedures) {
    if (other.name != procedure.name || other.code == procedure.code) continue;
    row.Doubt(kind::kDuplicateName, "procedure " + other.code.value() + " has the same name");
    break;
  }
  if (draft.has_papers && !draft.with_papers.contains(procedure.code.value())) {
    row.Doubt(kind::kPapers, "the procedure has no papers at all");
  }
}

// What no sheet says is what the catalogue has of the procedure already.
void TakeSheet(Row& row, Draft& draft) {
  Procedure procedure;
  ProcedureSheet sheet;
  const bool keyed = ReadKey(row, procedure);
  const auto present = keyed ? draft.FindProcedure(procedure.code) : std::nullopt;
  if (present) {
    procedure = draft.procedures[*present];
    sheet = draft.sheets[*present];
  }
  procedure.name = ReadCleanName(row);
  procedure.field = row.Name("field", /*required=*/true);
  const auto level = ParseSheetLevel(row.Get("level"));
  if (!level.ok()) row.Refuse(kind::kLevel, level.status().message());
  if (level.ok() && !present) procedure.tier = *level;
  ReadSheetTerm(row, present.has_value(), procedure, sheet);
  const auto fee = ParseSheetFee(row.Get("fee_text"));
  if (!fee.ok()) row.Refuse(kind::kFee, fee.status().message());
  if (fee.ok() && *fee) sheet.fee_vnd = *fee;
  const std::string agency = row.Name("agency", /*required=*/false);
  for (const Dirt& dirt : DirtOfSheetAgency(agency)) AddDirt(row, kind::kAgency, "agency", dirt);
  if (!present) sheet.deciding_agency = agency;
  DoubtSheet(row, procedure);
  if (!row.refused())
    GiveRules(row, procedure, sheet);  // another term may be too short for its legs
  if (row.refused()) return;
  if (!present) return Put(draft, std::move(procedure), std::move(sheet), row.origin());
  draft.procedures[*present] = std::move(procedure);
  draft.sheets[*present] = std::move(sheet);
  draft.procedure_origins[*present] = row.origin();
}

void DoubtProcedure(Draft& draft, std::size_t i, std::string_view kind, std::string what) {
  const Origin& origin = draft.procedure_origins[i];
  draft.findings.push_back({origin.file, origin.line, false, std::string(kind),
                            draft.procedures[i].code.value(), std::move(what), origin.record});
}

// The terms of the channels; where there is none of its own the direct one.
bool AllTermsDiffer(const Procedure& procedure) {
  using codes::Channel;
  const deadline::Term& direct = procedure.TermFor(Channel::kDirect);
  const deadline::Term& online = procedure.TermFor(Channel::kOnline);
  const deadline::Term& postal = procedure.TermFor(Channel::kPostal);
  return direct != online && online != postal && postal != direct;
}

}  // namespace

void ReadUnits(const CatalogueFile& file, Draft& draft) {
  std::map<cases::UnitCode, std::size_t> seen;
  ForEachRow(file, {"code", "name", "calendar"}, draft, [&](Row& row) {
    Unit unit = ReadUnit(row);
    if (!unit.code.empty()) RefuseTwice(row, seen, unit.code, "unit " + unit.code.value());
    if (row.refused()) return;
    draft.units.push_back(std::move(unit));
    draft.unit_origins.push_back(row.origin());
  });
}

void ReadProcedures(const CatalogueFile& file, Draft& draft) {
  std::map<std::pair<cases::ProcedureCode, std::uint32_t>, std::size_t> seen;
  ForEachRow(file, {"code", "name", "field", "term"}, draft, [&](Row& row) {
    Procedure procedure = ReadProcedure(row);
    ProcedureSheet sheet = ReadSheet(row, procedure.valid);
    if (!procedure.code.empty()) {
      RefuseTwice(row, seen, {procedure.code, procedure.version},
                  "procedure " + procedure.code.value());
    }
    if (!row.refused()) GiveRules(row, procedure, sheet);
    if (row.refused()) return;
    Put(draft, std::move(procedure), std::move(sheet), row.origin());
  });
}

void ReadSheets(const CatalogueFile& file, Draft& draft) {
  std::map<std::string, std::size_t> seen;
  ForEachRow(file, {"code", "name", "field", "level", "term_text"}, draft, [&](Row& row) {
    const std::string code(row.Get("code"));
    row.SetCode(code);
    RefuseTwice(row, seen, code, "procedure " + code);
    TakeSheet(row, draft);
  });
}

void NoteWithPapers(const CatalogueFile& file, Draft& draft) {
  draft.has_papers = true;
  CsvReader reader;
  reader.Feed(file.text);
  reader.Finish();
  CsvRecord record;
  std::optional<CsvHeader> header;
  while (reader.Next(record)) {
    if (record.problem || record.blank()) continue;
    if (header) {
      draft.with_papers.emplace(header->Get(record, "code"));
    } else if (auto made = CsvHeader::Make(record, {}); made.ok()) {
      header = *std::move(made);
    }
  }
}

void ReadPapers(const CatalogueFile& file, Draft& draft) {
  std::multimap<cases::ProcedureCode, std::size_t> procedures;
  for (std::size_t i = 0; i < draft.procedures.size(); ++i) {
    procedures.emplace(draft.procedures[i].code, i);
  }
  ForEachRow(file, {"code", "paper"}, draft, [&](Row& row) {
    row.SetCode(std::string(row.Get("code")));
    const auto count = [&](std::string_view column) {
      return static_cast<std::uint16_t>(row.Whole(column, 0, kPaperCountMax).value_or(0));
    };
    const Paper paper{row.Name("paper", /*required=*/true), count("originals"), count("copies"),
                      row.Name("required_when", false)};
    const auto version = row.Whole("version", 1, kVersionMax);
    const auto [first, last] = procedures.equal_range(cases::ProcedureCode(row.Get("code")));
    bool known = false;
    for (auto at = first; at != last; ++at) {
      if (version && draft.procedures[at->second].version != *version) continue;
      known = true;
      std::vector<Paper>& papers = draft.sheets[at->second].papers;
      if (papers.size() >= kPapersMax) {
        row.Refuse(kind::kValue, "the procedure has more than " + std::to_string(kPapersMax) +
                                     " papers (kPapersMax)");
      }
      if (!row.refused()) papers.push_back(paper);
    }
    if (!known) {
      row.Refuse(kind::kUnknown, "the paper is of procedure " + Quoted(row.Get("code")) +
                                     ", which is unknown or was refused");
    }
  });
}

void DoubtProcedures(Draft& draft) {
  std::map<std::string, std::size_t> names;
  for (std::size_t i = 0; i < draft.procedures.size(); ++i) {
    const Procedure& procedure = draft.procedures[i];
    const bool of_sheet = draft.procedure_origins[i].file.starts_with(kSheetsFolder);  // was asked
    const auto [at, fresh] = names.emplace(procedure.name, i);
    if (!of_sheet && !fresh && draft.procedures[at->second].code != procedure.code) {
      DoubtProcedure(
          draft, i, kind::kDuplicateName,
          "procedure " + draft.procedures[at->second].code.value() + " has the same name");
    }
    if (AllTermsDiffer(procedure)) {
      DoubtProcedure(draft, i, kind::kTerm,
                     "the three channels have three terms: were cases entered as channels?");
    }
    if (!of_sheet && draft.has_papers && draft.sheets[i].papers.empty()) {
      DoubtProcedure(draft, i, kind::kPapers, "the procedure has no papers at all");
    }
  }
}

}  // namespace motcua::catalogue
