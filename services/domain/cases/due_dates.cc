#include "services/domain/cases/due_dates.h"

#include <algorithm>

#include "services/domain/cases/decide.h"
#include "services/domain/deadline/due.h"

namespace motcua::cases {
namespace {

using calendar::Calendar;
using catalogue::Catalogue;

// A due date, and the calendar that it rests on.
struct Dated {
  const Calendar* calendar;
  ZonedTime due;
};

// Counts on from `at` by the version that the present due date rests on, where that one knows all
// days until the new date to be decided; else by the newest version. Of the calendar of `unit`
// where its own is not known: an older event does not say, a register may name a unit that came
// later. So a version that came later frees a clock whose own calendar has ended, and changes
// nothing that was decided before.
template <typename Count>
Result<Dated> CountOn(const Catalogue& catalogue, const CalendarUsed& own, const UnitCode& unit,
                      const ZonedTime& at, Count count) {
  const Calendar* newest = catalogue.FindCalendar(own.id);
  if (newest == nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(newest, CalendarOfUnit(catalogue, unit));
  }
  const Calendar* const older = catalogue.FindCalendar(own.id, own.version);
  if (older != nullptr && older != newest) {
    const Result<ZonedTime> due = count(*older);
    const CivilDate from = older->zone().ToZoned(at.instant).date();
    if (due.ok() && older->Decided(from, due->date())) return Dated{older, *due};
  }
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due, count(*newest));
  return Dated{newest, due};
}

// Pauses move a due date later or not at all: one that was given out by an older rule stays given.
ZonedTime NotBefore(const ZonedTime& given, const ZonedTime& due) {
  return due.instant < given.instant ? given : due;
}

// When its clock goes on at `at`: counted anew, or from its start with all pauses, unrounded.
Result<ZonedTime> DueOnResuming(const Dossier& dossier, const Calendar& calendar,
                                const ZonedTime& at, bool restarted) {
  const Clock& clock = dossier.clock;
  if (restarted) return deadline::ComputeDue(calendar, at, clock.term, clock.policy);
  if (!dossier.origin) {
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due,
                            deadline::ComputeDue(calendar, clock.start, clock.term, clock.policy,
                                                 PausesSince(clock, clock.start, at)));
    return NotBefore(*clock.now.due, due);
  }
  // A register says when, not how long; its receipt may lie in the future. All pauses move it.
  const Pause& first = clock.pauses.front();
  MOTCUA_ASSIGN_OR_RETURN(
      const ZonedTime due,
      deadline::MoveRecordedDue(calendar, first.due_before.value_or(*clock.now.due),
                                PausesSince(clock, first.from, at)));
  return NotBefore(*clock.now.due, due);
}

Result<ZonedTime> LegDueOnResuming(const Clock& clock, const routing::Leg& leg,
                                   const Calendar& calendar, const ZonedTime& at) {
  const ZonedTime start = leg.counted_from.value_or(*leg.acknowledged);
  MOTCUA_ASSIGN_OR_RETURN(
      const ZonedTime due,
      deadline::ComputeDue(calendar, start, leg.term, clock.policy, PausesSince(clock, start, at)));
  return NotBefore(*leg.due, due);
}

}  // namespace

Result<ClockSetting> SettingFor(const Calendar& calendar, const ZonedTime& due,
                                deadline::TermUnit unit, std::int32_t lead_minutes, Instant start) {
  ClockSetting setting{due, {}};
  const CivilDate from = calendar.zone().ToZoned(start).date();
  setting.provisional = unit != deadline::TermUnit::kClockHours &&
                        !calendar.Decided(std::min(from, due.date()), due.date());
  if (lead_minutes > 0) {
    const Result<ZonedTime> soon =
        deadline::LeadBefore(calendar, due, unit, std::chrono::minutes(lead_minutes));
    // A lead that reaches before the calendar's first day means no due-soon alert, not a refusal.
    if (soon.ok() && soon->instant > start) setting.due_soon = soon->instant;
  }
  return setting;
}

Result<ClockResumed> Resume(const Dossier& dossier, const Catalogue& catalogue,
                            const ZonedTime& at) {
  const Clock& clock = dossier.clock;
  // A fold of what others wrote: the caller that resumes gets the error, and nobody else is harmed.
  if (!clock.standing()) {
    return Status(Reason::kInternal,
                  "dossier " + dossier.code.value() + " waits, but its clock was never stopped");
  }
  const Pause& pause = clock.pauses.back();
  ClockResumed resumed;
  resumed.reason = pause.reason;
  resumed.paused_from = pause.from;
  resumed.resumed = at;
  resumed.restarted = pause.reason == PauseReason::kSupplement &&
                      clock.supplement == deadline::SupplementPolicy::kRestart;
  if (clock.now.due) {
    MOTCUA_ASSIGN_OR_RETURN(
        const Dated dated, CountOn(catalogue, {clock.calendar, clock.calendar_version},
                                   UnitOf(dossier.code), at, [&](const Calendar& calendar) {
                                     return DueOnResuming(dossier, calendar, at, resumed.restarted);
                                   }));
    MOTCUA_ASSIGN_OR_RETURN(resumed.clock, SettingFor(*dated.calendar, dated.due, clock.term.unit,
                                                      clock.due_soon_lead_minutes, at.instant));
    resumed.calendar = dated.calendar->used();
  }
  for (std::size_t i = 0; i < dossier.route.legs.size(); ++i) {
    const routing::Leg& leg = dossier.route.legs[i];
    if (!leg.running() || !leg.due || !leg.acknowledged) continue;
    MOTCUA_ASSIGN_OR_RETURN(
        const Dated dated,
        CountOn(catalogue, leg.calendar, leg.unit, at, [&](const Calendar& calendar) {
          return LegDueOnResuming(clock, leg, calendar, at);
        }));
    MOTCUA_ASSIGN_OR_RETURN(const ClockSetting setting,
                            SettingFor(*dated.calendar, dated.due, leg.term.unit,
                                       clock.due_soon_lead_minutes, at.instant));
    resumed.legs.push_back({static_cast<std::uint8_t>(i + 1), setting, dated.calendar->used()});
  }
  return resumed;
}

}  // namespace motcua::cases
