#include "services/domain/routing/route.h"

#include <algorithm>
#include <string>

namespace motcua::routing {
namespace {

Status Forbidden(std::size_t number, LegState state, std::string_view verb) {
  const std::string name(Name(state));
  return Status(
      Reason::kStateForbids,
      "leg " + std::to_string(number) + " is " + name + " and cannot be " + std::string(verb),
      {{"leg", std::to_string(number)}, {"state", name}});
}

Leg* LegAt(Route& route, std::size_t number) {
  return number >= 1 && number <= route.legs.size() ? &route.legs[number - 1] : nullptr;
}

Status Require(const Route& route, std::size_t number, std::string_view verb,
               bool (*allowed)(LegState)) {
  MOTCUA_ASSIGN_OR_RETURN(const Leg* leg, FindLeg(route, number));
  return allowed(leg->state) ? OkStatus() : Forbidden(number, leg->state, verb);
}

}  // namespace

bool Route::finished() const { return current_stage() == 0; }

std::uint8_t Route::current_stage() const {
  std::uint8_t stage = 0;
  for (const Leg& leg : legs) {
    if (leg.state != LegState::kCompleted && (stage == 0 || leg.stage < stage)) stage = leg.stage;
  }
  return stage;
}

LegOutcome Route::outcome() const {
  std::uint8_t last = 0;
  for (const Leg& leg : legs) last = std::max(last, leg.stage);
  const bool rejected = std::any_of(legs.begin(), legs.end(), [last](const Leg& leg) {
    return leg.stage == last && leg.state == LegState::kCompleted &&
           leg.outcome == LegOutcome::kRejected;
  });
  return rejected ? LegOutcome::kRejected : LegOutcome::kGranted;
}

std::size_t SenderLegOf(const Route& route, std::size_t number) {
  const std::vector<Leg>& legs = route.legs;
  const std::uint8_t stage = legs.at(number - 1).stage;
  std::size_t sender = 0;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (legs[i].stage + 1 != stage) continue;
    if (sender == 0 || (legs[i].lead && !legs[sender - 1].lead)) sender = i + 1;
  }
  return sender;
}

cases::UnitCode Route::SenderOf(std::size_t number, const cases::UnitCode& receiving) const {
  const std::size_t sender = SenderLegOf(*this, number);
  return sender == 0 ? receiving : legs[sender - 1].unit;
}

Result<const Leg*> FindLeg(const Route& route, std::size_t number) {
  if (number < 1 || number > route.legs.size()) {
    return Status(Reason::kLegNotFound,
                  "the route has " + std::to_string(route.legs.size()) + " legs and no leg " +
                      std::to_string(number),
                  {{"leg", std::to_string(number)}});
  }
  return &route.legs[number - 1];
}

Status CanSend(const Route& route, std::size_t number) {
  MOTCUA_ASSIGN_OR_RETURN(const Leg* leg, FindLeg(route, number));
  if (leg->state != LegState::kWaiting && leg->state != LegState::kReturned) {
    return Forbidden(number, leg->state, "sent");
  }
  if (leg->stage != route.current_stage()) {
    return Status(Reason::kStateForbids,
                  "leg " + std::to_string(number) + " belongs to stage " +
                      std::to_string(leg->stage) + " and the route stands at stage " +
                      std::to_string(route.current_stage()),
                  {{"leg", std::to_string(number)}, {"state", "STAGE_NOT_REACHED"}});
  }
  return OkStatus();
}

Status CanAcknowledge(const Route& route, std::size_t number) {
  return Require(route, number, "acknowledged", [](LegState s) { return s == LegState::kSent; });
}

Status CanAccept(const Route& route, std::size_t number) {
  return Require(route, number, "accepted",
                 [](LegState s) { return s == LegState::kAcknowledged; });
}

Status CanComplete(const Route& route, std::size_t number) {
  return Require(route, number, "completed", [](LegState s) { return s == LegState::kAccepted; });
}

Status CanReturn(const Route& route, std::size_t number) {
  return Require(route, number, "returned", [](LegState s) {
    return s == LegState::kAcknowledged || s == LegState::kAccepted;
  });
}

void Sent(Route& route, std::size_t number, const ZonedTime& at) {
  if (Leg* leg = LegAt(route, number)) {
    leg->state = LegState::kSent;
    leg->sent = at;
  }
}

void Acknowledged(Route& route, std::size_t number, const ZonedTime& at, const LegClock& clock) {
  if (Leg* leg = LegAt(route, number)) {
    leg->state = LegState::kAcknowledged;
    leg->acknowledged = at;
    leg->due = clock.due;
    leg->due_soon = clock.due_soon;
    leg->provisional = clock.provisional;
    leg->calendar = clock.calendar;
  }
}

void CountFrom(Route& route, std::size_t number, const ZonedTime& start) {
  if (Leg* leg = LegAt(route, number)) leg->counted_from = start;
}

void Accepted(Route& route, std::size_t number) {
  if (Leg* leg = LegAt(route, number)) leg->state = LegState::kAccepted;
}

void Completed(Route& route, std::size_t number, const ZonedTime& at, LegOutcome outcome) {
  if (Leg* leg = LegAt(route, number)) {
    leg->state = LegState::kCompleted;
    leg->completed = at;
    leg->outcome = outcome;
  }
}

void Returned(Route& route, std::size_t number) {
  if (Leg* leg = LegAt(route, number)) {
    leg->state = LegState::kReturned;
    leg->counted_from.reset();
    leg->due.reset();
    leg->due_soon.reset();
    leg->provisional = false;
    leg->calendar = {};
    if (leg->returns < UINT8_MAX) ++leg->returns;
  }
}

}  // namespace motcua::routing
