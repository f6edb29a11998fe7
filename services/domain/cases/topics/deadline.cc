#include "services/domain/cases/topics/deadline.h"

#include <algorithm>
#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/clock.h"
#include "services/domain/cases/due_dates.h"
#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {
namespace {

// Whether the alert is about a due date that is in force no more: it will never be offered again.
bool Superseded(const Dossier& dossier, const Alert& alert) {
  const std::size_t leg = alert.key.leg;
  if (leg > dossier.route.legs.size()) return true;
  const std::optional<ZonedTime>& due =
      leg == 0 ? dossier.clock.now.due : dossier.route.legs[leg - 1].due;
  return !due || due->instant != alert.key.due;
}

void FoldRaised(Dossier& dossier, const AlertRaised& raised, Instant effective) {
  std::vector<Alert>& alerts = dossier.alerts;
  if (alerts.size() >= kAlertsMax) {
    const auto superseded = std::find_if(alerts.begin(), alerts.end(), [&](const Alert& alert) {
      return Superseded(dossier, alert);
    });
    // There is one, but in a history that nothing of ours has decided.
    alerts.erase(superseded == alerts.end() ? alerts.begin() : superseded);
  }
  alerts.push_back({raised.alert, effective, false});
}

// Who has taken note of an alert has taken note of those of the same kind and clock before it: they
// were about earlier due dates, and nobody could name them any more.
void FoldAcknowledged(Dossier& dossier, const AlertAcknowledged& acknowledged) {
  const auto found =
      std::find_if(dossier.alerts.begin(), dossier.alerts.end(),
                   [&](const Alert& alert) { return alert.key == acknowledged.alert; });
  if (found == dossier.alerts.end()) return;
  for (auto alert = dossier.alerts.begin(); alert <= found; ++alert) {
    if (alert->key.kind == found->key.kind && alert->key.leg == found->key.leg) {
      alert->acknowledged = true;
    }
  }
}

}  // namespace

void Fold(const Folding& f, const DeadlinePayload& payload) {
  std::visit(Overloaded{
                 [&](const ClockPaused& e) {
                   f.dossier.stage = Stage::kPaused;
                   if (f.parts.clock) PauseClockAt(f.dossier.clock, e.reason, f.at);
                 },
                 [&](const ClockResumed& e) {
                   f.dossier.stage = Stage::kProcessing;
                   ResumeClockAt(f.dossier, e, f.parts);
                 },
                 [&](const AlertRaised& e) {
                   if (f.parts.clock) FoldRaised(f.dossier, e, f.at.instant);
                 },
                 [&](const AlertAcknowledged& e) {
                   if (f.parts.clock) FoldAcknowledged(f.dossier, e);
                 },
             },
             payload);
}

namespace {

Result<Decision> Answer(const Present& present, const PauseClock& a) {
  if (present.dossier.stage != Stage::kProcessing) return Forbidden(present.dossier, "paused");
  MOTCUA_RETURN_IF_ERROR(CanPause(present.dossier));
  if (a.reason == PauseReason::kSupplement) {
    return FieldError("reason", "a supplement is asked for at intake (RequestSupplement)");
  }
  return Forward(present, ClockPaused{a.reason});
}

Result<Decision> Answer(const Present& present, const ResumeClock&) {
  if (present.dossier.stage != Stage::kPaused) return Forbidden(present.dossier, "resumed");
  MOTCUA_ASSIGN_OR_RETURN(ClockResumed resumed,
                          Resume(present.dossier, present.catalogue, present.at));
  return Forward(present, std::move(resumed));
}

Result<Decision> Answer(const Present& present, const RaiseAlert& a) {
  const std::optional<DueAlert> next = NextAlert(present.dossier, present.at.instant);
  if (!next || next->key != a.alert || next->at > present.at.instant) {
    return Forbidden(present.dossier, "alerted");
  }
  return Forward(present, AlertRaised{a.alert});
}

Result<Decision> Answer(const Present& present, const AcknowledgeAlert& a) {
  const Dossier& dossier = present.dossier;
  const auto alert = std::find_if(
      dossier.alerts.rbegin(), dossier.alerts.rend(),
      [&](const Alert& raised) { return raised.key.kind == a.kind && raised.key.leg == a.leg; });
  if (alert == dossier.alerts.rend()) {
    return Status(Reason::kAlertNotFound, "dossier " + dossier.code.value() + " has no such alert",
                  {{"dossier", dossier.code.value()}});
  }
  if (alert->acknowledged) {
    return Status(Reason::kStateForbids, "the alert is acknowledged already",
                  {{"state", "ACKNOWLEDGED"}});
  }
  return Forward(present, AlertAcknowledged{alert->key});
}

}  // namespace

Result<Decision> Decide(const Deciding& deciding, const DeadlineAction& action) {
  MOTCUA_ASSIGN_OR_RETURN(const Present present, FindPresent(deciding));
  return std::visit([&](const auto& a) { return Answer(present, a); }, action);
}

namespace {

std::string TextOf(const AlertKey& key) {
  return " kind=" + NumberText(key.kind) + " leg=" + NumberText(key.leg) +
         " due=" + FormatInstant(key.due);
}

std::string TextOf(const ClockResumed& e) {
  std::string text = " reason=" + NumberText(e.reason) + (e.restarted ? " restarted" : "") +
                     " from=" + FormatZonedTime(e.paused_from) +
                     " resumed=" + FormatZonedTime(e.resumed) + SettingText(e.clock) +
                     CalendarText(e.calendar);
  for (const LegDue& leg : e.legs) {
    text +=
        " leg(" + NumberText(leg.leg) + SettingText(leg.clock) + CalendarText(leg.calendar) + ")";
  }
  return text;
}

}  // namespace

std::string Text(const DeadlinePayload& payload) {
  return std::visit(Overloaded{
                        [](const ClockPaused& e) { return " reason=" + NumberText(e.reason); },
                        [](const ClockResumed& e) { return TextOf(e); },
                        [](const AlertRaised& e) { return TextOf(e.alert); },
                        [](const AlertAcknowledged& e) { return TextOf(e.alert); },
                    },
                    payload);
}

}  // namespace motcua::cases
