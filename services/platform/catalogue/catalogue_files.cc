#include "services/platform/catalogue/catalogue_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <system_error>

#include "services/base/text.h"
#include "services/base/text_fold.h"
#include "services/platform/catalogue/rules_file.h"
#include "services/platform/catalogue/toml_reader.h"
#include "services/wire/csv/csv.h"

namespace motcua::catalogue {
namespace {

using calendar::Calendar;
using CalendarPtr = std::shared_ptr<const Calendar>;
using wire::CsvHeader;
using wire::CsvReader;
using wire::CsvRecord;

constexpr std::string_view kUnitsFile = "units.csv";
constexpr std::string_view kProceduresFile = "procedures.csv";
constexpr std::string_view kRoutesFile = "routes.toml";
constexpr std::string_view kPoliciesFile = "policies.toml";
constexpr std::string_view kCalendarsFolder = "calendars/";

Result<std::string> ReadFile(const std::filesystem::path& path) {
  const auto unreadable = [&path](std::string_view why) {
    return Status(Reason::kFileUnreadable, path.string() + ": " + std::string(why),
                  {{"file", path.string()}});
  };
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return unreadable("is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return unreadable(std::strerror(errno));
  std::string text;
  std::array<char, 64 * 1024> chunk{};
  while (stream.read(chunk.data(), chunk.size()) || stream.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kCatalogueFileBytesMax) {
      return unreadable("is larger than kCatalogueFileBytesMax");
    }
  }
  if (stream.bad()) return unreadable("cannot be read");
  return text;
}

// The parts of a catalogue while it is read.
struct Draft {
  std::vector<CalendarPtr> calendars;
  std::vector<Unit> units;
  std::vector<RouteRule> routes;
  std::vector<PolicyRule> policies;
  std::vector<Procedure> procedures;

  bool KnowsUnit(const cases::UnitCode& code) const {
    return std::any_of(units.begin(), units.end(), [&](const Unit& u) { return u.code == code; });
  }
  bool KnowsCalendar(const calendar::CalendarId& id) const {
    return std::any_of(calendars.begin(), calendars.end(),
                       [&](const CalendarPtr& c) { return c->id() == id; });
  }
};

// Calls `take(header, record)` for each record of a CSV file after its header.
template <typename Take>
Status ForEachRecord(const CatalogueFile& file, const std::vector<std::string_view>& required,
                     Take take) {
  CsvReader reader;
  reader.Feed(file.text);
  reader.Finish();
  CsvRecord record;
  std::optional<CsvHeader> header;
  while (reader.Next(record)) {
    if (record.problem) return FileError(file.path, record.line, record.problem->message());
    if (record.blank()) continue;
    if (!header) {
      Result<CsvHeader> made = CsvHeader::Make(record, required);
      if (!made.ok()) return FileError(file.path, record.line, made.status().message());
      header = *std::move(made);
      continue;
    }
    if (record.fields.size() != header->size()) {
      return FileError(file.path, record.line,
                       "the record has " + std::to_string(record.fields.size()) +
                           " fields, the header " + std::to_string(header->size()));
    }
    MOTCUA_RETURN_IF_ERROR(take(*header, record));
  }
  if (!header) return FileError(file.path, 1, "the file is empty");
  return OkStatus();
}

Result<std::string> NameOf(const CatalogueFile& file, const CsvHeader& header,
                           const CsvRecord& record, std::string_view column) {
  std::string name(Trim(header.Get(record, column)));
  if (name.empty()) {
    return FileError(file.path, record.line, "\"" + std::string(column) + "\" is empty");
  }
  if (!IsPrintable(name)) {
    return FileError(file.path, record.line,
                     "\"" + std::string(column) + "\" holds a control character");
  }
  return CanonicalName(name);
}

Status ReadUnits(const CatalogueFile& file, Draft& draft) {
  std::map<cases::UnitCode, std::size_t> seen;
  return ForEachRecord(
      file, {"code", "name", "calendar"},
      [&](const CsvHeader& header, const CsvRecord& record) -> Status {
        const auto code = cases::ParseUnitCode(header.Get(record, "code"));
        if (!code.ok()) return FileError(file.path, record.line, code.status().message());
        const auto [row, fresh] = seen.emplace(*code, record.line);
        if (!fresh) {
          return FileError(file.path, record.line,
                           "unit " + code->value() + " stands on line " +
                               std::to_string(row->second) + " already");
        }
        MOTCUA_ASSIGN_OR_RETURN(std::string name, NameOf(file, header, record, "name"));
        const calendar::CalendarId id(header.Get(record, "calendar"));
        if (!draft.KnowsCalendar(id)) {
          return FileError(file.path, record.line, "calendar \"" + id.value() + "\" is unknown");
        }
        draft.units.push_back({*code, std::move(name), id});
        return OkStatus();
      });
}

Status ReadTerm(const CatalogueFile& file, const CsvHeader& header, const CsvRecord& record,
                std::string_view column, std::optional<deadline::Term>& term) {
  const std::string_view text = header.Get(record, column);
  if (text.empty()) return OkStatus();
  const auto parsed = deadline::ParseTerm(text);
  if (!parsed.ok()) {
    return FileError(file.path, record.line,
                     std::string(column) + ": " + parsed.status().message());
  }
  term = *parsed;
  return OkStatus();
}

Status ReadVersion(const CatalogueFile& file, const CsvHeader& header, const CsvRecord& record,
                   std::uint32_t& version) {
  constexpr std::size_t kDigitsMax = 9;
  const std::string_view text = header.Get(record, "version");
  if (text.empty()) return OkStatus();
  if (text.size() > kDigitsMax || text.find_first_not_of("0123456789") != std::string_view::npos ||
      std::stoul(std::string(text)) == 0) {
    return FileError(file.path, record.line, "\"version\" counts from 1");
  }
  version = static_cast<std::uint32_t>(std::stoul(std::string(text)));
  return OkStatus();
}

// A value of a code list; an empty cell says nothing.
template <codes::Code E>
Status ReadCode(const CatalogueFile& file, const CsvHeader& header, const CsvRecord& record,
                std::string_view column, std::string_view values, E& code) {
  const std::string_view text = header.Get(record, column);
  if (text.empty()) return OkStatus();
  const std::optional<E> known = codes::FromKey<E>(text);
  if (!known || *known == E{}) {
    return FileError(
        file.path, record.line,
        std::string(column) + " \"" + std::string(text) + "\" is not " + std::string(values));
  }
  code = *known;
  return OkStatus();
}

// The longest full day of the calendars, in office time.
Micros LongestDay(const Draft& draft) {
  Micros longest{0};
  for (const CalendarPtr& calendar : draft.calendars) {
    longest = std::max(longest, calendar->FullDay());
  }
  return longest;
}

// The first route rule that fits gives the legs; an interconnected procedure must have one.
Status GiveRoute(const CatalogueFile& file, std::size_t line, const Draft& draft,
                 const std::string& interconnection, Procedure& procedure) {
  const auto fitting = std::find_if(
      draft.routes.begin(), draft.routes.end(),
      [&](const RouteRule& rule) { return rule.match.Fits(procedure, interconnection); });
  if (fitting == draft.routes.end()) {
    if (interconnection == "none") return OkStatus();
    return FileError(file.path, line,
                     "no rule in " + std::string(kRoutesFile) + " gives procedure " +
                         procedure.code.value() + " (" + interconnection + ") a route");
  }
  for (const LegRule& leg : fitting->legs) {
    if (leg.leg.unit && !draft.KnowsUnit(*leg.leg.unit)) {
      return FileError(kRoutesFile, leg.line, "unit " + leg.leg.unit->value() + " is unknown");
    }
  }
  procedure.route = MakeRoute(*fitting, procedure.term);
  const Status checked = CheckRoute(procedure, LongestDay(draft));
  if (!checked.ok()) return FileError(kRoutesFile, fitting->line, checked.message());
  return OkStatus();
}

// Later rules win over earlier ones.
void GivePolicies(const Draft& draft, const std::string& interconnection, Procedure& procedure) {
  for (const PolicyRule& rule : draft.policies) {
    if (!rule.match.Fits(procedure, interconnection)) continue;
    if (rule.mode) procedure.due.mode = *rule.mode;
    if (rule.start) procedure.due.start = *rule.start;
    if (rule.supplement) procedure.supplement = *rule.supplement;
    if (rule.due_soon_lead) procedure.due_soon_lead = *rule.due_soon_lead;
  }
}

Result<Procedure> ReadProcedure(const CatalogueFile& file, const CsvHeader& header,
                                const CsvRecord& record, const Draft& draft) {
  const auto code = cases::ParseProcedureCode(header.Get(record, "code"));
  if (!code.ok()) return FileError(file.path, record.line, code.status().message());
  Procedure procedure;
  procedure.code = *code;
  MOTCUA_ASSIGN_OR_RETURN(procedure.name, NameOf(file, header, record, "name"));
  MOTCUA_ASSIGN_OR_RETURN(procedure.field, NameOf(file, header, record, "field"));
  MOTCUA_RETURN_IF_ERROR(ReadVersion(file, header, record, procedure.version));
  std::optional<deadline::Term> term;
  MOTCUA_RETURN_IF_ERROR(ReadTerm(file, header, record, "term", term));
  if (!term) return FileError(file.path, record.line, "\"term\" is empty");
  procedure.term = *term;
  MOTCUA_RETURN_IF_ERROR(ReadTerm(file, header, record, "term_online", procedure.term_online));
  MOTCUA_RETURN_IF_ERROR(ReadTerm(file, header, record, "term_postal", procedure.term_postal));
  MOTCUA_RETURN_IF_ERROR(
      ReadCode(file, header, record, "tier", "city, commune or central", procedure.tier));
  MOTCUA_RETURN_IF_ERROR(ReadCode(file, header, record, "interconnection",
                                  "none, vertical2, vertical3 or horizontal",
                                  procedure.interconnection));
  const std::string interconnection(procedure.interconnection == codes::Interconnection::kNotSaid
                                        ? Key(codes::Interconnection::kNone)
                                        : Key(procedure.interconnection));
  GivePolicies(draft, interconnection, procedure);
  MOTCUA_RETURN_IF_ERROR(GiveRoute(file, record.line, draft, interconnection, procedure));
  return procedure;
}

Status ReadProcedures(const CatalogueFile& file, Draft& draft) {
  std::map<cases::ProcedureCode, std::size_t> seen;
  return ForEachRecord(
      file, {"code", "name", "field", "term"},
      [&](const CsvHeader& header, const CsvRecord& record) -> Status {
        MOTCUA_ASSIGN_OR_RETURN(Procedure procedure, ReadProcedure(file, header, record, draft));
        const auto [row, fresh] = seen.emplace(procedure.code, record.line);
        if (!fresh) {
          return FileError(file.path, record.line,
                           "procedure " + procedure.code.value() + " stands on line " +
                               std::to_string(row->second) + " already");
        }
        draft.procedures.push_back(std::move(procedure));
        return OkStatus();
      });
}

Status ReadCalendars(std::span<const CatalogueFile> files, Draft& draft) {
  for (const CatalogueFile& file : files) {
    if (!file.path.starts_with(kCalendarsFolder) || !file.path.ends_with(".toml")) continue;
    MOTCUA_ASSIGN_OR_RETURN(CalendarPtr read, ParseCalendar(file));
    for (const CalendarPtr& known : draft.calendars) {
      if (known->id() == read->id() && known->version() == read->version()) {
        return FileError(file.path, 1,
                         "another file holds calendar " + read->id().value() + " version " +
                             std::to_string(read->version().value()) + " already");
      }
    }
    draft.calendars.push_back(std::move(read));
  }
  return OkStatus();
}

const CatalogueFile* FindFile(std::span<const CatalogueFile> files, std::string_view path) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [path](const CatalogueFile& f) { return f.path == path; });
  return found == files.end() ? nullptr : &*found;
}

Status Missing(std::string_view path) {
  return Status(Reason::kFileUnreadable, "the catalogue has no file " + std::string(path),
                {{"file", std::string(path)}});
}

Status AddFile(const std::filesystem::path& folder, const std::string& path,
               std::vector<std::pair<std::string, std::string>>& texts) {
  MOTCUA_ASSIGN_OR_RETURN(std::string text, ReadFile(folder / path));
  texts.emplace_back(path, std::move(text));
  return OkStatus();
}

}  // namespace

Result<std::shared_ptr<const Catalogue>> ParseCatalogue(std::span<const CatalogueFile> files) {
  Draft draft;
  MOTCUA_RETURN_IF_ERROR(ReadCalendars(files, draft));
  if (draft.calendars.empty()) return Missing("calendars/*.toml");
  const CatalogueFile* const units = FindFile(files, kUnitsFile);
  const CatalogueFile* const procedures = FindFile(files, kProceduresFile);
  if (units == nullptr) return Missing(kUnitsFile);
  if (procedures == nullptr) return Missing(kProceduresFile);
  MOTCUA_RETURN_IF_ERROR(ReadUnits(*units, draft));
  if (const CatalogueFile* const file = FindFile(files, kRoutesFile); file != nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(draft.routes, ParseRoutes(*file));
  }
  if (const CatalogueFile* const file = FindFile(files, kPoliciesFile); file != nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(draft.policies, ParsePolicies(*file));
  }
  MOTCUA_RETURN_IF_ERROR(ReadProcedures(*procedures, draft));
  return Catalogue::Make(std::move(draft.units), std::move(draft.procedures),
                         std::move(draft.calendars));
}

Result<std::shared_ptr<const Catalogue>> LoadCatalogue(const std::filesystem::path& folder) {
  if (folder.empty()) return BuiltinCatalogue();
  std::vector<std::pair<std::string, std::string>> texts;
  MOTCUA_RETURN_IF_ERROR(AddFile(folder, std::string(kUnitsFile), texts));
  MOTCUA_RETURN_IF_ERROR(AddFile(folder, std::string(kProceduresFile), texts));
  std::error_code error;
  for (const std::string_view optional : {kRoutesFile, kPoliciesFile}) {
    if (!std::filesystem::exists(folder / optional, error)) continue;
    MOTCUA_RETURN_IF_ERROR(AddFile(folder, std::string(optional), texts));
  }
  std::vector<std::string> calendars;
  for (std::filesystem::directory_iterator it(folder / kCalendarsFolder, error), end;
       !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") {
      calendars.push_back(std::string(kCalendarsFolder) + it->path().filename().string());
    }
  }
  std::sort(calendars.begin(), calendars.end());
  for (const std::string& path : calendars) MOTCUA_RETURN_IF_ERROR(AddFile(folder, path, texts));
  std::vector<CatalogueFile> files;
  files.reserve(texts.size());
  for (const auto& [path, text] : texts) files.push_back({path, text});
  Result<std::shared_ptr<const Catalogue>> made = ParseCatalogue(files);
  if (!made.ok()) return made.status().Prefixed(folder.string());
  return made;
}

Result<CalendarPtr> LoadCalendarFile(const std::filesystem::path& file) {
  MOTCUA_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
  const std::string path = file.string();
  return ParseCalendar({path, text});
}

std::shared_ptr<const Catalogue> BuiltinCatalogue() {
  // Never freed: it is as constant as the program.
  static const auto* const kBuiltin = [] {
    Result<std::shared_ptr<const Catalogue>> made = ParseCatalogue(BuiltinCatalogueFiles());
    if (!made.ok()) std::fprintf(stderr, "%s\n", made.status().message().c_str());
    MOTCUA_CHECK(made.ok(), "the built-in catalogue is invalid");
    return new std::shared_ptr<const Catalogue>(std::move(made).value());
  }();
  return *kBuiltin;
}

}  // namespace motcua::catalogue
