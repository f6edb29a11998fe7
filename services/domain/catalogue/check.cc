#include "services/domain/catalogue/check.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

namespace motcua::catalogue {
namespace {

using calendar::Calendar;

using UnitIndex = std::unordered_map<cases::UnitCode, std::size_t>;

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

// The highest version of a calendar; null when there is none.
const Calendar* NewestOf(std::span<const CalendarPtr> calendars, const calendar::CalendarId& id) {
  const Calendar* newest = nullptr;
  for (const CalendarPtr& candidate : calendars) {
    if (candidate->id() == id) newest = candidate.get();  // versions ascend
  }
  return newest;
}

// ---- Units -------------------------------------------------------------------------------------

class UnitCheck {
 public:
  UnitCheck(std::span<const Unit> units, std::span<const CalendarPtr> calendars)
      : units_(units), calendars_(calendars) {
    for (std::size_t i = 0; i < units.size(); ++i) index_.emplace(units[i].code, i);
    for (const Unit& unit : units) {
      parents_.push_back(unit.parent ? IndexOf(*unit.parent) : kNowhere);
    }
  }

  std::vector<Problem> Run() {
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (index_.at(units_[i].code) != i) {
        Add(i, kind::kTwice, "", "stands twice");
        continue;
      }
      CheckCalendar(i);
      CheckParent(i);
      CheckEnd(i);
    }
    return std::move(problems_);
  }

 private:
  void Add(std::size_t index, std::string_view kind, std::string field, std::string what) {
    problems_.push_back({index, kind, std::move(field), std::move(what)});
  }
  std::size_t IndexOf(const cases::UnitCode& code) const {
    const auto found = index_.find(code);
    return found == index_.end() ? kNowhere : found->second;
  }

  void CheckCalendar(std::size_t i) {
    const Unit& unit = units_[i];
    const Calendar* const calendar = NewestOf(calendars_, unit.calendar);
    if (calendar == nullptr) {
      Add(i, kind::kUnknown, ".calendar", Quoted(unit.calendar.value()) + " is unknown");
      return;
    }
    for (const std::optional<CivilDate>& day : {unit.valid.from, unit.valid.to}) {
      if (!day || calendar->Covers(*day)) continue;
      Add(i, kind::kNoCalendar, ".calendar",
          Quoted(unit.calendar.value()) + " has no days of " + std::to_string(Split(*day).year) +
              ", when the unit is in force");
    }
  }

  void CheckParent(std::size_t i) {
    const Unit& unit = units_[i];
    if (!unit.parent) return;
    if (parents_[i] == kNowhere) {
      Add(i, kind::kUnknown, ".parent", "unit " + Quoted(unit.parent->value()) + " is unknown");
      return;
    }
    std::size_t at = parents_[i];
    for (std::size_t steps = 0; at != kNowhere && steps < units_.size(); ++steps) {
      if (at == i) return Add(i, kind::kCycle, ".parent", "the unit is above itself");
      at = parents_[at];
    }
  }

  void CheckEnd(std::size_t i) {
    const Unit& unit = units_[i];
    if (unit.valid.empty()) {
      Add(i, kind::kValidity, ".valid_to", "lies before valid_from");
      return;
    }
    if (!unit.valid.to) {
      if (!unit.successors.empty()) {
        Add(i, kind::kDeadEnd, ".successors", "are given for a unit without an end (valid_to)");
      }
      return;
    }
    if (unit.successors.empty()) {
      Add(i, kind::kDeadEnd, ".successors",
          "are missing: on " + FormatDate(*unit.valid.to) +
              " the unit ends, and its dossiers would have nowhere to go");
      return;
    }
    for (const cases::UnitCode& code : unit.successors) CheckSuccessor(i, code);
    if (LeadsBack(i)) Add(i, kind::kCycle, ".successors", "lead back to the unit itself");
  }

  void CheckSuccessor(std::size_t i, const cases::UnitCode& code) {
    const std::size_t next = IndexOf(code);
    if (next == kNowhere) {
      Add(i, kind::kUnknown, ".successors", "unit " + Quoted(code.value()) + " is unknown");
    } else if (next != i && !units_[next].valid.Holds(*units_[i].valid.to + 1)) {
      Add(i, kind::kDeadEnd, ".successors",
          "unit " + Quoted(code.value()) + " is not in force on the day after, " +
              FormatDate(*units_[i].valid.to + 1));
    }
  }

  bool LeadsBack(std::size_t from) const {
    std::vector<bool> seen(units_.size(), false);
    std::vector<std::size_t> open = {from};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      for (const cases::UnitCode& code : units_[at].successors) {
        const std::size_t next = IndexOf(code);
        if (next == from) return true;
        if (next == kNowhere || seen[next]) continue;
        seen[next] = true;
        open.push_back(next);
      }
    }
    return false;
  }

  std::span<const Unit> units_;
  std::span<const CalendarPtr> calendars_;
  UnitIndex index_;
  std::vector<std::size_t> parents_;
  std::vector<Problem> problems_;
};

// ---- Procedures --------------------------------------------------------------------------------

// Stages count from 1, in order, without gaps.
std::optional<std::string> StageProblem(const Procedure& procedure) {
  int stage = 0;
  for (const LegTemplate& leg : procedure.route) {
    if (leg.stage != stage && leg.stage != stage + 1) {
      return "stage " + std::to_string(leg.stage) + " follows stage " + std::to_string(stage);
    }
    stage = leg.stage;
  }
  return std::nullopt;
}

// Another version of a procedure that was seen before, with which this one cannot be.
std::optional<Problem> ClashOf(std::span<const Procedure> procedures, std::size_t i,
                               const std::vector<std::size_t>& before) {
  const Procedure& procedure = procedures[i];
  for (const std::size_t other : before) {
    if (procedures[other].version == procedure.version) {
      return Problem{i, kind::kTwice, "", "stands twice"};
    }
    if (procedures[other].valid.Overlaps(procedure.valid)) {
      return Problem{i, kind::kOverlap, "",
                     "version " + std::to_string(procedure.version) + " (" +
                         FormatValidity(procedure.valid) + ") overlaps version " +
                         std::to_string(procedures[other].version) + " (" +
                         FormatValidity(procedures[other].valid) + ")"};
    }
  }
  return std::nullopt;
}

void CheckRouteUnits(std::size_t i, const Procedure& procedure, std::span<const Unit> units,
                     const UnitIndex& index, std::vector<Problem>& problems) {
  if (const auto problem = StageProblem(procedure)) {
    problems.push_back({i, kind::kRoute, ".route", *problem});
  }
  for (const LegTemplate& leg : procedure.route) {
    if (!leg.unit) continue;
    const std::string unit = "unit " + Quoted(leg.unit->value());
    const auto found = index.find(*leg.unit);
    if (found == index.end()) {
      problems.push_back({i, kind::kUnknown, ".route", unit + " is unknown"});
    } else if (!units[found->second].valid.Overlaps(procedure.valid)) {
      problems.push_back({i, kind::kDeadEnd, ".route",
                          unit + " (" + FormatValidity(units[found->second].valid) +
                              ") is never in force while the procedure is (" +
                              FormatValidity(procedure.valid) + ")"});
    }
  }
}

void CheckSheet(std::size_t i, const Procedure& procedure, const ProcedureSheet& sheet,
                std::vector<Problem>& problems) {
  if (sheet.status == LawStatus::kProposed) {
    problems.push_back({i, kind::kValidity, "",
                        "what is only proposed decides nothing; load it when it is decided"});
  }
  if (sheet.statutory_term && sheet.statutory_term->unit == procedure.term.unit &&
      sheet.statutory_term->milli < procedure.term.milli) {
    problems.push_back({i, kind::kTerm, ".term",
                        deadline::FormatTerm(procedure.term) + " is longer than the law's " +
                            deadline::FormatTerm(*sheet.statutory_term)});
  }
}

// ---- Routes against terms ----------------------------------------------------------------------

// How long a term is, in what can be compared: terms of unequal `family` cannot.
struct Length {
  enum class Family : std::uint8_t { kOfficeTime, kWallTime, kMonths } family;
  std::int64_t amount;  // microseconds; of months: thousandths of a month
};

// Office days are whole minutes long, so no thousandth is lost.
std::int64_t Amount(const deadline::Term& term, Micros unit) {
  constexpr std::int64_t kThousand = 1000;
  return term.milli * (unit.count() / kThousand);
}

Length LengthOf(const deadline::Term& term, Micros office_day) {
  using deadline::TermUnit;
  constexpr Micros kHour = std::chrono::hours(1);
  constexpr Micros kWallDay = std::chrono::hours(24);
  switch (term.unit) {
    case TermUnit::kWorkingDays:
      return {Length::Family::kOfficeTime, Amount(term, office_day)};
    case TermUnit::kWorkingHours:
      return {Length::Family::kOfficeTime, Amount(term, kHour)};
    case TermUnit::kCalendarDays:
      return {Length::Family::kWallTime, Amount(term, kWallDay)};
    case TermUnit::kClockHours:
      return {Length::Family::kWallTime, Amount(term, kHour)};
    case TermUnit::kMonths:
      break;
  }
  return {Length::Family::kMonths, term.milli};
}

// The sum of the longest leg of each stage, or nullopt if a leg cannot be compared with the whole.
std::optional<std::int64_t> RouteLength(const Procedure& procedure, Length::Family whole,
                                        Micros office_day) {
  std::int64_t total = 0;
  std::int64_t longest = 0;
  int stage = 0;
  for (const LegTemplate& leg : procedure.route) {
    const Length length = LengthOf(leg.term, office_day);
    if (length.family != whole) return std::nullopt;
    if (leg.stage != stage) {
      total += longest;
      longest = 0;
      stage = leg.stage;
    }
    longest = std::max(longest, length.amount);
  }
  return total + longest;
}

}  // namespace

std::vector<Problem> CheckUnits(std::span<const Unit> units,
                                std::span<const CalendarPtr> calendars) {
  return UnitCheck(units, calendars).Run();
}

std::vector<Problem> CheckProcedures(std::span<const Procedure> procedures,
                                     std::span<const ProcedureSheet> sheets,
                                     std::span<const Unit> units) {
  UnitIndex index;
  for (std::size_t i = 0; i < units.size(); ++i) index.emplace(units[i].code, i);
  std::unordered_map<cases::ProcedureCode, std::vector<std::size_t>> versions;
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < procedures.size(); ++i) {
    const Procedure& procedure = procedures[i];
    std::vector<std::size_t>& before = versions[procedure.code];
    if (auto clash = ClashOf(procedures, i, before)) {
      problems.push_back(*std::move(clash));
      continue;
    }
    before.push_back(i);
    if (procedure.valid.empty()) {
      problems.push_back({i, kind::kValidity, ".valid_to", "lies before valid_from"});
    }
    CheckRouteUnits(i, procedure, units, index, problems);
    if (!sheets.empty()) CheckSheet(i, procedure, sheets[i], problems);
  }
  return problems;
}

Status CheckRoute(const Procedure& procedure, Micros office_day) {
  if (procedure.route.empty()) return OkStatus();
  const std::string field = "procedures[" + procedure.code.value() + "].route";
  if (const auto problem = StageProblem(procedure)) return FieldError(field, *problem);
  const LegTemplate* lead = nullptr;
  for (const LegTemplate& leg : procedure.route) {
    if (!leg.lead) continue;
    if (lead != nullptr && lead->unit != leg.unit) return FieldError(field, "has two leads");
    lead = &leg;
  }
  if (lead == nullptr) return FieldError(field, "has no lead");
  const Length whole = LengthOf(procedure.term, office_day);
  const std::optional<std::int64_t> legs = RouteLength(procedure, whole.family, office_day);
  if (legs && *legs > whole.amount) {
    return FieldError(
        field, "the legs take longer than the whole term " + deadline::FormatTerm(procedure.term));
  }
  return OkStatus();
}

}  // namespace motcua::catalogue
