// Postal (bưu chính công ích): a result on its way by post, until it is delivered or comes back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "services/domain/cases/command_row.h"
#include "services/domain/postal/shipment.h"

namespace motcua::cases {

// ---- What can happen ----------------------------------------------------------------------------

struct ShipmentRegistered {
  friend bool operator==(const ShipmentRegistered&, const ShipmentRegistered&) = default;
};
struct ShipmentHandedOver {
  std::string item_number;
  std::string carrier;
  friend bool operator==(const ShipmentHandedOver&, const ShipmentHandedOver&) = default;
};
struct ShipmentTracked {
  postal::ShipmentState state = postal::ShipmentState::kInTransit;
  ZonedTime occurred;  // by the carrier's clock
  friend bool operator==(const ShipmentTracked&, const ShipmentTracked&) = default;
};
struct DeliveryFailed {
  postal::FailureReason reason = postal::FailureReason::kOther;
  ZonedTime occurred;
  bool same_attempt = false;  // reported once more: it counts no further attempt
  friend bool operator==(const DeliveryFailed&, const DeliveryFailed&) = default;
};
struct ShipmentDelivered {
  postal::ProofKind proof = postal::ProofKind::kSignature;
  std::string proof_reference;  // of the record that the carrier keeps; never a name
  ZonedTime occurred;
  friend bool operator==(const ShipmentDelivered&, const ShipmentDelivered&) = default;
};
struct ShipmentReturned {
  friend bool operator==(const ShipmentReturned&, const ShipmentReturned&) = default;
};

using PostalPayload = std::variant<ShipmentRegistered, ShipmentHandedOver, ShipmentTracked,
                                   DeliveryFailed, ShipmentDelivered, ShipmentReturned>;

// ---- What can be asked --------------------------------------------------------------------------

struct RegisterShipment {  // reaction: a result is ready and goes by post
  static constexpr CommandRow kRow = {.name = "RegisterShipment",
                                      .owner = Owner::kPostal,
                                      .parts = {.shipment = true, .trace = true}};
};
struct HandOverShipment {
  static constexpr CommandRow kRow = {
      .name = "HandOverShipment", .owner = Owner::kPostal, .parts = {.shipment = true}};
  std::string item_number;
  std::string carrier;
};
struct TrackShipment {
  static constexpr CommandRow kRow = {
      .name = "TrackShipment", .owner = Owner::kPostal, .parts = {.shipment = true}};
  postal::ShipmentState state = postal::ShipmentState::kInTransit;
  std::optional<Instant> occurred;
};
struct FailDelivery {
  static constexpr CommandRow kRow = {
      .name = "FailDelivery", .owner = Owner::kPostal, .parts = {.shipment = true}};
  postal::FailureReason reason = postal::FailureReason::kOther;
  std::optional<Instant> occurred;
};
struct DeliverShipment {
  static constexpr CommandRow kRow = {
      .name = "DeliverShipment", .owner = Owner::kPostal, .parts = {.shipment = true}};
  postal::ProofKind proof = postal::ProofKind::kSignature;
  std::string proof_reference;
  std::optional<Instant> occurred;
};
struct ReturnShipment {
  static constexpr CommandRow kRow = {
      .name = "ReturnShipment", .owner = Owner::kPostal, .parts = {.shipment = true}};
};

using PostalAction = std::variant<RegisterShipment, HandOverShipment, TrackShipment, FailDelivery,
                                  DeliverShipment, ReturnShipment>;

}  // namespace motcua::cases
