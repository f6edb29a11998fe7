#include "services/platform/telemetry/calendar_reach.h"

#include "services/platform/telemetry/log.h"

namespace motcua::telemetry {
namespace {

using calendar::Calendar;

// They stand by id and version, so the newest of an id is the last.
std::vector<const Calendar*> NewestOf(const catalogue::Catalogue& catalogue) {
  std::vector<const Calendar*> newest;
  for (const auto& calendar : catalogue.calendars()) {
    if (!newest.empty() && newest.back()->id() == calendar->id()) newest.pop_back();
    newest.push_back(calendar.get());
  }
  return newest;
}

std::uint64_t DaysLeft(const Calendar& calendar, Instant now) {
  const CivilDate today = calendar.zone().ToZoned(now).date();
  if (!calendar.Decided(today)) return 0;
  return static_cast<std::uint64_t>(calendar.DecidedUntil(today) - today + 1);
}

}  // namespace

std::vector<CalendarReading> ReadCalendars(const catalogue::Catalogue& catalogue, Instant now) {
  std::vector<CalendarReading> readings;
  for (const Calendar* calendar : NewestOf(catalogue)) {
    readings.push_back({calendar->id().value(), DaysLeft(*calendar, now)});
  }
  return readings;
}

void LogCalendars(const catalogue::Catalogue& catalogue, Instant now) {
  for (const Calendar* calendar : NewestOf(catalogue)) {
    const std::uint64_t days = DaysLeft(*calendar, now);
    const bool low = days < kDecidedDaysLow;
    const auto log = low ? LogWarning : LogInfo;
    log(low ? "decided days of a calendar end soon: add the next year to the catalogue"
            : "calendar",
        {{"calendar", calendar->id().value()},
         {"version", calendar->version().value()},
         {"decided_days", days},
         {"known_until", FormatDate(calendar->last())}});
  }
}

}  // namespace motcua::telemetry
