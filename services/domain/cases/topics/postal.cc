#include "services/domain/cases/topics/postal.h"

#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {

void Fold(const Folding& f, const PostalPayload& payload) {
  if (!f.parts.shipment) return;
  postal::Shipment& shipment = f.dossier.shipment;
  std::visit(
      Overloaded{
          [&](const ShipmentRegistered&) { shipment.state = postal::ShipmentState::kRegistered; },
          [&](const ShipmentHandedOver& e) {
            shipment.state = postal::ShipmentState::kHandedOver;
            shipment.item_number = e.item_number;
            shipment.carrier = e.carrier;
            shipment.handed_over = f.at;
          },
          [&](const ShipmentTracked& e) {
            postal::Reported(shipment, e.state, e.occurred.instant);
          },
          [&](const DeliveryFailed& e) {
            postal::Reported(shipment, postal::ShipmentState::kDeliveryFailed, e.occurred.instant);
            if (!e.same_attempt) postal::NoteAttempt(shipment, e.occurred);
          },
          [&](const ShipmentDelivered& e) {
            // A delivery is proven, and ends the way: no scan that says a later time undoes it.
            shipment.state = postal::ShipmentState::kDelivered;
            shipment.delivered = e.occurred;
          },
          [&](const ShipmentReturned&) {
            shipment.state = postal::ShipmentState::kReturned;
            shipment.returned = f.at;
          },
      },
      payload);
}

namespace {

// A carrier's report may be older than now, never newer, and never before what it follows: the
// carrier has had the item since the hand-over, which the dossier's receipt came before.
Result<ZonedTime> Occurred(const Present& present, const std::optional<Instant>& occurred) {
  if (!occurred) return present.at;
  if (*occurred > present.at.instant) return FieldError("occurred_time", "lies in the future");
  const postal::Shipment& shipment = present.dossier.shipment;
  if (!postal::IsAfterHandOver(shipment, *occurred)) {
    return FieldError("occurred_time", "lies before the hand-over to the carrier at " +
                                           FormatZonedTime(*shipment.handed_over));
  }
  return ZonedTime{*occurred, present.at.offset};
}

Result<Decision> Answer(const Present& present, const RegisterShipment&) {
  const Dossier& dossier = present.dossier;
  if (dossier.stage != Stage::kResultReady || dossier.return_mode != ReturnMode::kPostal ||
      dossier.shipment.state != postal::ShipmentState::kNone) {
    return Forbidden(dossier, "registered for the post");
  }
  return Forward(present, ShipmentRegistered{});
}

Result<Decision> Answer(const Present& present, const TrackShipment& a) {
  const postal::Shipment& shipment = present.dossier.shipment;
  MOTCUA_RETURN_IF_ERROR(postal::CanReport(shipment));
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime occurred, Occurred(present, a.occurred));
  MOTCUA_RETURN_IF_ERROR(postal::CanTrack(shipment, a.state, occurred.instant));
  return Forward(present, ShipmentTracked{a.state, occurred});
}

Result<Decision> Answer(const Present& present, const FailDelivery& a) {
  const Dossier& dossier = present.dossier;
  MOTCUA_RETURN_IF_ERROR(postal::CanReport(dossier.shipment));
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime occurred, Occurred(present, a.occurred));
  // The agency's days count, which handed the result over.
  const Result<const calendar::Calendar*> calendar =
      CalendarOfUnit(present.catalogue, UnitOf(dossier.code));
  const bool same =
      postal::IsSameAttempt(dossier.shipment, occurred, calendar.ok() ? *calendar : nullptr);
  MOTCUA_RETURN_IF_ERROR(postal::CanFail(dossier.shipment, occurred.instant, same));
  return Forward(present, DeliveryFailed{a.reason, occurred, same});
}

Result<Decision> Answer(const Present& present, const DeliverShipment& a) {
  MOTCUA_RETURN_IF_ERROR(postal::CanDeliver(present.dossier.shipment));
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime occurred, Occurred(present, a.occurred));
  return Forward(present, ShipmentDelivered{a.proof, a.proof_reference, occurred});
}

Result<Decision> Answer(const Present& present, const ReturnShipment&) {
  MOTCUA_RETURN_IF_ERROR(postal::CanReturn(present.dossier.shipment));
  return Forward(present, ShipmentReturned{});
}

Result<Decision> HandOver(const Deciding& deciding, const HandOverShipment& a) {
  // First: what a look gives is valid until the next one.
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<ItemUse> uses, deciding.view.UsesOfItem(a.item_number));
  MOTCUA_ASSIGN_OR_RETURN(const Present present, FindPresent(deciding));
  MOTCUA_RETURN_IF_ERROR(postal::CanHandOver(present.dossier.shipment));
  MOTCUA_RETURN_IF_ERROR(IsItemFree(a.item_number, uses, present.at));
  return Forward(present, ShipmentHandedOver{a.item_number, a.carrier});
}

}  // namespace

Result<Decision> Decide(const Deciding& deciding, const PostalAction& action) {
  return std::visit(
      [&]<typename A>(const A& a) -> Result<Decision> {
        if constexpr (std::is_same_v<A, HandOverShipment>) {
          return HandOver(deciding, a);
        } else {
          MOTCUA_ASSIGN_OR_RETURN(const Present present, FindPresent(deciding));
          return Answer(present, a);
        }
      },
      action);
}

std::string Text(const PostalPayload& payload) {
  return std::visit(
      Overloaded{
          [](const ShipmentRegistered&) { return std::string(); },
          [](const ShipmentHandedOver& e) {
            return " item=" + e.item_number + " carrier=" + e.carrier;
          },
          [](const ShipmentTracked& e) {
            return " state=" + NumberText(e.state) + " occurred=" + FormatZonedTime(e.occurred);
          },
          [](const DeliveryFailed& e) {
            return " reason=" + NumberText(e.reason) + " occurred=" + FormatZonedTime(e.occurred) +
                   (e.same_attempt ? " same_attempt" : "");
          },
          [](const ShipmentDelivered& e) {
            return " proof=" + NumberText(e.proof) + " reference=" + e.proof_reference +
                   " occurred=" + FormatZonedTime(e.occurred);
          },
          [](const ShipmentReturned&) { return std::string(); },
      },
      payload);
}

}  // namespace motcua::cases
