// Routing (liên thông dọc, liên thông ngang): a leg is handed over by two acts, taken on, and
// completed or returned.
#pragma once

#include <cstdint>
#include <variant>

#include "services/domain/cases/clock_setting.h"
#include "services/domain/cases/command_row.h"
#include "services/domain/routing/route.h"

namespace motcua::cases {

// ---- What can happen ----------------------------------------------------------------------------

struct HandOverSent {
  std::uint8_t leg = 0;
  UnitCode from;
  friend bool operator==(const HandOverSent&, const HandOverSent&) = default;
};
struct HandOverAcknowledged {
  std::uint8_t leg = 0;
  ClockSetting clock;
  CalendarUsed calendar = {};  // of the leg's unit
  friend bool operator==(const HandOverAcknowledged&, const HandOverAcknowledged&) = default;
};
struct LegAccepted {
  std::uint8_t leg = 0;
  friend bool operator==(const LegAccepted&, const LegAccepted&) = default;
};
struct LegCompleted {
  std::uint8_t leg = 0;
  routing::LegOutcome outcome = routing::LegOutcome::kGranted;
  friend bool operator==(const LegCompleted&, const LegCompleted&) = default;
};
struct LegReturned {
  std::uint8_t leg = 0;
  routing::ReturnReason reason = routing::ReturnReason::kOther;
  friend bool operator==(const LegReturned&, const LegReturned&) = default;
};
struct LegReminded {  // đôn đốc
  std::uint8_t leg = 0;
  friend bool operator==(const LegReminded&, const LegReminded&) = default;
};

using RoutingPayload = std::variant<HandOverSent, HandOverAcknowledged, LegAccepted, LegCompleted,
                                    LegReturned, LegReminded>;

// ---- What can be asked --------------------------------------------------------------------------

struct SendHandOver {
  static constexpr CommandRow kRow = {
      .name = "SendHandOver", .owner = Owner::kRouting, .parts = {.route = true}};
  std::uint8_t leg = 0;
};
struct AcknowledgeHandOver {
  static constexpr CommandRow kRow = {.name = "AcknowledgeHandOver",
                                      .owner = Owner::kRouting,
                                      .parts = {.clock = true, .route = true}};
  std::uint8_t leg = 0;
};
struct AcceptLeg {
  static constexpr CommandRow kRow = {
      .name = "AcceptLeg", .owner = Owner::kRouting, .parts = {.route = true}};
  std::uint8_t leg = 0;
};
struct CompleteLeg {
  static constexpr CommandRow kRow = {
      .name = "CompleteLeg", .owner = Owner::kRouting, .parts = {.route = true}};
  std::uint8_t leg = 0;
  routing::LegOutcome outcome = routing::LegOutcome::kGranted;
};
struct ReturnLeg {
  static constexpr CommandRow kRow = {
      .name = "ReturnLeg", .owner = Owner::kRouting, .parts = {.route = true}};
  std::uint8_t leg = 0;
  routing::ReturnReason reason = routing::ReturnReason::kOther;
};
struct RemindLeg {
  static constexpr CommandRow kRow = {
      .name = "RemindLeg", .owner = Owner::kRouting, .parts = {.route = true}};
  std::uint8_t leg = 0;
};

using RoutingAction =
    std::variant<SendHandOver, AcknowledgeHandOver, AcceptLeg, CompleteLeg, ReturnLeg, RemindLeg>;

}  // namespace motcua::cases
