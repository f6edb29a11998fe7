#include "services/domain/cases/topics/routing.h"

#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/due_dates.h"
#include "services/domain/cases/topics/topic.h"
#include "services/domain/deadline/due.h"

namespace motcua::cases {

void Fold(const Folding& f, const RoutingPayload& payload) {
  if (!f.parts.route) return;
  routing::Route& route = f.dossier.route;
  std::visit(Overloaded{
                 [&](const HandOverSent& e) { routing::Sent(route, e.leg, f.at); },
                 [&](const HandOverAcknowledged& e) {
                   routing::Acknowledged(
                       route, e.leg, f.at,
                       {e.clock.due, e.clock.due_soon, e.clock.provisional, e.calendar});
                   routing::CountFrom(route, e.leg, f.decided);
                 },
                 [&](const LegAccepted& e) { routing::Accepted(route, e.leg); },
                 [&](const LegCompleted& e) { routing::Completed(route, e.leg, f.at, e.outcome); },
                 [&](const LegReturned& e) { routing::Returned(route, e.leg); },
                 [](const LegReminded&) {},  // it is history, and changes nothing
             },
             payload);
}

namespace {

Result<Decision> Answer(const Present& present, const SendHandOver& a) {
  const Dossier& dossier = present.dossier;
  MOTCUA_RETURN_IF_ERROR(routing::CanSend(dossier.route, a.leg));
  return Forward(present, HandOverSent{a.leg, dossier.route.SenderOf(a.leg, UnitOf(dossier.code))});
}

Result<Decision> Answer(const Present& present, const AcknowledgeHandOver& a) {
  const Dossier& dossier = present.dossier;
  MOTCUA_RETURN_IF_ERROR(routing::CanAcknowledge(dossier.route, a.leg));
  const routing::Leg& leg = dossier.route.legs[a.leg - 1U];
  MOTCUA_ASSIGN_OR_RETURN(const calendar::Calendar* calendar,
                          CalendarOfUnit(present.catalogue, leg.unit));
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due, deadline::ComputeDue(*calendar, present.at, leg.term,
                                                                    dossier.clock.policy));
  MOTCUA_ASSIGN_OR_RETURN(const ClockSetting setting,
                          SettingFor(*calendar, due, leg.term.unit,
                                     dossier.clock.due_soon_lead_minutes, present.at.instant));
  return Forward(present, HandOverAcknowledged{a.leg, setting, calendar->used()});
}

Result<Decision> Answer(const Present& present, const AcceptLeg& a) {
  MOTCUA_RETURN_IF_ERROR(routing::CanAccept(present.dossier.route, a.leg));
  return Forward(present, LegAccepted{a.leg});
}

Result<Decision> Answer(const Present& present, const CompleteLeg& a) {
  MOTCUA_RETURN_IF_ERROR(routing::CanComplete(present.dossier.route, a.leg));
  return Forward(present, LegCompleted{a.leg, a.outcome});
}

Result<Decision> Answer(const Present& present, const ReturnLeg& a) {
  MOTCUA_RETURN_IF_ERROR(routing::CanReturn(present.dossier.route, a.leg));
  return Forward(present, LegReturned{a.leg, a.reason});
}

// Somebody must have it: the unit that works on it, or that has still to receive it.
Result<Decision> Answer(const Present& present, const RemindLeg& a) {
  MOTCUA_ASSIGN_OR_RETURN(const routing::Leg* leg, routing::FindLeg(present.dossier.route, a.leg));
  if (leg->state != routing::LegState::kSent && !leg->running()) {
    const std::string state(Name(leg->state));
    return Status(Reason::kStateForbids,
                  "leg " + std::to_string(a.leg) + " is " + state + ", and no unit has it",
                  {{"leg", std::to_string(a.leg)}, {"state", state}});
  }
  return Forward(present, LegReminded{a.leg});
}

}  // namespace

Result<Decision> Decide(const Deciding& deciding, const RoutingAction& action) {
  MOTCUA_ASSIGN_OR_RETURN(const Present present, FindPresent(deciding));
  // Legs move while the case is in hand, also while its clock stands: another agency may finish.
  if (!present.dossier.open()) return Forbidden(present.dossier, "moved on its route");
  return std::visit([&](const auto& a) { return Answer(present, a); }, action);
}

std::string Text(const RoutingPayload& payload) {
  return std::visit(Overloaded{
                        [](const HandOverSent& e) {
                          return " leg=" + NumberText(e.leg) + " from=" + e.from.value();
                        },
                        [](const HandOverAcknowledged& e) {
                          return " leg=" + NumberText(e.leg) + SettingText(e.clock) +
                                 CalendarText(e.calendar);
                        },
                        [](const LegAccepted& e) { return " leg=" + NumberText(e.leg); },
                        [](const LegCompleted& e) {
                          return " leg=" + NumberText(e.leg) + " outcome=" + NumberText(e.outcome);
                        },
                        [](const LegReturned& e) {
                          return " leg=" + NumberText(e.leg) + " reason=" + NumberText(e.reason);
                        },
                        [](const LegReminded& e) { return " leg=" + NumberText(e.leg); },
                    },
                    payload);
}

}  // namespace motcua::cases
