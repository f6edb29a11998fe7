#include "services/domain/catalogue/catalogue.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace motcua::catalogue {
namespace {

using calendar::Calendar;
using calendar::CalendarId;
using calendar::CalendarVersion;
using CalendarPtr = std::shared_ptr<const Calendar>;

bool Before(const CalendarPtr& a, const CalendarPtr& b) {
  return std::pair(a->id(), a->version()) < std::pair(b->id(), b->version());
}

std::string PathOf(std::string_view list, const std::string& key) {
  return std::string(list) + "[" + key + "]";
}

// Stages count from 1, in order, without gaps.
Status CheckStages(const Procedure& procedure) {
  int stage = 0;
  for (const LegTemplate& leg : procedure.route) {
    if (leg.stage != stage && leg.stage != stage + 1) {
      return FieldError(
          PathOf("procedures", procedure.code.value()) + ".route",
          "stage " + std::to_string(leg.stage) + " follows stage " + std::to_string(stage));
    }
    stage = leg.stage;
  }
  return OkStatus();
}

// How long a term is, in what can be compared: terms of unequal `family` cannot.
struct Length {
  enum class Family : std::uint8_t { kOfficeTime, kWallTime, kMonths } family;
  std::int64_t amount;  // microseconds; of months: thousandths of a month
};

// Office days are whole minutes long, so no thousandth is lost.
std::int64_t Amount(const deadline::Term& term, Micros unit) {
  constexpr std::int64_t kMilli = 1000;
  return term.milli * (unit.count() / kMilli);
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

const deadline::Term& Procedure::TermFor(cases::Channel channel) const {
  if (channel == cases::Channel::kOnline && term_online) return *term_online;
  if (channel == cases::Channel::kPostal && term_postal) return *term_postal;
  return term;
}

Status CheckRoute(const Procedure& procedure, Micros office_day) {
  if (procedure.route.empty()) return OkStatus();
  MOTCUA_RETURN_IF_ERROR(CheckStages(procedure));
  const std::string field = PathOf("procedures", procedure.code.value()) + ".route";
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

Result<std::shared_ptr<const Catalogue>> Catalogue::Make(std::vector<Unit> units,
                                                         std::vector<Procedure> procedures,
                                                         std::vector<CalendarPtr> calendars) {
  std::shared_ptr<Catalogue> made(new Catalogue());
  std::sort(calendars.begin(), calendars.end(), Before);
  for (std::size_t i = 1; i < calendars.size(); ++i) {
    if (Before(calendars[i - 1], calendars[i])) continue;
    return FieldError(
        PathOf("calendars", calendars[i]->id().value()),
        "version " + std::to_string(calendars[i]->version().value()) + " stands twice");
  }
  made->calendars_ = std::move(calendars);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::string field = PathOf("units", units[i].code.value());
    if (!made->unit_index_.emplace(units[i].code, i).second)
      return FieldError(field, "stands twice");
    if (made->FindCalendar(units[i].calendar) == nullptr) {
      return FieldError(field + ".calendar", "\"" + units[i].calendar.value() + "\" is unknown");
    }
  }
  made->units_ = std::move(units);
  for (std::size_t i = 0; i < procedures.size(); ++i) {
    const Procedure& procedure = procedures[i];
    const std::string field = PathOf("procedures", procedure.code.value());
    if (!made->procedure_index_.emplace(procedure.code, i).second) {
      return FieldError(field, "stands twice");
    }
    MOTCUA_RETURN_IF_ERROR(CheckStages(procedure));
    for (const LegTemplate& leg : procedure.route) {
      if (leg.unit && made->FindUnit(*leg.unit) == nullptr) {
        return FieldError(field + ".route", "unit \"" + leg.unit->value() + "\" is unknown");
      }
    }
  }
  made->procedures_ = std::move(procedures);
  return std::shared_ptr<const Catalogue>(std::move(made));
}

const Unit* Catalogue::FindUnit(const cases::UnitCode& code) const {
  const auto found = unit_index_.find(code);
  return found == unit_index_.end() ? nullptr : &units_[found->second];
}

const Procedure* Catalogue::FindProcedure(const cases::ProcedureCode& code) const {
  const auto found = procedure_index_.find(code);
  return found == procedure_index_.end() ? nullptr : &procedures_[found->second];
}

const Calendar* Catalogue::FindCalendar(const CalendarId& id) const {
  const auto after = std::upper_bound(
      calendars_.begin(), calendars_.end(), id,
      [](const CalendarId& wanted, const CalendarPtr& c) { return wanted < c->id(); });
  if (after == calendars_.begin() || (*std::prev(after))->id() != id) return nullptr;
  return std::prev(after)->get();
}

const Calendar* Catalogue::FindCalendar(const CalendarId& id, CalendarVersion version) const {
  for (const CalendarPtr& candidate : calendars_) {
    if (candidate->id() == id && candidate->version() == version) return candidate.get();
  }
  return nullptr;
}

}  // namespace motcua::catalogue
