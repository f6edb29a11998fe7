// Payloads of postal: shipments.
#include "services/wire/contract_payloads.h"

namespace motcua::wire {

void Write(const cases::ShipmentHandedOver& e, pb::ShipmentHandedOver& wire) {
  wire.set_item_number(e.item_number);
  wire.set_carrier(e.carrier);
}
void Read(Reading&, const pb::ShipmentHandedOver& wire, cases::ShipmentHandedOver& e) {
  e.item_number = wire.item_number();
  e.carrier = wire.carrier();
}

void Write(const cases::ShipmentTracked& e, pb::ShipmentTracked& wire) {
  wire.set_state(Code(e.state));
  Write(e.occurred, *wire.mutable_occurred());
}
void Read(Reading& reading, const pb::ShipmentTracked& wire, cases::ShipmentTracked& e) {
  reading.Code(wire.state(), e.state);
  reading.Require(e.state != postal::ShipmentState::kNone);
  Read(reading, wire.occurred(), e.occurred);
}

void Write(const cases::DeliveryFailed& e, pb::DeliveryFailed& wire) {
  wire.set_reason(Code(e.reason));
  Write(e.occurred, *wire.mutable_occurred());
  wire.set_same_attempt(e.same_attempt);
}
void Read(Reading& reading, const pb::DeliveryFailed& wire, cases::DeliveryFailed& e) {
  reading.Code(wire.reason(), e.reason);
  Read(reading, wire.occurred(), e.occurred);
  e.same_attempt = wire.same_attempt();
}

void Write(const cases::ShipmentDelivered& e, pb::ShipmentDelivered& wire) {
  wire.set_proof(Code(e.proof));
  wire.set_proof_reference(e.proof_reference);
  Write(e.occurred, *wire.mutable_occurred());
}
void Read(Reading& reading, const pb::ShipmentDelivered& wire, cases::ShipmentDelivered& e) {
  reading.Code(wire.proof(), e.proof);
  e.proof_reference = wire.proof_reference();
  Read(reading, wire.occurred(), e.occurred);
}

}  // namespace motcua::wire
