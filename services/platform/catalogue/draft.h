// The parts of a catalogue while its files are read. Internal.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/platform/catalogue/check_files.h"
#include "services/platform/catalogue/rules_file.h"
#include "services/wire/csv/csv.h"

namespace motcua::catalogue {

inline constexpr std::string_view kUnitsFile = "units.csv";
inline constexpr std::string_view kProceduresFile = "procedures.csv";
inline constexpr std::string_view kPapersFile = "procedure_papers.csv";
inline constexpr std::string_view kSheetsFolder = "sheets/";  // lists of national sheets
inline constexpr std::string_view kRoutesFile = "routes.toml";
inline constexpr std::string_view kPoliciesFile = "policies.toml";
inline constexpr std::string_view kCalendarsFolder = "calendars/";

// Where an entry was read.
struct Origin {
  std::string file;
  std::size_t line = 0;
  std::string record;
};

struct Draft {
  std::vector<CalendarPtr> calendars;  // by id, then version
  std::vector<Unit> units;
  std::vector<Origin> unit_origins;
  std::vector<RouteRule> routes;
  std::vector<PolicyRule> policies;
  std::vector<Procedure> procedures;
  std::vector<ProcedureSheet> sheets;
  std::vector<Origin> procedure_origins;
  bool has_papers = false;            // a file of them
  std::set<std::string> with_papers;  // procedures in it

  std::vector<Finding> findings;
  std::set<std::string> named_rules;  // places in the files of rules that are in `findings`
  std::vector<TableCount> tables;

  TableCount& CountOf(std::string_view file);
  bool KnowsUnit(const cases::UnitCode& code) const;
  // The newest version of a procedure; nullopt when there is none.
  std::optional<std::size_t> FindProcedure(const cases::ProcedureCode& code) const;
};

// A record of a table while it is read: what is wrong with it goes to the draft's findings, all of
// it, not the first alone.
class Row {
 public:
  Row(const CatalogueFile& file, const wire::CsvHeader& header, const wire::CsvRecord& record,
      Draft& draft)
      : file_(file), header_(header), record_(record), draft_(draft) {}

  std::string_view Get(std::string_view column) const { return header_.Get(record_, column); }
  bool Has(std::string_view column) const { return header_.Find(column).has_value(); }
  std::size_t line() const { return record_.line; }
  Draft& draft() const { return draft_; }
  bool refused() const { return refused_; }
  void SetCode(std::string code) { code_ = std::move(code); }
  Origin origin() const;

  void Refuse(std::string_view kind, std::string what);
  void Doubt(std::string_view kind, std::string what);
  // Of a rule in another file, because of which this row cannot stay.
  void RefuseFor(std::string_view file, std::size_t line, std::string_view kind, std::string what);

  // What the column says; where it says something that is not of its kind the row is refused, and
  // the answer is nothing.
  std::string Name(std::string_view column, bool required);
  std::optional<deadline::Term> Term(std::string_view column);
  std::optional<CivilDate> Date(std::string_view column);
  std::optional<std::int64_t> Whole(std::string_view column, std::int64_t least, std::int64_t most);
  Validity ReadValidity();
  template <typename E>
  E Word(std::string_view column, std::span<const WordRow<E>> rows);

 private:
  void Count();  // the row as refused, once

  const CatalogueFile& file_;
  const wire::CsvHeader& header_;
  const wire::CsvRecord& record_;
  Draft& draft_;
  std::string code_;
  bool refused_ = false;
};

// Each reads its table into the draft and names what it cannot take.
void ReadUnits(const CatalogueFile& file, Draft& draft);
void ReadProcedures(const CatalogueFile& file, Draft& draft);
void ReadSheets(const CatalogueFile& file, Draft& draft);
// Which procedures have papers, before any of them is read.
void NoteWithPapers(const CatalogueFile& file, Draft& draft);
void ReadPapers(const CatalogueFile& file, Draft& draft);
// Doubts that only the whole list shows.
void DoubtProcedures(Draft& draft);

// Route and policies of `procedure`, by the rules of the draft; `sheet` gets the law's term where a
// policy cuts it.
void GiveRules(Row& row, Procedure& procedure, ProcedureSheet& sheet);

}  // namespace motcua::catalogue
