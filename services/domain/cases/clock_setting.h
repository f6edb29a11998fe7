// What events say of a clock: when it is due, and by which calendar that was computed.
#pragma once

#include <cstdint>
#include <optional>

#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"

namespace motcua::cases {

// The calendar that a due date was computed by. Version 0: an event of before schema 3 does not
// say.
using calendar::CalendarUsed;

// The clock as it is set: by the receipt, a supplement, a pause's end, a leg.
struct ClockSetting {
  std::optional<ZonedTime> due;
  std::optional<Instant> due_soon;
  bool provisional = false;  // the due date rests on days that no decision covers yet
  friend bool operator==(const ClockSetting&, const ClockSetting&) = default;
};
struct LegDue {
  std::uint8_t leg = 0;  // from 1
  ClockSetting clock;
  CalendarUsed calendar = {};  // of the leg's unit
  friend bool operator==(const LegDue&, const LegDue&) = default;
};

}  // namespace motcua::cases
