#include "services/platform/catalogue/check_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <system_error>

#include "services/base/text.h"
#include "services/platform/catalogue/draft.h"
#include "services/platform/catalogue/read_file.h"
#include "services/platform/catalogue/toml_reader.h"
#include "services/wire/csv/csv.h"

namespace motcua::catalogue {
namespace {

namespace fs = std::filesystem;

const CatalogueFile* FindFile(std::span<const CatalogueFile> files, std::string_view path) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [path](const CatalogueFile& f) { return f.path == path; });
  return found == files.end() ? nullptr : &*found;
}

Status Missing(std::string_view path) {
  return Status(Reason::kFileUnreadable, "the catalogue has no file " + std::string(path),
                {{"file", std::string(path)}});
}

// A file that is refused as a whole; its status names the line.
void RefuseFile(const CatalogueFile& file, const Status& status, Draft& draft) {
  Finding finding{std::string(file.path), 1, true, std::string(kind::kFile), "", "", ""};
  const std::string place = finding.file + ":";
  for (const auto& [key, value] : status.metadata()) {
    if (key == "line") finding.line = static_cast<std::size_t>(std::stoul(value));
  }
  finding.reason = status.message();
  const std::string prefix = place + std::to_string(finding.line) + ": ";
  if (finding.reason.starts_with(prefix)) finding.reason.erase(0, prefix.size());
  draft.findings.push_back(std::move(finding));
}

void ReadCalendar(const CatalogueFile& file, Draft& draft) {
  ++draft.CountOf(file.path).read;
  Result<CalendarPtr> read = ParseCalendar(file);
  if (read.ok()) {
    for (const CalendarPtr& known : draft.calendars) {
      if (known->used() != (*read)->used()) continue;
      read = FileError(file.path, 1,
                       "another file holds calendar " + known->id().value() + " version " +
                           std::to_string(known->version().value()) + " already");
      break;
    }
  }
  if (read.ok()) {
    draft.calendars.push_back(*read);
    return;
  }
  ++draft.CountOf(file.path).refused;
  RefuseFile(file, read.status(), draft);
}

// Whether there is any file of a calendar.
bool ReadCalendars(std::span<const CatalogueFile> files, Draft& draft) {
  bool any = false;
  for (const CatalogueFile& file : files) {
    if (!file.path.starts_with(kCalendarsFolder) || !file.path.ends_with(".toml")) continue;
    any = true;
    ReadCalendar(file, draft);
  }
  std::sort(draft.calendars.begin(), draft.calendars.end(),
            [](const CalendarPtr& a, const CalendarPtr& b) {
              return std::pair(a->id(), a->version()) < std::pair(b->id(), b->version());
            });
  return any;
}

// Takes the entries with a problem out, until the others hold together: what refers to one that was
// taken out goes, too.
template <typename Check, typename Erase>
void DropProblems(Draft& draft, const std::vector<Origin>& origins, Check check, Erase erase) {
  for (;;) {
    const std::vector<Problem> problems = check();
    if (problems.empty()) return;
    std::set<std::size_t> dropped;
    for (const Problem& problem : problems) {
      const Origin& origin = origins[problem.index];
      if (dropped.insert(problem.index).second) ++draft.CountOf(origin.file).refused;
      const std::string field =
          problem.field.empty() ? "" : problem.field.substr(1) + " ";  // ".route" → "route "
      draft.findings.push_back({origin.file, origin.line, true, std::string(problem.kind),
                                erase.code(problem.index), field + problem.what, origin.record});
    }
    // From the back, so that the others keep their places.
    for (auto at = dropped.rbegin(); at != dropped.rend(); ++at) erase(*at);
  }
}

template <typename Entry>
void EraseAt(std::vector<Entry>& list, std::size_t index) {
  list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
}

void DropUnits(Draft& draft) {
  struct Units {
    Draft& draft;
    std::string code(std::size_t i) const { return draft.units[i].code.value(); }
    void operator()(std::size_t i) const {
      EraseAt(draft.units, i);
      EraseAt(draft.unit_origins, i);
    }
  };
  DropProblems(
      draft, draft.unit_origins, [&] { return CheckUnits(draft.units, draft.calendars); },
      Units{draft});
}

void DropProcedures(Draft& draft) {
  struct Procedures {
    Draft& draft;
    std::string code(std::size_t i) const { return draft.procedures[i].code.value(); }
    void operator()(std::size_t i) const {
      EraseAt(draft.procedures, i);
      EraseAt(draft.sheets, i);
      EraseAt(draft.procedure_origins, i);
    }
  };
  DropProblems(
      draft, draft.procedure_origins,
      [&] { return CheckProcedures(draft.procedures, draft.sheets, draft.units); },
      Procedures{draft});
}

// The rules of a file, if there is one; whether it is well.
template <typename Rule, typename Parse>
bool ReadRuleFile(const CatalogueFile* file, Draft& draft, std::vector<Rule>& rules,
                  const Parse& parse) {
  if (file == nullptr) return true;
  TableCount& count = draft.CountOf(file->path);
  ++count.read;
  Result<std::vector<Rule>> parsed = parse(*file);
  if (parsed.ok()) {
    rules = std::move(parsed).value();
    return true;
  }
  ++count.refused;
  RefuseFile(*file, parsed.status(), draft);
  return false;
}

// Whether both files of rules are well; without them no procedure can be judged.
bool ReadRules(std::span<const CatalogueFile> files, Draft& draft) {
  const bool routes = ReadRuleFile(FindFile(files, kRoutesFile), draft, draft.routes, ParseRoutes);
  const bool policies =
      ReadRuleFile(FindFile(files, kPoliciesFile), draft, draft.policies, ParsePolicies);
  return routes && policies;
}

void ReadAllProcedures(std::span<const CatalogueFile> files, Draft& draft) {
  const CatalogueFile* const papers = FindFile(files, kPapersFile);
  if (papers != nullptr) NoteWithPapers(*papers, draft);
  ReadProcedures(*FindFile(files, kProceduresFile), draft);
  for (const CatalogueFile& file : files) {
    if (file.path.starts_with(kSheetsFolder)) ReadSheets(file, draft);
  }
  DropProcedures(draft);
  if (papers != nullptr) ReadPapers(*papers, draft);
  DoubtProcedures(draft);
}

Status AddFile(const fs::path& folder, const std::string& path, CatalogueTexts& texts) {
  MOTCUA_ASSIGN_OR_RETURN(std::string text, ReadFile(folder / path));
  texts.Put(path, std::move(text));
  return OkStatus();
}

// The path in a catalogue of a CSV file that is called otherwise, by its columns.
Result<std::string> PathOfColumns(const fs::path& file, std::string_view text) {
  wire::CsvReader reader;
  reader.Feed(text);
  reader.Finish();
  wire::CsvRecord record;
  while (reader.Next(record) && record.blank()) {
  }
  const std::string name = file.filename().string();
  if (record.problem) return FileError(name, record.line, record.problem->message());
  const auto header = wire::CsvHeader::Make(record, {});
  if (!header.ok()) return FileError(name, record.line, header.status().message());
  const auto has = [&](std::string_view column) { return header->Find(column).has_value(); };
  if (has("level") && has("term_text")) return std::string(kSheetsFolder) + name;
  if (has("paper")) return std::string(kPapersFile);
  if (has("calendar")) return std::string(kUnitsFile);
  if (has("term")) return std::string(kProceduresFile);
  return FileError(name, 1,
                   "its columns are of no table of a catalogue: units (calendar), procedures "
                   "(term), papers (paper) or national sheets (level, term_text)");
}

}  // namespace

std::size_t CheckedCatalogue::refused() const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.refused; }));
}

Result<CheckedCatalogue> CheckCatalogue(std::span<const CatalogueFile> files) {
  Draft draft;
  if (!ReadCalendars(files, draft)) return Missing("calendars/*.toml");
  const CatalogueFile* const units = FindFile(files, kUnitsFile);
  if (units == nullptr) return Missing(kUnitsFile);
  if (FindFile(files, kProceduresFile) == nullptr) return Missing(kProceduresFile);
  ReadUnits(*units, draft);
  DropUnits(draft);
  CheckedCatalogue checked;
  if (ReadRules(files, draft)) {
    ReadAllProcedures(files, draft);
    MOTCUA_ASSIGN_OR_RETURN(checked.catalogue,
                            Catalogue::Make(std::move(draft.units), std::move(draft.procedures),
                                            std::move(draft.calendars), std::move(draft.sheets)));
  }
  checked.findings = std::move(draft.findings);
  checked.tables = std::move(draft.tables);
  return checked;
}

void CatalogueTexts::Put(std::string path, std::string text) {
  const auto found =
      std::find_if(texts_.begin(), texts_.end(), [&](const auto& at) { return at.first == path; });
  if (found != texts_.end()) {
    found->second = std::move(text);
  } else {
    texts_.emplace_back(std::move(path), std::move(text));
  }
}

std::vector<CatalogueFile> CatalogueTexts::files() const {
  std::vector<CatalogueFile> files;
  files.reserve(texts_.size());
  for (const auto& [path, text] : texts_) files.push_back({path, text});
  return files;
}

Result<CatalogueTexts> ReadCatalogue(const std::string& name) {
  const auto files = name.empty() ? BuiltinCatalogueFiles() : BuiltinCatalogueFiles(name);
  if (files.empty()) return ReadCatalogueFolder(name);
  CatalogueTexts texts;
  for (const CatalogueFile& file : files) {
    texts.Put(std::string(file.path), std::string(file.text));
  }
  return texts;
}

Result<CatalogueTexts> ReadCatalogueFolder(const fs::path& folder) {
  CatalogueTexts texts;
  MOTCUA_RETURN_IF_ERROR(AddFile(folder, std::string(kUnitsFile), texts));
  MOTCUA_RETURN_IF_ERROR(AddFile(folder, std::string(kProceduresFile), texts));
  std::error_code error;
  for (const std::string_view optional : {kPapersFile, kRoutesFile, kPoliciesFile}) {
    if (!fs::exists(folder / optional, error)) continue;
    MOTCUA_RETURN_IF_ERROR(AddFile(folder, std::string(optional), texts));
  }
  std::vector<std::string> calendars;
  for (fs::directory_iterator it(folder / kCalendarsFolder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".toml") {
      calendars.push_back(std::string(kCalendarsFolder) + it->path().filename().string());
    }
  }
  std::sort(calendars.begin(), calendars.end());
  for (const std::string& path : calendars) MOTCUA_RETURN_IF_ERROR(AddFile(folder, path, texts));
  return texts;
}

Status PutCatalogueFile(const fs::path& file, CatalogueTexts& present) {
  MOTCUA_ASSIGN_OR_RETURN(std::string text, ReadFile(file));
  const std::string name = file.filename().string();
  if (file.extension() == ".toml") {
    const bool rules = name == kRoutesFile || name == kPoliciesFile;
    present.Put(rules ? name : std::string(kCalendarsFolder) + name, std::move(text));
    return OkStatus();
  }
  for (const std::string_view table : {kUnitsFile, kProceduresFile, kPapersFile}) {
    if (name != table) continue;
    present.Put(name, std::move(text));
    return OkStatus();
  }
  MOTCUA_ASSIGN_OR_RETURN(std::string path, PathOfColumns(file, text));
  present.Put(std::move(path), std::move(text));
  return OkStatus();
}

}  // namespace motcua::catalogue
