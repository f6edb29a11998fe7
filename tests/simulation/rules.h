// Rules: what the judge demands of each event, and how the history notes it down. Those of a topic
// are in one file, rules_<topic>.cc, with what clients ask about it: whatever the simulation knows
// of a new event or command is written there, and it does not compile before that.
//
// By a model of its own, as history.h: never by the domain's fold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "services/base/overloaded.h"
#include "services/domain/cases/actions.h"
#include "tests/simulation/history.h"

namespace motcua::simulation {

// One event that counts, and its dossier's line as it was before.
struct Judging {
  const catalogue::Catalogue& catalogue;
  const Accepted& accepted;
  const Line& line;

  const cases::CaseEvent& event() const { return accepted.event; }
};

// What is wrong with the event; empty when nothing is.
std::string Judge(const Judging& judging, const cases::IntakePayload& payload);
std::string Judge(const Judging& judging, const cases::RoutingPayload& payload);
std::string Judge(const Judging& judging, const cases::DeadlinePayload& payload);
std::string Judge(const Judging& judging, const cases::PostalPayload& payload);
std::string Judge(const Judging& judging, const cases::ManifestPayload& payload);

// Notes down what the event says of its dossier.
void Note(const Accepted& accepted, const cases::IntakePayload& payload, Line& line);
void Note(const Accepted& accepted, const cases::RoutingPayload& payload, Line& line);
void Note(const Accepted& accepted, const cases::DeadlinePayload& payload, Line& line);
void Note(const Accepted& accepted, const cases::PostalPayload& payload, Line& line);
void Note(const Accepted& accepted, const cases::ManifestPayload& payload, Line& line);

// What a correction may do with an event.
struct Amending {
  bool can_be_taken_back = true;
  bool is_fact = false;  // stays whatever it rested on: somebody was warned, or asked to hurry
};
Amending AmendingOf(const cases::IntakePayload& payload);
Amending AmendingOf(const cases::RoutingPayload& payload);
Amending AmendingOf(const cases::DeadlinePayload& payload);
Amending AmendingOf(const cases::PostalPayload& payload);
Amending AmendingOf(const cases::ManifestPayload& payload);

// The payload that a command leads to, by its name in the contract: a program that does not know
// the one lacks the other.
std::string_view LeadsTo(const cases::IntakeAction& action);
std::string_view LeadsTo(const cases::RoutingAction& action);
std::string_view LeadsTo(const cases::DeadlineAction& action);
std::string_view LeadsTo(const cases::PostalAction& action);
std::string_view LeadsTo(const cases::ManifestAction& action);

// ---- Parts that topics share -------------------------------------------------------------------

// In a visit: payloads for which it has nothing to do, each by its name.
template <typename... Payloads>
struct NothingFor {
  template <typename Payload>
    requires(std::is_same_v<Payload, Payloads> || ...)
  void operator()(const Payload&) const {}
};

// Nothing when it is; else that it is not.
std::string Lawful(bool lawful);
std::string Say(const std::optional<ZonedTime>& time);
// Null unless the case is open and has such a leg: legs move while it is.
const LegLine* LegOf(const Line& line, std::uint8_t leg);
// Null when there is none.
LegLine* LegAt(Line& line, std::uint8_t leg);
bool IsShipmentOpen(const Line& line);
const calendar::Calendar& CalendarOfUnit(const Judging& judging, const cases::UnitCode& unit);
ZonedTime CountedAt(const Accepted& accepted);
// Whether the calendar is the one named. What a program of before schema 3 decided names none.
std::string Names(const calendar::Calendar& calendar, const cases::CalendarUsed& used);

// What a due date is counted from, and by what.
struct Counting {
  const calendar::Calendar& calendar;
  ZonedTime start;
  deadline::TermUnit unit;
  std::int32_t lead_minutes;
};
// The due date is `due`, as the slow model says, and the due-soon instant lies the lead before it.
std::string SettingIs(const Counting& counting, const cases::ClockSetting& clock,
                      const ZonedTime& due);
// The same of a term that runs from the start.
std::string DueIs(const Counting& counting, const cases::ClockSetting& clock,
                  const deadline::Term& term, const deadline::DuePolicy& policy);

}  // namespace motcua::simulation
