// Due dates: the one place where a term becomes an appointment (giấy hẹn). Used by intake inside
// the decision that receives a dossier, by routing for legs, by the deadline service, and by
// `motcua due`. Pure; any thread.
//
// Sources: Civil Code 2015 art. 145-148; NĐ 61/2018/NĐ-CP art. 17-19; domain.md §6.
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/deadline/term.h"

namespace motcua::deadline {

// Same-day procedures (0wd): received after this hour, the result is due on the next working day
// (hộ tịch, chứng thực; "sau 15 giờ", NĐ 23/2015 art. 7; domain.md §6.2). 15:00 sharp is not after.
inline constexpr std::chrono::minutes kSameDayCutoff{15 * 60};

// The clock stood still over [from, to).
struct Pause {
  ZonedTime from;
  ZonedTime to;
};

// The rules, in the order in which they are applied:
//
// 1. Receipt. What comes in outside office hours counts as received at the next opening (online at
//    night and at the weekend: the next working morning; before opening or at lunch: 07:30, 13:30).
//    A span's end is still inside it, for the receipt as for the result: at 17:00 sharp the day
//    that closes at 17:00 is not over (and 24:00 belongs to the day that ends). Every unit below
//    counts from there, but clock hours, which run from the receipt itself.
// 2. Working hours run from that moment inside office hours, exactly; DuePolicy changes nothing.
//    They end at the end of a span rather than at the beginning of the next. Clock hours run by the
//    wall clock, nights and days off included, exactly (NĐ 301/2026: 24 hours); they ask the
//    calendar for its zone alone.
// 3. Days and months of 0 end the same working day at closing, or the next when received after
//    kSameDayCutoff; DuePolicy changes nothing.
// 4. Working days: the n-th working day after the day of receipt (kNextDay); kAtOnce counts the day
//    of receipt as the first, so one day less. A fraction runs after the whole days, as that part
//    of the office time of a full day of the calendar: in kEndOfDay from the opening of the
//    following working day (0.5wd of a day of 450 minutes: 225 office minutes into it; kAtOnce
//    without a whole day: from the receipt), in kKeepHour from the clock reading of the receipt on
//    the day reached. It ends no later than a whole day in its place would, however short that is
//    (but for kAtOnce in kKeepHour, whose first whole day is no time at all).
// 5. Calendar days and months (Civil Code 2015 art. 147.2, 148): the same count of days, or the
//    same date number (else the last day) of the month; kAtOnce ends a day earlier. A last day that
//    is off rolls to the next working day.
// 6. kEndOfDay: closing of the last day. kKeepHour: the clock reading of the receipt on it, or the
//    last office instant before that reading where the day has other hours.
// 7. Pauses add up exactly before anything is rounded. In working units their office time, in the
//    others their wall-clock time since rule 1 is added to the end of the term as it is without
//    them, for calendar units to the last day before it rolled (in kEndOfDay a day for each day
//    begun); then rule 5's roll and rule 6's closing are applied once. A pause that begins after
//    the due date in force gains nothing; none makes the date earlier than it was by then.
//
// FIELD_INVALID when `pauses` are not ascending and apart from each other, or begin before the
// receipt. CALENDAR_OUT_OF_RANGE when the term runs beyond the days that the calendar covers.
Result<ZonedTime> ComputeDue(const calendar::Calendar& calendar, const ZonedTime& received,
                             const Term& term, const DuePolicy& policy,
                             std::span<const Pause> pauses = {});

// A due date together with what it was made of.
struct DueParts {
  CivilTime counted_from;  // rule 1; 24:00 at the closing of an office that works until midnight
  CivilDate last_day;      // before it rolls to a working day
  ZonedTime due;
};
// Without pauses.
Result<DueParts> ComputeDueParts(const calendar::Calendar& calendar, const ZonedTime& received,
                                 const Term& term, const DuePolicy& policy);

// What one pause did, in the order in which pauses came.
struct CountedPause {
  Pause pause;
  Micros time{0};      // of this pause, as the unit counts it; 0 where it gained nothing
  Micros together{0};  // with those before it
  ZonedTime due_before;
  ZonedTime due_after;
};
// Rule 7 on what ComputeDueParts gave; `counted`, where it is wanted, gets a row for each pause.
Result<DueParts> MoveByPauses(const calendar::Calendar& calendar, const DueParts& unpaused,
                              const Term& term, const DuePolicy& policy,
                              std::span<const Pause> pauses,
                              std::vector<CountedPause>* counted = nullptr);

// A due date that stands in a register without its term: moved by the office time of the pauses,
// then to a closing.
Result<ZonedTime> MoveRecordedDue(const calendar::Calendar& calendar, const ZonedTime& due,
                                  std::span<const Pause> pauses);

// Whether the unit counts by the wall clock, days off included, rather than by office time.
bool CountsWallTime(TermUnit unit);
bool CountsHours(TermUnit unit);

// A lead such as "8h" or "1wd" in minutes; a day is the office time of a full day of the calendar.
std::chrono::minutes LeadMinutes(const calendar::Calendar& calendar, const Term& lead);

// The instant `lead` before `due`, for due-soon alerts: of clock hours by the clock, of all other
// units in working minutes.
Result<ZonedTime> LeadBefore(const calendar::Calendar& calendar, const ZonedTime& due,
                             TermUnit unit, std::chrono::minutes lead);

// The instant `lead` working minutes before `due`, for due-soon alerts: at a span's border its
// beginning, so that an alert rings when somebody is there.
Result<ZonedTime> WorkingBefore(const calendar::Calendar& calendar, const ZonedTime& due,
                                std::chrono::minutes lead);

}  // namespace motcua::deadline
