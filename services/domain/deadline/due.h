// Due dates: the one place where a term becomes an appointment (giấy hẹn). Used by intake inside
// the decision that receives a dossier, by routing for legs, by the deadline service, and by
// `motcua due`. Pure; any thread.
//
// Sources: Civil Code 2015 art. 145-148; NĐ 61/2018/NĐ-CP art. 17-19; domain.md §6.
#pragma once

#include <chrono>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/deadline/term.h"

namespace motcua::deadline {

// Same-day procedures (0wd): received from this hour on, the result is due on the next working day
// (hộ tịch, chứng thực; NĐ 23/2015 art. 7; domain.md §6.2).
inline constexpr std::chrono::minutes kSameDayCutoff{15 * 60};

// The rules, in the order in which they are applied:
//
// 1. Receipt. What comes in outside office hours counts as received at the next opening (online at
//    night and at the weekend: the next working morning; before opening or at lunch: 07:30, 13:30).
//    Spans are half-open, so 17:00 sharp is after hours. Every unit below counts from there.
// 2. Working hours run from that moment inside office hours, exactly; DuePolicy changes nothing.
//    They end at the end of a span rather than at the beginning of the next.
// 3. Days and months of 0 end the same working day at closing, or the next when received from
//    kSameDayCutoff on; DuePolicy changes nothing.
// 4. Working days: the n-th working day after the day of receipt (kNextDay); kAtOnce counts the day
//    of receipt as the first, so one day less. A fraction runs after the whole days, as that part
//    of the office time of a full day: in kEndOfDay from the opening of the following working day
//    (0.5wd: 225 office minutes into it; kAtOnce without a whole day: from the receipt, at most to
//    that day's closing), in kKeepHour from the clock reading of the receipt on the day reached.
// 5. Calendar days and months (Civil Code 2015 art. 147.2, 148): the same count of days, or the
// same
//    date number (else the last day) of the month; kAtOnce ends a day earlier. A last day that is
//    off rolls to the next working day.
// 6. kEndOfDay: closing of the last day. kKeepHour: the clock reading of the receipt on it, or the
//    last office instant before that reading where the day has other hours.
//
// CALENDAR_OUT_OF_RANGE when the term runs beyond the days that the calendar covers.
Result<ZonedTime> ComputeDue(const calendar::Calendar& calendar, const ZonedTime& received,
                             const Term& term, const DuePolicy& policy);

// A due date together with what it was made of.
struct DueParts {
  CivilTime counted_from;  // rule 1
  CivilDate last_day;      // before it rolls to a working day
  ZonedTime due;
};
Result<DueParts> ComputeDueParts(const calendar::Calendar& calendar, const ZonedTime& received,
                                 const Term& term, const DuePolicy& policy);

// `due` after the clock stood still over [paused, resumed): it goes on with exactly the working
// minutes (for whole day, month terms in kEndOfDay mode: rounded up to the end of the office hours
// of the day) that were left at `paused`; terms in calendar days and months resume with the elapsed
// wall-clock time that was left and roll to a working day. A pause that begins after `due` gains
// nothing; no pause makes a due date earlier.
Result<ZonedTime> DueAfterPause(const calendar::Calendar& calendar, const ZonedTime& due,
                                const Term& term, const DuePolicy& policy, const ZonedTime& paused,
                                const ZonedTime& resumed);

// The instant `lead` working minutes before `due`, for due-soon alerts: at a span's border its
// beginning, so that an alert rings when somebody is there.
Result<ZonedTime> WorkingBefore(const calendar::Calendar& calendar, const ZonedTime& due,
                                std::chrono::minutes lead);

}  // namespace motcua::deadline
