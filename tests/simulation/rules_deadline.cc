// The rules of deadline: the clock stands and goes on, alerts are raised and acknowledged.
#include <algorithm>

#include "tests/simulation/rules.h"
#include "tests/simulation/workload.h"
#include "tests/support/slow_calendar.h"

namespace motcua::simulation {
namespace {

using cases::Stage;

// All standstills with the one that ends now, as far as they lie after `start`.
std::vector<deadline::Pause> PausesFrom(const Line& line, const ZonedTime& start,
                                        const cases::ClockResumed& e) {
  std::vector<deadline::Pause> pauses;
  const auto add = [&](const ZonedTime& from, const ZonedTime& to) {
    if (to.instant <= start.instant) return;
    pauses.push_back({from.instant < start.instant ? start : from, to});
  };
  for (const deadline::Pause& pause : line.pauses) add(pause.from, pause.to);
  add(e.paused_from, e.resumed);
  return pauses;
}

std::string JudgeResumedLegs(const Judging& judging, const cases::ClockResumed& e) {
  const Line& line = judging.line;
  std::size_t running = 0;
  for (std::size_t i = 0; i < line.legs.size(); ++i) {
    const LegLine& leg = line.legs[i];
    if (!leg.running() || !leg.due) continue;
    const std::size_t at = running++;
    if (at >= e.legs.size() || e.legs[at].leg != i + 1) return "forgets a running leg";
    const calendar::Calendar& calendar = CalendarOfUnit(judging, leg.unit);
    const ZonedTime due = testing::SlowDue(calendar.spec(), leg.counted_from, leg.term, line.policy,
                                           PausesFrom(line, leg.counted_from, e));
    std::string wrong = Names(calendar, e.legs[at].calendar);
    if (wrong.empty()) {
      wrong =
          SettingIs({calendar, e.resumed, leg.term.unit, line.lead_minutes}, e.legs[at].clock, due);
    }
    if (!wrong.empty()) return "leg " + std::to_string(i + 1) + " " + wrong;
  }
  return running == e.legs.size() ? std::string() : "moves a leg that does not run";
}

std::string JudgeResumed(const Judging& judging, const cases::ClockResumed& e) {
  const Line& line = judging.line;
  if (!line.standing) return Lawful(false);
  if (e.paused_from != line.standing_from) {
    return "takes the pause to begin at " + Say(e.paused_from) + ", but it began at " +
           Say(line.standing_from);
  }
  if (e.resumed != judging.event().at) return "does not resume when it says";
  if (line.due) {
    const calendar::Calendar& calendar = *judging.catalogue.FindCalendar(line.calendar);
    const auto& spec = calendar.spec();
    ZonedTime due;
    if (e.restarted) {
      due = testing::SlowDue(spec, e.resumed, line.term, line.policy);
    } else if (line.imported) {
      due = testing::SlowRecordedDue(spec, *line.recorded_due, PausesFrom(line, ZonedTime{}, e));
    } else {
      due = testing::SlowDue(spec, line.counted_from, line.term, line.policy,
                             PausesFrom(line, line.counted_from, e));
    }
    std::string wrong = Names(calendar, e.calendar);
    if (wrong.empty()) {
      wrong = SettingIs({calendar, e.resumed, line.term.unit, line.lead_minutes}, e.clock, due);
    }
    if (!wrong.empty()) return wrong;
  }
  return JudgeResumedLegs(judging, e);
}

// Of a clock that runs, for its present due date, not before its instant, and never again.
std::string JudgeRaised(const Judging& judging, const cases::AlertKey& key) {
  const Line& line = judging.line;
  if (line.alerts.contains(key)) return "was raised before";
  if (!line.clock_runs()) return "is raised while the clock stands";
  std::optional<ZonedTime> due = line.due;
  std::optional<Instant> soon = line.due_soon;
  if (key.leg != 0) {
    const LegLine* leg = LegOf(line, key.leg);
    if (leg == nullptr || !leg->running()) return "is raised for a leg that does not run";
    due = leg->due;
    soon = leg->due_soon;
  }
  if (!due || due->instant != key.due) return "is not about the present due date";
  const bool over = key.kind == cases::AlertKind::kOverdue;
  if (!over && !soon) return "has no due-soon instant";
  // By the instant of its decision: others may have been ahead when it counted.
  if (!over && judging.event().at.instant > due->instant) return "warns of a date that has passed";
  if (!over && line.alerts.contains({cases::AlertKind::kOverdue, key.leg, key.due})) {
    return "warns of what has been said to be late";
  }
  const Instant effective = judging.accepted.effective;
  const bool reached = over ? effective > due->instant : effective >= *soon;
  return reached ? std::string() : "is raised early";
}

void NoteResumed(const cases::ClockResumed& e, Line& line) {
  line.stage = Stage::kProcessing;
  line.standing = false;
  line.pauses.push_back({line.standing_from, e.resumed});
  if (e.restarted) line.counted_from = e.resumed;
  line.due = e.clock.due;
  line.due_soon = e.clock.due_soon;
  for (const cases::LegDue& due : e.legs) {
    if (LegLine* leg = LegAt(line, due.leg)) {
      leg->due = due.clock.due;
      leg->due_soon = due.clock.due_soon;
    }
  }
}

}  // namespace

// ---- What the log may say ----------------------------------------------------------------------

std::string Judge(const Judging& judging, const cases::DeadlinePayload& payload) {
  return std::visit(Overloaded{
                        [&](const cases::ClockPaused&) {
                          return Lawful(judging.line.stage == Stage::kProcessing);
                        },
                        [&](const cases::ClockResumed& e) { return JudgeResumed(judging, e); },
                        [&](const cases::AlertRaised& e) { return JudgeRaised(judging, e.alert); },
                        [&](const cases::AlertAcknowledged& e) {
                          return Lawful(judging.line.alerts.contains(e.alert));
                        },
                    },
                    payload);
}

void Note(const Accepted& accepted, const cases::DeadlinePayload& payload, Line& line) {
  std::visit(
      Overloaded{
          [&](const cases::ClockPaused&) { line.Stand(Stage::kPaused, CountedAt(accepted)); },
          [&](const cases::ClockResumed& e) { NoteResumed(e, line); },
          [&](const cases::AlertRaised& e) { line.alerts.insert(e.alert); },
          NothingFor<cases::AlertAcknowledged>{},
      },
      payload);
}

Amending AmendingOf(const cases::DeadlinePayload& payload) {
  return std::visit(Overloaded{
                        [](const cases::ClockPaused&) { return Amending{}; },
                        [](const cases::ClockResumed&) { return Amending{}; },
                        [](const cases::AlertRaised&) {
                          return Amending{.can_be_taken_back = false, .is_fact = true};
                        },
                        [](const cases::AlertAcknowledged&) { return Amending{.is_fact = true}; },
                    },
                    payload);
}

// ---- What is asked -----------------------------------------------------------------------------

std::string_view LeadsTo(const cases::DeadlineAction& action) {
  using cases::kPayloadName;
  return std::visit(
      Overloaded{
          [](const cases::PauseClock&) { return kPayloadName<cases::ClockPaused>; },
          [](const cases::ResumeClock&) { return kPayloadName<cases::ClockResumed>; },
          [](const cases::RaiseAlert&) { return kPayloadName<cases::AlertRaised>; },
          [](const cases::AcknowledgeAlert&) { return kPayloadName<cases::AlertAcknowledged>; },
      },
      action);
}

std::optional<cases::Action> Workload::FittingDeadline(const cases::Dossier& dossier) {
  const bool unread = std::any_of(dossier.alerts.begin(), dossier.alerts.end(),
                                  [](const cases::Alert& alert) { return !alert.acknowledged; });
  if (!unread || !random_.Chance(300)) return std::nullopt;
  return cases::AcknowledgeAlert{dossier.alerts.back().key.kind, dossier.alerts.back().key.leg};
}

}  // namespace motcua::simulation
