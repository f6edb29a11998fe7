#include "services/domain/cases/clock.h"

namespace motcua::cases {
namespace {

// Before the clock stops at `at`: a date that is over by then stays missed.
void NoteStop(Clock& clock, const ZonedTime& at) {
  if (!clock.now.due || clock.standing()) return;
  const ZonedTime due = *clock.now.due;
  if (!clock.missed && at.instant > due.instant) clock.missed = MissedDue{due, at};
  if (!clock.missed_by_date && ZonedTime{at.instant, due.offset}.date() > due.date()) {
    clock.missed_by_date = MissedDue{due, at};
  }
}

}  // namespace

void StartClock(Dossier& dossier, const DossierReceived& received) {
  Clock& clock = dossier.clock;
  clock.calendar = received.calendar;
  clock.calendar_version = received.calendar_version;
  clock.term = received.term;
  clock.policy = received.due_policy;
  clock.supplement = received.supplement;
  clock.due_soon_lead_minutes = received.due_soon_lead_minutes;
  clock.start = received.clock_start;
  clock.first_due = received.clock.due;
  clock.first_provisional = received.clock.provisional;
  clock.now = received.clock;
  clock.alerts_from = received.clock_start.instant;
}

void ImportClock(Dossier& dossier, const DossierImported& imported, Instant effective) {
  Clock& clock = dossier.clock;
  clock.calendar = imported.calendar;
  clock.calendar_version = imported.calendar_version;
  clock.supplement = deadline::SupplementPolicy::kPause;  // the register's own term is unknown
  clock.start = imported.opened;
  clock.first_due = imported.due;
  clock.now.due = imported.due;
  clock.alerts_from = effective;
}

void NoteMove(Clock& clock, const ZonedTime& until) {
  if (!clock.now.due || clock.standing()) return;
  const ZonedTime due = *clock.now.due;
  const auto from = [&](Instant passed) {
    const ZonedTime passing{passed, due.offset};
    if (clock.pauses.empty() || clock.pauses.back().to->instant < passed) return passing;
    return *clock.pauses.back().to;
  };
  if (!clock.missed && until.instant > due.instant) {
    clock.missed = MissedDue{due, from(due.instant + Micros(1))};
  }
  if (!clock.missed_by_date && ZonedTime{until.instant, due.offset}.date() > due.date()) {
    clock.missed_by_date = MissedDue{due, from(StartOfDay(due.date() + 1, due.offset))};
  }
}

void PauseClockAt(Clock& clock, PauseReason reason, const ZonedTime& at) {
  NoteStop(clock, at);
  if (clock.pauses.size() < kPausesMax) clock.pauses.push_back({reason, at, {}, clock.now.due});
}

void ResumeClockAt(Dossier& dossier, const ClockResumed& resumed, const Parts& parts) {
  if (parts.clock) {
    Clock& clock = dossier.clock;
    if (clock.standing()) clock.pauses.back().to = resumed.resumed;
    clock.now = resumed.clock;
    if (resumed.calendar.version.value() != 0) {
      clock.calendar = resumed.calendar.id;
      clock.calendar_version = resumed.calendar.version;
    }
    if (resumed.restarted) clock.start = resumed.resumed;
  }
  if (parts.route) {
    for (const LegDue& leg_due : resumed.legs) {
      if (leg_due.leg < 1 || leg_due.leg > dossier.route.legs.size()) continue;
      routing::Leg& leg = dossier.route.legs[leg_due.leg - 1U];
      leg.due = leg_due.clock.due;
      leg.due_soon = leg_due.clock.due_soon;
      leg.provisional = leg_due.clock.provisional;
      leg.calendar = leg_due.calendar;
    }
  }
}

void EndAt(Dossier& dossier, Stage stage, Outcome outcome, const ZonedTime& at) {
  dossier.stage = stage;
  dossier.outcome = outcome;
  dossier.resolved = at;
  if (dossier.clock.standing()) dossier.clock.pauses.back().to = at;
}

}  // namespace motcua::cases
