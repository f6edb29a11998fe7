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
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/codes/code_lists.h"

namespace motcua::postal {

inline constexpr std::size_t kCarrierBytesMax = 32;
inline constexpr std::size_t kProofReferenceBytesMax = 64;
inline constexpr std::size_t kAttemptsMax = 15;
// Two invitations lie so many working days apart (QĐ 45/2016 Đ10): what is reported as failed
// within fewer is the same attempt once more.
inline constexpr int kAttemptsApartDays = 2;
// An item number is not given again for so long (S10-12).
inline constexpr int kItemReuseMonths = 12;
// Carriers report to the minute: what happened in the minute of the hand-over may have happened
// after it.
inline constexpr Micros kReportGrain{60LL * 1'000'000};

using codes::FailureReason;
using codes::ProofKind;
using codes::ShipmentState;

struct Shipment {
  ShipmentState state = ShipmentState::kNone;
  std::string item_number;          // S10, from the hand-over on
  std::string carrier;              // id of the carrier, "vnpost"
  std::vector<ZonedTime> attempts;  // failed ones, by the carrier's clock, ascending
  std::optional<Instant> reported;  // latest report on the way, by the carrier's clock
  std::optional<ZonedTime> handed_over;
  std::optional<ZonedTime> delivered;
  std::optional<ZonedTime> returned;  // to the agency

  bool open() const {
    return state != ShipmentState::kNone && state != ShipmentState::kDelivered &&
           state != ShipmentState::kReturned;
  }
  bool with_carrier() const { return open() && state != ShipmentState::kRegistered; }

  friend bool operator==(const Shipment&, const Shipment&) = default;
};

// What the carrier reports may come late. Then it is kept and changes nothing: where the shipment
// stands is what the latest moment said, by the carrier's clock; of two reports of one moment, the
// one that came last. The ends are not reports of the way: a delivery is proven and a return is
// seen, so neither is undone by a scan that says a later time.
void Reported(Shipment& shipment, ShipmentState state, Instant occurred);
bool IsLateReport(const Shipment& shipment, Instant occurred);
// Notes a failed attempt; no more than kAttemptsMax.
void NoteAttempt(Shipment& shipment, const ZonedTime& occurred);
// Whether a failure at `occurred` is one that is noted already. Days are counted by `calendar`;
// where there is none, or it does not cover them, civil days count.
bool IsSameAttempt(const Shipment& shipment, const ZonedTime& occurred,
                   const calendar::Calendar* calendar);

// False: before the carrier had it.
bool IsAfterHandOver(const Shipment& shipment, Instant occurred);
// The first day on which a number that was given on `given` may be given again.
CivilDate ItemFreeFrom(CivilDate given);

// Refuse with STATE_FORBIDS naming the present state.
Status CanHandOver(const Shipment& shipment);
// Whether the carrier has it.
Status CanReport(const Shipment& shipment);
// `next` is kInTransit, kOutForDelivery or kReturning; the carrier may skip states but a shipment
// on its way back stays so.
Status CanTrack(const Shipment& shipment, ShipmentState next, Instant occurred);
Status CanFail(const Shipment& shipment, Instant occurred, bool same_attempt);
Status CanDeliver(const Shipment& shipment);
Status CanReturn(const Shipment& shipment);

}  // namespace motcua::postal
