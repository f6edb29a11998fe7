// What the rules of all topics have in common, and which topic an event belongs to.
#include "tests/simulation/rules.h"

#include <chrono>

#include "tests/support/slow_calendar.h"

namespace motcua::simulation {
namespace {

// How much of a lead lies between two moments: office time, but the clock's of clock hours.
Micros LeadBetween(const Counting& counting, const ZonedTime& from, const ZonedTime& to) {
  return counting.unit == deadline::TermUnit::kClockHours
             ? to.instant - from.instant
             : testing::SlowOfficeTime(counting.calendar.spec(), from, to);
}

}  // namespace

std::string JudgeEvent(const catalogue::Catalogue& catalogue, const Accepted& accepted,
                       const Line& line) {
  const cases::CaseEvent& event = accepted.event;
  if (line.nonsense || event.actor.value() == kNonsense) return {};
  if (event.at.instant > accepted.effective) return "counts before it happened";
  if (!HoldsLeaf<cases::UnknownPayload>(event.payload)) {
    if (line.newer) return "was decided on what nobody understands";
    // What a service does by itself goes on with the trace of what it answers.
    const bool of_manifest = event.StepOn(cases::AggregateKind::kManifest) != nullptr;
    if (event.cause != 0 && !of_manifest &&
        (event.cause > line.events.size() ||
         event.trace != TraceAfter(line.events[event.cause - 1]->event))) {
      return "does not go on with the trace of version " + std::to_string(event.cause);
    }
  }
  const Judging judging{catalogue, accepted, line};
  return std::visit(Overloaded{[](const cases::UnknownPayload&) { return std::string(); },
                               [&](const auto& of_topic) { return Judge(judging, of_topic); }},
                    event.payload);
}

void Note(const Accepted& accepted, Line& line) {
  line.nonsense = line.nonsense || accepted.event.actor.value() == kNonsense;
  NoteCorrigible(accepted, line);
  std::visit(Overloaded{[&](const cases::UnknownPayload&) { line.newer = true; },
                        [&](const auto& of_topic) { Note(accepted, of_topic, line); }},
             accepted.event.payload);
}

std::string Lawful(bool lawful) {
  return lawful ? std::string() : "the state before does not allow it";
}

std::string Say(const std::optional<ZonedTime>& time) {
  return time ? FormatZonedTime(*time) : "none";
}

const LegLine* LegOf(const Line& line, std::uint8_t leg) {
  return line.open() && leg >= 1 && leg <= line.legs.size() ? &line.legs[leg - 1U] : nullptr;
}

LegLine* LegAt(Line& line, std::uint8_t leg) {
  return leg >= 1 && leg <= line.legs.size() ? &line.legs[leg - 1U] : nullptr;
}

bool IsShipmentOpen(const Line& line) {
  using postal::ShipmentState;
  return line.shipment != ShipmentState::kNone && line.shipment != ShipmentState::kDelivered &&
         line.shipment != ShipmentState::kReturned;
}

const calendar::Calendar& CalendarOfUnit(const Judging& judging, const cases::UnitCode& unit) {
  return *judging.catalogue.FindCalendar(judging.catalogue.FindUnit(unit)->calendar);
}

ZonedTime CountedAt(const Accepted& accepted) {
  return {accepted.effective, accepted.event.at.offset};
}

std::string Names(const calendar::Calendar& calendar, const cases::CalendarUsed& used) {
  if (used == calendar.used() || used == cases::CalendarUsed{}) return {};
  return "names another calendar than " + calendar.id().value();
}

std::string SettingIs(const Counting& counting, const cases::ClockSetting& clock,
                      const ZonedTime& due) {
  if (clock.due != due) return "is due " + Say(clock.due) + ", the slow model says " + Say(due);
  if (clock.provisional) return "is provisional, and all days are decided";
  const ZonedTime& start = counting.start;
  const Micros lead = std::chrono::minutes(counting.lead_minutes);
  if (!clock.due_soon) {
    const bool none_owed = counting.lead_minutes <= 0 || due.instant <= start.instant ||
                           LeadBetween(counting, start, due) <= lead;
    return none_owed ? std::string() : "has no due-soon instant";
  }
  const ZonedTime soon = counting.calendar.zone().ToZoned(*clock.due_soon);
  if (soon.instant <= start.instant || LeadBetween(counting, soon, due) != lead) {
    return "is due soon at " + Say(soon);
  }
  return {};
}

std::string DueIs(const Counting& counting, const cases::ClockSetting& clock,
                  const deadline::Term& term, const deadline::DuePolicy& policy) {
  return SettingIs(counting, clock,
                   testing::SlowDue(counting.calendar.spec(), counting.start, term, policy));
}

}  // namespace motcua::simulation
