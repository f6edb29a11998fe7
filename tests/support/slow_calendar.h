// The slow model of due dates: walks the calendar day by day and minute by minute, straight from
// the list of days in the spec. Written apart from domain/calendar and domain/deadline (it shares
// only civil dates, terms, pauses and zones with them), so that the two can judge each other: in
// the unit tests over random cases, and in the simulation.
//
// A term that runs beyond the covered days is a CHECK here: ask the fast one first.
#pragma once

#include <vector>

#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/deadline/due.h"
#include "services/domain/deadline/term.h"

namespace motcua::testing {

bool SlowWorks(const calendar::CalendarSpec& spec, CivilDate date);
// Office time in [from, to).
Micros SlowOfficeTime(const calendar::CalendarSpec& spec, const ZonedTime& from,
                      const ZonedTime& to);
// With the pauses given, each of which counts if it begins before the date that is due by then.
ZonedTime SlowDue(const calendar::CalendarSpec& spec, const ZonedTime& received,
                  const deadline::Term& term, const deadline::DuePolicy& policy,
                  const std::vector<deadline::Pause>& pauses = {});
// A date from a register, without its term.
ZonedTime SlowRecordedDue(const calendar::CalendarSpec& spec, const ZonedTime& due,
                          const std::vector<deadline::Pause>& pauses);

}  // namespace motcua::testing
