// LogClock: the instants that a LocalLog gives to its records. Wall time, disciplined by the
// monotonic clock: within a process it goes as that goes, led towards the wall clock by kSlewPpm at
// most, so a wall clock that somebody sets does not take the log along (and who writes by it is
// told CLOCK_DISAGREES). It never goes back.
//
// After a start the wall clock is believed if it lies between the last record's instant and
// kRestMax after it; else time goes on from there until it does: a machine that wakes up in 1970
// is right once NTP has set it.
//
// One thread: the log's writer.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "services/base/time.h"

namespace motcua::rocks {

// Both clocks at one moment.
struct ClockReading {
  Instant wall;
  Micros passed;  // of a clock that never steps, and goes on while the machine sleeps
};
using ReadClocks = std::function<ClockReading()>;
// CLOCK_REALTIME and CLOCK_BOOTTIME.
ClockReading ReadMachineClocks();

// How fast the log's time is led to the wall clock: what crystals and NTP's slewing come to.
inline constexpr std::int64_t kSlewPpm = 500;
// A wall clock may stand so far behind the last record when the log is opened: clocks differ.
inline constexpr Micros kStartBehindMax = std::chrono::minutes(3);
// A log is not left alone for longer, as far as can be believed without being told.
inline constexpr Micros kRestMax = std::chrono::hours(24 * 366);

class LogClock {
 public:
  // `last`: of the latest record; none for a log without such.
  LogClock(ReadClocks read, std::optional<Instant> last);

  // Not before what it gave last.
  Instant Next();
  // Whether the wall clock was believed since the start.
  bool anchored() const { return anchored_; }

 private:
  bool Believes(Instant wall) const;

  const ReadClocks read_;
  const std::optional<Instant> last_;
  bool anchored_ = false;
  Instant now_{};
  Micros passed_{0};
  Instant given_{INT64_MIN};
};

}  // namespace motcua::rocks
