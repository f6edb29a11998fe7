// What makes a catalogue hold together: every problem, not the first alone, so that a loader can
// put the entries concerned aside and take the rest. Pure.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/catalogue/entries.h"

namespace motcua::catalogue {

using CalendarPtr = std::shared_ptr<const calendar::Calendar>;

struct Problem {
  std::size_t index = 0;       // of the entry that cannot stay
  std::string_view kind = {};  // one of kProblemKinds, for lists and counts
  std::string field = {};      // below the entry: ".route"; empty: the entry itself
  std::string what = {};
};

// Words for what is wrong with an entry, stable: quarantine files hold them.
namespace kind {
inline constexpr std::string_view kCode = "bad_code";
inline constexpr std::string_view kTwice = "twice";
inline constexpr std::string_view kName = "bad_name";
inline constexpr std::string_view kDuplicateName = "duplicate_name";
inline constexpr std::string_view kTerm = "bad_term";
inline constexpr std::string_view kFee = "bad_fee";
inline constexpr std::string_view kAgency = "bad_agency";
inline constexpr std::string_view kLevel = "bad_level";
inline constexpr std::string_view kPapers = "missing_papers";
inline constexpr std::string_view kUnknown = "unknown_reference";
inline constexpr std::string_view kRoute = "bad_route";
inline constexpr std::string_view kCycle = "cycle";
inline constexpr std::string_view kDeadEnd = "dead_end";
inline constexpr std::string_view kValidity = "bad_validity";
inline constexpr std::string_view kOverlap = "overlap";
inline constexpr std::string_view kNoCalendar = "no_calendar";
inline constexpr std::string_view kValue = "bad_value";
inline constexpr std::string_view kRow = "bad_row";
inline constexpr std::string_view kFile = "bad_file";
}  // namespace kind

// In the order of the entries. One that refers to an entry with a problem is found when that one
// was taken out and the check is run again.
//
// `calendars` by id, then version, ascending.
std::vector<Problem> CheckUnits(std::span<const Unit> units,
                                std::span<const CalendarPtr> calendars);
// `sheets`: one for each procedure, or none at all.
std::vector<Problem> CheckProcedures(std::span<const Procedure> procedures,
                                     std::span<const ProcedureSheet> sheets,
                                     std::span<const Unit> units);

// FIELD_INVALID when the route of `procedure` cannot be what a process says: stages with gaps or
// out of order, no lead or two different ones, or legs that together (the longest of each stage)
// take longer than the whole term (domain.md §8.5: published processes do not always add up).
// Working hours are compared with working days by `office_day`, the office time of a full day:
// units of one route may differ in it, so give the longest, which refuses only what fits nowhere.
// Clock hours are compared with calendar days by 24 hours. Office time and wall-clock time, and
// months and anything else, are not compared: which is longer depends on the date.
Status CheckRoute(const Procedure& procedure, Micros office_day);

}  // namespace motcua::catalogue
