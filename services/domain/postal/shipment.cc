#include "services/domain/postal/shipment.h"

namespace motcua::postal {
namespace {

Status Forbidden(const Shipment& shipment, std::string_view verb) {
  const std::string name(ShipmentStateName(shipment.state));
  return Status(Reason::kStateForbids,
                "the shipment is " + name + " and cannot be " + std::string(verb),
                {{"state", name}});
}

}  // namespace

std::string_view ShipmentStateName(ShipmentState state) {
  switch (state) {
    case ShipmentState::kNone:
      return "NONE";
    case ShipmentState::kRegistered:
      return "REGISTERED";
    case ShipmentState::kHandedOver:
      return "HANDED_OVER";
    case ShipmentState::kInTransit:
      return "IN_TRANSIT";
    case ShipmentState::kOutForDelivery:
      return "OUT_FOR_DELIVERY";
    case ShipmentState::kFailed:
      return "DELIVERY_FAILED";
    case ShipmentState::kDelivered:
      return "DELIVERED";
    case ShipmentState::kReturning:
      return "RETURNING";
    case ShipmentState::kReturned:
      return "RETURNED";
  }
  return "UNKNOWN";
}

Status CanHandOver(const Shipment& shipment) {
  return shipment.state == ShipmentState::kRegistered ? OkStatus()
                                                      : Forbidden(shipment, "handed over");
}

Status CanTrack(const Shipment& shipment, ShipmentState next) {
  if (next != ShipmentState::kInTransit && next != ShipmentState::kOutForDelivery &&
      next != ShipmentState::kReturning) {
    return FieldError("state", "must be IN_TRANSIT, OUT_FOR_DELIVERY or RETURNING");
  }
  if (!shipment.with_carrier() ||
      (shipment.state == ShipmentState::kReturning && next != ShipmentState::kReturning)) {
    return Forbidden(shipment, "tracked as " + std::string(ShipmentStateName(next)));
  }
  return OkStatus();
}

Status CanFail(const Shipment& shipment) {
  if (!shipment.with_carrier() || shipment.state == ShipmentState::kReturning) {
    return Forbidden(shipment, "recorded as a failed delivery");
  }
  return shipment.attempts < kAttemptsMax ? OkStatus() : Forbidden(shipment, "tried again");
}

Status CanDeliver(const Shipment& shipment) {
  return shipment.with_carrier() && shipment.state != ShipmentState::kReturning
             ? OkStatus()
             : Forbidden(shipment, "delivered");
}

Status CanReturn(const Shipment& shipment) {
  return shipment.with_carrier() ? OkStatus() : Forbidden(shipment, "returned to the agency");
}

}  // namespace motcua::postal
