// The third part of Partition: reactions and timers, what nobody outside asks for.
#include <utility>

#include "services/engine/partition.h"
#include "services/engine/plant.h"

namespace motcua::engine {

void Partition::Propose(const cases::AggregateId& id, const cases::AggregateState& state,
                        cases::Action action, std::string_view kind) {
  const cases::AggregateCore& core = *cases::CoreOf(state);
  PendingCommand pending;
  cases::Command& command = pending.command;
  cases::SetSubject(command, id);
  command.cause = core.head.version;
  // The same on every instance and after every restart, so that Accept lets one of them through.
  command.request_id =
      cases::DeriveRequestId(std::string(ports_.rules.name()) + "/" + std::string(kind) + "/" +
                             std::string(id.name()) + "/" + std::to_string(core.head.version));
  command.digest = 1;
  if (!core.requests.empty()) command.correlation_id = core.requests.back().id;
  command.trace = core.trace;
  command.actor = cases::ActorId("system:" + std::string(ports_.rules.name()));
  command.action = std::move(action);
  pending.questions_before = asks_;
  reacting_.insert(id);
  queue_.push_back(std::move(pending));
}

// Without trust in the clock one at a time: its event tells whether it is right, and not hundreds
// that count for nobody.
std::size_t Partition::ReactionsMax() const {
  if (MOTCUA_PLANTED(kDecideByAnyClock)) return kReactionsInFlightMax;
  switch (clock_check_.state()) {
    case ClockState::kAgrees:
      return kReactionsInFlightMax;
    case ClockState::kUnsure:
      return 1;
    case ClockState::kDisagrees:
      break;
  }
  return clock_check_.MayDecide() ? 1 : 0;
}

void Partition::ForgetReaction(const Flight& flight) {
  reacting_.erase(flight.event.about());
  reacting_.erase(flight.subject);
}

void Partition::StopReacting(const Flight& flight) {
  ForgetReaction(flight);
  owed_.Hasten(flight.event.about(), Passed());
  if (flight.subject != flight.event.about()) owed_.Hasten(flight.subject, Passed());
}

void Partition::ProposeReactions() {
  const Micros now = Passed();
  while (MayReact()) {
    const OwedList::Place* const first = owed_.First();
    if (first == nullptr || first->first > now) return;
    const cases::AggregateId id = first->second;
    // Looked at again if it should get lost, or not be owed by the state any more.
    owed_.Defer(id, now + kReactionRetryDelay);
    if (reacting_.contains(id)) continue;
    const Result<const cases::AggregateState*> state = accepted_.Find(id);
    if (!state.ok() || *state == nullptr) continue;
    if (std::optional<cases::Action> action = OwedBy(ports_.rules, **state)) {
      Propose(id, **state, *std::move(action), "reaction");
    }
  }
}

Status Partition::ProposeTimers() {
  if (!MayReact()) return OkStatus();
  const Micros patience = options_.first_in_line ? Micros(0) : options_.grace;
  const Instant reached = Reached();
  const Instant due_by = reached - patience;
  // Not by the partition's time: that stands still for as long as the clock of somebody who wrote
  // was ahead.
  const Micros now = Passed();
  if (timers_again_ && now >= *timers_again_) {
    timers_.Restart();
    timers_again_.reset();
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<cases::AggregateId> due, TakeDue(due_by));
  if (due.empty()) return OkStatus();
  // Rows of timers in flight stay until their events are accepted: they are looked at again after a
  // while, if one of them should get lost.
  if (!timers_again_) timers_again_ = now + kReactionRetryDelay;
  MOTCUA_RETURN_IF_ERROR(accepted_.Prefetch(due));
  for (const cases::AggregateId& id : due) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, accepted_.Find(id));
    if (state == nullptr) continue;
    const auto timer = NextTimerOf(ports_.rules, *state, reached);
    if (timer && timer->at <= due_by) Propose(id, *state, timer->action, "timer");
  }
  return OkStatus();
}

Result<std::vector<cases::AggregateId>> Partition::TakeDue(Instant due_by) {
  std::vector<cases::AggregateId> due;
  while (reacting_.size() + due.size() < ReactionsMax()) {
    MOTCUA_ASSIGN_OR_RETURN(const TimerPlace* const next, timers_.Next());
    if (next == nullptr || next->at > due_by) break;
    if (!reacting_.contains(next->id)) due.push_back(next->id);
    timers_.Skip();
  }
  return due;
}

}  // namespace motcua::engine
