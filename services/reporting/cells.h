// The day counters of status reports as rows of the service's store: keys, what an event changes,
// sums over days.
//
//   'X' 'C' unit '|' cut size block (4 BE) group measure      counter, signed
//   'X' 'A' cut size block (4 BE) group measure               the same over all units
//   'X' 'G' group                              field '\0' procedure; or field '\0' alone
//   'X' 'N' 'U' unit '\0' name    'X' 'N' 'P' procedure '\0' name   counter: imports that say so
//
// A `cut` divides a unit's dossiers into groups: by class (channel, level and interconnection
// packed in 1 byte), or by field and procedure (group = hash of both, 8 bytes). Channels, levels
// and interconnections are sums over the first cut, fields and procedures over the second.
//
// What is asked for most, over all units by unit or by field, has cuts of its own without the unit
// in front ('A' cut …; group = the unit's code, or the hash of the field): one scan each instead of
// one for each unit and of every procedure.
//
// Another cut is of late dossiers alone, for the report of lateness: group = verdict, part, leg and
// the unit that had them (part 0: in all), measures 0 to 3 = LateCounts.
//
// Blocks are days, months and years, as the periods are that reports are made for by law (month,
// quarter, half a year, year). Each contribution is added to its block of each size: ten months are
// 10 rows of a series, any span at most 60 days, 22 months and its years. Within a size the block
// comes before the group, so one scan reads a span of blocks of all groups.
//
// Which measures there are follows from the columns: a program with another set of them folds its
// store anew (CellsFormat).
//
// A report needs several scans, and between two of them the loop may commit: it reads a snapshot
// (StateStore::Snapshot), so that its sums are of one moment, also those over all units.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/reporting/contributions.h"
#include "services/domain/reporting/lateness.h"
#include "services/domain/reporting/status_report.h"
#include "services/engine/ports.h"
#include "services/engine/service.h"

namespace motcua::reporting {

// Of these rows; part of the store's format.
std::string CellsFormat();

// Values are stored.
enum class Cut : char { kClass = 'C', kProcedure = 'P', kLateness = 'L' };  // of a unit
enum class WideCut : char { kUnit = 'U', kField = 'F' };                    // of all units

// Adds what changes from `before` (null: none) to `after` to the counters.
void IndexCells(const cases::Dossier* before, const cases::Dossier& after, engine::IndexSink& sink);
// Counts the names that an imported register gives its unit and procedure.
void IndexNames(const cases::CaseEvent& event, engine::IndexSink& sink);

struct Period {
  CivilDate from;
  CivilDate to;  // counted in
};
// Group (as in the key) to its sums.
using GroupSums = std::map<std::string, Sums, std::less<>>;
// Of one unit. Several scans: `store` is a snapshot where the sums must be of one moment.
Result<GroupSums> ReadCells(const engine::StateStore& store, const cases::UnitCode& unit, Cut cut,
                            const Period& period);
// Of all units, in one cut.
Result<GroupSums> ReadWideCells(const engine::StateStore& store, WideCut cut, const Period& period);

// Units that have cells, ascending.
Result<std::vector<cases::UnitCode>> UnitsWithCells(const engine::StateStore& store);

// Adds up what dossiers of one unit were late by `verdict`.
using LateRows = std::map<Holder, LateCounts>;
Status ReadLateness(const engine::StateStore& store, const cases::UnitCode& unit, Verdict verdict,
                    const Period& period, LateRows& rows, LateCounts& all);

// What the group of the first cut says.
struct Classes {
  cases::Channel channel = cases::Channel::kDirect;
  codes::Level level = codes::Level::kNone;
  codes::Interconnection interconnection = codes::Interconnection::kNotSaid;
};
// STORE_DAMAGED when it is none.
Result<Classes> ReadClasses(std::string_view group);

struct FieldAndProcedure {
  std::string field;
  std::string procedure;
};
// Of a group of the cuts by procedure or field (then without a procedure). STORE_DAMAGED when there
// is no such row: cells name it.
Result<FieldAndProcedure> ReadGroup(const engine::StateStore& store, std::string_view group);

// The name that most imports give; of equals the least; empty when none gives one.
Result<std::string> UnitNameSeen(const engine::StateStore& store, std::string_view unit);
Result<std::string> ProcedureNameSeen(const engine::StateStore& store, std::string_view procedure);

}  // namespace motcua::reporting
