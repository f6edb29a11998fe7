// Canonical text of an event (Print in dossier.h).
#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/dossier.h"

namespace motcua::cases {
namespace {

template <typename E>
std::string Number(E value) {
  return std::to_string(static_cast<int>(value));
}
std::string Text(const std::optional<ZonedTime>& time) {
  return time ? FormatZonedTime(*time) : "-";
}
std::string Text(const Step* step) {
  if (step == nullptr) return "-";
  return std::to_string(step->version) + "<" + std::to_string(step->follows.value());
}
std::string Text(const ClockSetting& clock) {
  return " due=" + Text(clock.due) +
         " due_soon=" + (clock.due_soon ? FormatInstant(*clock.due_soon) : "-") +
         (clock.provisional ? " provisional" : "");
}
std::string Text(const CalendarUsed& calendar) {
  if (calendar == CalendarUsed{}) return "";
  return " calendar=" + calendar.id.value() + "/" + std::to_string(calendar.version.value());
}
std::string Text(const AlertKey& key) {
  return " kind=" + Number(key.kind) + " leg=" + Number(key.leg) + " due=" + FormatInstant(key.due);
}

std::string Text(const DossierReceived& e) {
  std::string text = " procedure=" + e.procedure.value() + "/" +
                     std::to_string(e.procedure_version) + " field=\"" + e.field +
                     "\" channel=" + Number(e.channel) + " return=" + Number(e.return_mode) +
                     " register=" + std::to_string(e.register_year) + "/" +
                     std::to_string(e.register_number) + " calendar=" + e.calendar.value() + "/" +
                     std::to_string(e.calendar_version.value()) + " term=" + FormatTerm(e.term) +
                     " policy=" + Number(e.due_policy.mode) + Number(e.due_policy.start) +
                     Number(e.supplement) + " lead=" + std::to_string(e.due_soon_lead_minutes) +
                     " start=" + FormatZonedTime(e.clock_start) + Text(e.clock);
  for (const routing::Leg& leg : e.legs) {
    text += " leg(" + leg.unit.value() + " stage=" + Number(leg.stage) + (leg.lead ? " lead" : "") +
            " term=" + FormatTerm(leg.term) + ")";
  }
  return text;
}

std::string Text(const DossierImported& e) {
  return " procedure=\"" + e.procedure.value() + "\" name=\"" + e.procedure_name + "\" field=\"" +
         e.field + "\" unit=\"" + e.unit_name + "\" channel=" + Number(e.channel) +
         " register=" + std::to_string(e.register_year) + "/" + std::to_string(e.register_number) +
         " opened=" + FormatZonedTime(e.opened) + " due=" + Text(e.due) +
         " closed=" + Text(e.closed) + " outcome=" + Number(e.outcome) +
         " calendar=" + e.calendar.value() + "/" + std::to_string(e.calendar_version.value()) +
         " origin=" + e.source + ":" + std::to_string(e.line) + ":" + e.source_id +
         " doubts=" + Number(e.doubts);
}

std::string Text(const RecordUpdated& e) {
  return " due=" + Text(e.due) + " closed=" + Text(e.closed) + " outcome=" + Number(e.outcome) +
         " origin=" + e.source + ":" + std::to_string(e.line) + ":" + e.source_id +
         " doubts=" + Number(e.doubts);
}

std::string Text(const ClockResumed& e) {
  std::string text = " reason=" + Number(e.reason) + (e.restarted ? " restarted" : "") +
                     " from=" + FormatZonedTime(e.paused_from) +
                     " resumed=" + FormatZonedTime(e.resumed) + Text(e.clock) + Text(e.calendar);
  for (const LegDue& leg : e.legs) {
    text += " leg(" + Number(leg.leg) + Text(leg.clock) + Text(leg.calendar) + ")";
  }
  return text;
}

std::string Text(const SupplementRequested& e) {
  std::string text = " papers=";
  for (const std::uint32_t paper : e.papers) text += std::to_string(paper) + ",";
  return text;
}

std::string Text(const Payload& payload) {
  return std::visit(
      Overloaded{
          [](const DossierReceived& e) { return Text(e); },
          [](const DossierImported& e) { return Text(e); },
          [](const ClockResumed& e) { return Text(e); },
          [](const RecordUpdated& e) { return Text(e); },
          [](const SupplementRequested& e) { return Text(e); },
          [](const DossierRefused& e) {
            return " procedure=" + e.procedure.value() + " field=\"" + e.field +
                   "\" channel=" + Number(e.channel) + " reason=" + Number(e.reason);
          },
          [](const ClockPaused& e) { return " reason=" + Number(e.reason); },
          [](const ResultRecorded& e) { return " outcome=" + Number(e.outcome); },
          [](const DossierClosed& e) { return " way=" + Number(e.way); },
          [](const HandOverSent& e) { return " leg=" + Number(e.leg) + " from=" + e.from.value(); },
          [](const HandOverAcknowledged& e) {
            return " leg=" + Number(e.leg) + Text(e.clock) + Text(e.calendar);
          },
          [](const LegAccepted& e) { return " leg=" + Number(e.leg); },
          [](const LegCompleted& e) {
            return " leg=" + Number(e.leg) + " outcome=" + Number(e.outcome);
          },
          [](const LegReturned& e) {
            return " leg=" + Number(e.leg) + " reason=" + Number(e.reason);
          },
          [](const AlertRaised& e) { return Text(e.alert); },
          [](const AlertAcknowledged& e) { return Text(e.alert); },
          [](const ShipmentHandedOver& e) {
            return " item=" + e.item_number + " carrier=" + e.carrier;
          },
          [](const ShipmentTracked& e) {
            return " state=" + Number(e.state) + " occurred=" + FormatZonedTime(e.occurred);
          },
          [](const DeliveryFailed& e) {
            return " reason=" + Number(e.reason) + " occurred=" + FormatZonedTime(e.occurred) +
                   (e.same_attempt ? " same_attempt" : "");
          },
          [](const ShipmentDelivered& e) {
            return " proof=" + Number(e.proof) + " reference=" + e.proof_reference +
                   " occurred=" + FormatZonedTime(e.occurred);
          },
          [](const ManifestOpened& e) {
            return " carrier=" + e.carrier + " number=" + std::to_string(e.year) + "/" +
                   std::to_string(e.number);
          },
          [](const ManifestItemAdded& e) {
            return " item=" + e.item_number + " of=" + e.dossier.value();
          },
          [](const ManifestItemSkipped& e) {
            return " of=" + e.dossier.value() + " state=" + Number(e.state);
          },
          [](const ManifestClosed&) { return std::string(); },
          [](const ManifestHandedOver&) { return std::string(); },
          [](const UnknownPayload&) { return std::string(); },
          [](const ResultReleasedToPost&) { return std::string(); },
          [](const DossierWithdrawn&) { return std::string(); },
          [](const ShipmentRegistered&) { return std::string(); },
          [](const ShipmentReturned&) { return std::string(); },
      },
      payload);
}

// Steps on a dossier and its book as they have always been printed, all others by their paths.
std::string StepsText(const CaseEvent& event) {
  std::string text = " step=" + Text(event.StepOn(AggregateKind::kDossier)) +
                     " book=" + Text(event.StepOn(AggregateKind::kBook));
  for (const Step& step : event.steps) {
    const AggregateKind kind = step.id.kind();
    if (kind == AggregateKind::kDossier || kind == AggregateKind::kBook) continue;
    text += " " + step.id.path() + "=" + Text(&step);
  }
  return text;
}

}  // namespace

std::string Print(const CaseEvent& event) {
  return std::string(PayloadName(event.payload)) + " " + event.dossier.value() + StepsText(event) +
         " request=" + FormatRequestId(event.request_id) +
         " digest=" + std::to_string(event.request_digest) +
         " correlation=" + FormatRequestId(event.correlation_id) +
         " cause=" + std::to_string(event.cause) + " actor=" + event.actor.value() +
         " at=" + FormatZonedTime(event.at) +
         " trace=" + (event.trace.empty() ? "-" : FormatTraceparent(event.trace)) +
         Text(event.payload);
}

}  // namespace motcua::cases
