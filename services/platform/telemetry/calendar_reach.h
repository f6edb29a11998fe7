// How far the decided days of the catalogue's calendars reach. A year is decided in October of the
// year before: who runs the process should hear in good time that its catalogue does not know of
// it.
#pragma once

#include <cstdint>
#include <vector>

#include "services/domain/catalogue/catalogue.h"
#include "services/platform/telemetry/exporter.h"

namespace motcua::telemetry {

// Below so many days the start line is a warning; deploy/prometheus/alerts.yml says the same. The
// decision for a year has come by then, and most terms still end before its first day.
inline constexpr std::uint64_t kDecidedDaysLow = 60;

// One for each calendar, by its newest version: the days from the one of `now` on.
std::vector<CalendarReading> ReadCalendars(const catalogue::Catalogue& catalogue, Instant now);
// The same, and what lies after it, a log line for each calendar.
void LogCalendars(const catalogue::Catalogue& catalogue, Instant now);

}  // namespace motcua::telemetry
