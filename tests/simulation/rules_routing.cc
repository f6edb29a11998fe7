// The rules of routing: legs are handed over, taken on, completed, returned, asked to hurry.
#include "tests/simulation/rules.h"
#include "tests/simulation/workload.h"

namespace motcua::simulation {
namespace {

using routing::LegState;

std::string JudgeAcknowledged(const Judging& judging, const cases::HandOverAcknowledged& e) {
  const LegLine* leg = LegOf(judging.line, e.leg);
  if (leg == nullptr || leg->state != LegState::kSent) return Lawful(false);
  const calendar::Calendar& calendar = CalendarOfUnit(judging, leg->unit);
  const std::string wrong = Names(calendar, e.calendar);
  if (!wrong.empty()) return wrong;
  const Counting counting{calendar, judging.event().at, leg->term.unit, judging.line.lead_minutes};
  return DueIs(counting, e.clock, leg->term, judging.line.policy);
}

}  // namespace

// ---- What the log may say ----------------------------------------------------------------------

std::string Judge(const Judging& judging, const cases::RoutingPayload& payload) {
  const auto leg_is = [&](std::uint8_t number, auto allowed) {
    const LegLine* leg = LegOf(judging.line, number);
    return Lawful(leg != nullptr && allowed(*leg));
  };
  return std::visit(
      Overloaded{
          [&](const cases::HandOverSent& e) {
            return leg_is(e.leg, [&](const LegLine& leg) {
              return leg.stage == judging.line.current_stage() &&
                     (leg.state == LegState::kWaiting || leg.state == LegState::kReturned);
            });
          },
          [&](const cases::HandOverAcknowledged& e) { return JudgeAcknowledged(judging, e); },
          [&](const cases::LegAccepted& e) {
            return leg_is(e.leg,
                          [](const LegLine& leg) { return leg.state == LegState::kAcknowledged; });
          },
          [&](const cases::LegCompleted& e) {
            return leg_is(e.leg,
                          [](const LegLine& leg) { return leg.state == LegState::kAccepted; });
          },
          [&](const cases::LegReturned& e) {
            return leg_is(e.leg, [](const LegLine& leg) { return leg.running(); });
          },
          [&](const cases::LegReminded& e) {
            return leg_is(e.leg, [](const LegLine& leg) {
              return leg.state == LegState::kSent || leg.running();
            });
          },
      },
      payload);
}

void Note(const Accepted& accepted, const cases::RoutingPayload& payload, Line& line) {
  const auto move = [&](std::uint8_t leg, LegState state) {
    if (LegLine* found = LegAt(line, leg)) found->state = state;
  };
  std::visit(Overloaded{
                 [&](const cases::HandOverSent& e) { move(e.leg, LegState::kSent); },
                 [&](const cases::HandOverAcknowledged& e) {
                   move(e.leg, LegState::kAcknowledged);
                   if (LegLine* leg = LegAt(line, e.leg)) {
                     leg->counted_from = accepted.event.at;
                     leg->due = e.clock.due;
                     leg->due_soon = e.clock.due_soon;
                   }
                 },
                 [&](const cases::LegAccepted& e) { move(e.leg, LegState::kAccepted); },
                 [&](const cases::LegCompleted& e) { move(e.leg, LegState::kCompleted); },
                 [&](const cases::LegReturned& e) { move(e.leg, LegState::kReturned); },
                 NothingFor<cases::LegReminded>{},
             },
             payload);
}

Amending AmendingOf(const cases::RoutingPayload& payload) {
  return std::visit(Overloaded{
                        [](const cases::HandOverSent&) { return Amending{}; },
                        [](const cases::HandOverAcknowledged&) { return Amending{}; },
                        [](const cases::LegAccepted&) { return Amending{}; },
                        [](const cases::LegCompleted&) { return Amending{}; },
                        [](const cases::LegReturned&) { return Amending{}; },
                        [](const cases::LegReminded&) {
                          return Amending{.can_be_taken_back = false, .is_fact = true};
                        },
                    },
                    payload);
}

// ---- What is asked -----------------------------------------------------------------------------

std::string_view LeadsTo(const cases::RoutingAction& action) {
  using cases::kPayloadName;
  return std::visit(
      Overloaded{
          [](const cases::SendHandOver&) { return kPayloadName<cases::HandOverSent>; },
          [](const cases::AcknowledgeHandOver&) {
            return kPayloadName<cases::HandOverAcknowledged>;
          },
          [](const cases::AcceptLeg&) { return kPayloadName<cases::LegAccepted>; },
          [](const cases::CompleteLeg&) { return kPayloadName<cases::LegCompleted>; },
          [](const cases::ReturnLeg&) { return kPayloadName<cases::LegReturned>; },
          [](const cases::RemindLeg&) { return kPayloadName<cases::LegReminded>; },
      },
      action);
}

cases::Action Workload::FittingRouting(const cases::Dossier& dossier) {
  std::vector<std::uint8_t> legs;
  for (std::size_t i = 0; i < dossier.route.legs.size(); ++i) {
    const routing::Leg& leg = dossier.route.legs[i];
    if (leg.stage == dossier.route.current_stage() && leg.state != LegState::kCompleted) {
      legs.push_back(static_cast<std::uint8_t>(i + 1));
    }
  }
  const std::uint8_t leg = random_.Pick(legs);
  // Of a leg that nobody has, it is refused.
  if (options_.reminders > 0 && random_.Chance(options_.reminders)) return cases::RemindLeg{leg};
  switch (dossier.route.legs[leg - 1U].state) {
    case LegState::kSent:
      return cases::AcknowledgeHandOver{leg};
    case LegState::kAcknowledged:
      if (random_.Chance(100)) return cases::ReturnLeg{leg, routing::ReturnReason::kOther};
      return cases::AcceptLeg{leg};
    case LegState::kAccepted:
      if (random_.Chance(100)) return cases::ReturnLeg{leg, routing::ReturnReason::kOther};
      return cases::CompleteLeg{leg, random_.Chance(900) ? routing::LegOutcome::kGranted
                                                         : routing::LegOutcome::kRejected};
    case LegState::kWaiting:
    case LegState::kReturned:
    case LegState::kCompleted:  // not picked
      return cases::SendHandOver{leg};
  }
  return cases::SendHandOver{leg};
}

// A whole leg in one breath: each is decided on what the one before will have done.
std::vector<cases::Action> Workload::WholeLeg(std::uint8_t leg) {
  std::vector<cases::Action> actions = {cases::SendHandOver{leg}, cases::AcknowledgeHandOver{leg},
                                        cases::AcceptLeg{leg}};
  if (options_.reminders > 0 && random_.Chance(options_.reminders)) {
    const auto after = static_cast<std::ptrdiff_t>(random_.Below(actions.size() + 1));
    actions.insert(actions.begin() + after, cases::RemindLeg{leg});
  }
  if (random_.Chance(700)) {
    actions.emplace_back(cases::CompleteLeg{leg, routing::LegOutcome::kGranted});
  }
  return actions;
}

}  // namespace motcua::simulation
