// Shipment (bưu gửi): a result on its way by the public postal service (bưu chính công ích), from
// the wish to send it to the proof of delivery or back to the agency (QĐ 45/2016/QĐ-TTg, domain.md
// §9).
//
// Pure rules on a Shipment alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/base/time.h"

namespace motcua::postal {

inline constexpr std::size_t kCarrierBytesMax = 32;
inline constexpr std::size_t kProofReferenceBytesMax = 64;
inline constexpr int kAttemptsMax = 15;

// Values are stored: do not change.
enum class ShipmentState : std::uint8_t {
  kNone = 0,
  kRegistered = 1,      // chờ gom: waits for the carrier
  kHandedOver = 2,      // đã giao bưu điện: both signed the hand-over record
  kInTransit = 3,       // đang vận chuyển
  kOutForDelivery = 4,  // đang phát
  kFailed = 5,          // phát không thành công: may be tried again
  kDelivered = 6,       // phát thành công
  kReturning = 7,       // chuyển hoàn
  kReturned = 8,        // đã hoàn cơ quan
};
std::string_view ShipmentStateName(ShipmentState state);

// Values are stored: do not change.
enum class FailureReason : std::uint8_t {
  kAbsent = 1,
  kAddressWrong = 2,
  kRefused = 3,
  kIdentityNotProven = 4,
  kOther = 5,
};
enum class ProofKind : std::uint8_t { kSignature = 1, kElectronicSignature = 2, kPhoto = 3 };

struct Shipment {
  ShipmentState state = ShipmentState::kNone;
  std::string item_number;  // S10, from the hand-over on
  std::string carrier;      // id of the carrier, "vnpost"
  std::uint8_t attempts = 0;
  std::optional<ZonedTime> handed_over;
  std::optional<ZonedTime> delivered;

  bool open() const {
    return state != ShipmentState::kNone && state != ShipmentState::kDelivered &&
           state != ShipmentState::kReturned;
  }
  bool with_carrier() const { return open() && state != ShipmentState::kRegistered; }

  friend bool operator==(const Shipment&, const Shipment&) = default;
};

// Refuse with STATE_FORBIDS naming the present state.
Status CanHandOver(const Shipment& shipment);
// `next` is kInTransit, kOutForDelivery or kReturning; the carrier may skip states but a shipment
// on its way back stays so.
Status CanTrack(const Shipment& shipment, ShipmentState next);
Status CanFail(const Shipment& shipment);
Status CanDeliver(const Shipment& shipment);
Status CanReturn(const Shipment& shipment);

}  // namespace motcua::postal
