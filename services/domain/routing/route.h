// Route (lộ trình): the legs that a dossier travels between units, one after the other (liên thông
// dọc, vertical: between levels) or side by side with a join (liên thông ngang, horizontal). Each
// leg is handed over by two acts, sent and acknowledged, and has a term of its own (NĐ 61/2018
// art. 19.6-7).
//
// Pure rules on a Route alone; who may call when the dossier stands still is cases/decide.h's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/cases/codes.h"
#include "services/domain/codes/code_lists.h"
#include "services/domain/deadline/term.h"

namespace motcua::routing {

inline constexpr std::size_t kLegsMax = 32;

using codes::LegOutcome;
using codes::LegState;
using codes::ReturnReason;

struct Leg {
  cases::UnitCode unit;
  std::uint8_t stage = 1;  // legs of one stage run in parallel; stages count from 1 without gaps
  bool lead = false;       // cơ quan chủ trì
  deadline::Term term;

  LegState state = LegState::kWaiting;
  std::optional<ZonedTime> sent;
  std::optional<ZonedTime> acknowledged;
  std::optional<ZonedTime> counted_from;  // its term, to the microsecond
  std::optional<ZonedTime> due;
  std::optional<Instant> due_soon;
  bool provisional = false;         // the due date rests on days that no decision covers yet
  calendar::CalendarUsed calendar;  // by which it was computed
  std::optional<ZonedTime> completed;
  LegOutcome outcome = LegOutcome::kGranted;
  std::uint8_t returns = 0;  // how often it was sent back

  bool running() const { return state == LegState::kAcknowledged || state == LegState::kAccepted; }

  friend bool operator==(const Leg&, const Leg&) = default;
};

struct Route {
  std::vector<Leg> legs;  // numbered from 1 in commands and events

  bool empty() const { return legs.empty(); }
  bool finished() const;
  // The least stage with a leg that is not completed; 0 when finished.
  std::uint8_t current_stage() const;
  // Rejected if any completed leg of the last stage says so.
  LegOutcome outcome() const;
  // The unit that hands leg `number` over: the lead (or first) of the stage before, else
  // `receiving`.
  cases::UnitCode SenderOf(std::size_t number, const cases::UnitCode& receiving) const;

  friend bool operator==(const Route&, const Route&) = default;
};

// The leg `number` (from 1), or LEG_NOT_FOUND.
Result<const Leg*> FindLeg(const Route& route, std::size_t number);

// Each refuses with STATE_FORBIDS naming the leg's present state.
Status CanSend(const Route& route, std::size_t number);
Status CanAcknowledge(const Route& route, std::size_t number);
Status CanAccept(const Route& route, std::size_t number);
Status CanComplete(const Route& route, std::size_t number);
Status CanReturn(const Route& route, std::size_t number);

// The clock of a leg as its acknowledgement sets it.
struct LegClock {
  std::optional<ZonedTime> due;
  std::optional<Instant> due_soon;
  bool provisional = false;
  calendar::CalendarUsed calendar;
};

// What the events do. A number that the route lacks changes nothing.
void Sent(Route& route, std::size_t number, const ZonedTime& at);
void Acknowledged(Route& route, std::size_t number, const ZonedTime& at, const LegClock& clock);
void CountFrom(Route& route, std::size_t number, const ZonedTime& start);
void Accepted(Route& route, std::size_t number);
void Completed(Route& route, std::size_t number, const ZonedTime& at, LegOutcome outcome);
void Returned(Route& route, std::size_t number);

}  // namespace motcua::routing
