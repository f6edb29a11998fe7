// Deadline (thời hạn): the clock stops and goes on, and says when a date is near or missed.
#pragma once

#include <compare>
#include <cstdint>
#include <variant>
#include <vector>

#include "services/domain/cases/clock_setting.h"
#include "services/domain/cases/command_row.h"

namespace motcua::cases {

using codes::AlertKind;
using codes::PauseReason;

// ---- What can happen ----------------------------------------------------------------------------

struct ClockPaused {
  PauseReason reason = PauseReason::kFinancialDuty;
  friend bool operator==(const ClockPaused&, const ClockPaused&) = default;
};
// The clock goes on. `paused_from` and `resumed` are the premises of the new due date.
struct ClockResumed {
  PauseReason reason = PauseReason::kSupplement;  // kSupplement: the supplement was received
  bool restarted = false;                         // the term was counted anew from `resumed`
  ZonedTime paused_from;
  ZonedTime resumed;
  ClockSetting clock;
  std::vector<LegDue> legs;
  CalendarUsed calendar;  // by which `clock` was computed
  friend bool operator==(const ClockResumed&, const ClockResumed&) = default;
};
// Which alert: of the dossier (leg 0) or a leg, and for which due date.
struct AlertKey {
  AlertKind kind = AlertKind::kDueSoon;
  std::uint8_t leg = 0;
  Instant due;
  friend bool operator==(const AlertKey&, const AlertKey&) = default;
  friend auto operator<=>(const AlertKey&, const AlertKey&) = default;
};
struct AlertRaised {
  AlertKey alert;
  friend bool operator==(const AlertRaised&, const AlertRaised&) = default;
};
struct AlertAcknowledged {
  AlertKey alert;
  friend bool operator==(const AlertAcknowledged&, const AlertAcknowledged&) = default;
};

using DeadlinePayload = std::variant<ClockPaused, ClockResumed, AlertRaised, AlertAcknowledged>;

// ---- What can be asked --------------------------------------------------------------------------

struct PauseClock {
  static constexpr CommandRow kRow = {
      .name = "PauseClock", .owner = Owner::kDeadline, .parts = {.clock = true}};
  PauseReason reason = PauseReason::kFinancialDuty;  // not kSupplement
};
struct ResumeClock {
  static constexpr CommandRow kRow = {
      .name = "ResumeClock", .owner = Owner::kDeadline, .parts = {.clock = true, .route = true}};
};
struct RaiseAlert {  // timer
  static constexpr CommandRow kRow = {.name = "RaiseAlert",
                                      .owner = Owner::kDeadline,
                                      .parts = {.clock = true, .route = true, .trace = true}};
  AlertKey alert;
};
struct AcknowledgeAlert {
  static constexpr CommandRow kRow = {
      .name = "AcknowledgeAlert", .owner = Owner::kDeadline, .parts = {.clock = true}};
  AlertKind kind = AlertKind::kOverdue;
  std::uint8_t leg = 0;  // the latest alert of that kind
};

using DeadlineAction = std::variant<PauseClock, ResumeClock, RaiseAlert, AcknowledgeAlert>;

}  // namespace motcua::cases
