// ClockCheck: what the log says of this process's wall clock (architecture.md §5).
//
// Each record carries the instant at which the log took it, and all readers see the same one. An
// event that says much later or much earlier than that was written by a wrong clock: `ClockAgrees`
// is the rule by which every reader ignores it. ClockCheck is the writer's side: from records that
// it reads back it learns whether its own clock agrees, and while it does not nothing is decided by
// it but a probe now and then.
//
// Pure; one thread: the loop's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "services/base/status.h"
#include "services/base/time.h"

namespace motcua::engine {

// An event that says it happened so much later than the log took it does not count. Far more than
// clocks differ that are set by NTP, and little of an office day.
inline constexpr Micros kClockLeadMax{60'000'000};
// The same for one that says so much earlier. A record waits for the log for kDeliveryTimeout (60
// s) at most; to that come two minutes for a process that stood still in between.
inline constexpr Micros kClockLagMax{180'000'000};
// A wall clock that has moved so far against the monotonic one was set: whether it is right now is
// not known.
inline constexpr Micros kClockStepMin{10'000'000};
// While the clock disagrees, one event is tried after this, then after twice as long, and so on up
// to the other: whether it still disagrees is told by the log alone. What it said so long ago is no
// reason any more to refuse anything: it may have been the log's clock that was wrong.
inline constexpr Micros kClockProbeFirst{5'000'000};
inline constexpr Micros kClockProbeLast{60'000'000};

// Whether an event that says `at` counts in a record that the log took at `appended`. A record
// without such an instant is of a log that did not keep it yet: it is trusted.
inline bool ClockAgrees(Instant at, std::optional<Instant> appended) {
  if (!appended) return true;
  // Unsigned: a stranger's event may say anything.
  const auto said = static_cast<std::uint64_t>(at.micros);
  const auto taken = static_cast<std::uint64_t>(appended->micros);
  return at >= *appended ? said - taken <= static_cast<std::uint64_t>(kClockLeadMax.count())
                         : taken - said <= static_cast<std::uint64_t>(kClockLagMax.count());
}

enum class ClockState : std::uint8_t {
  kUnsure,  // nothing was seen since the process began or its clock was set
  kAgrees,
  kDisagrees,
};

class ClockCheck {
 public:
  // The two clocks as they stand; before anything is asked or told.
  void Look(Instant now, Micros passed);

  // The log took a record at `appended`, not before `since` by the monotonic clock. As of the
  // latest Look.
  void Observe(Instant appended, Micros since);
  // A record of a log that keeps no instants: nothing can be known, and nothing is refused.
  void Trust();
  // An event did not count for its time, though the clock may be right.
  void Doubt() {
    if (state_ == ClockState::kAgrees) state_ = ClockState::kUnsure;
  }
  // A probe, or anything else, was appended.
  void Appended();

  ClockState state() const { return state_; }
  // How far the own clock is from the log's, as far as that is certain: ahead if positive.
  Micros offset() const { return offset_; }
  // Whether something may be decided now.
  bool MayDecide() const { return state_ != ClockState::kDisagrees || UntilProbe() <= Micros(0); }
  Micros UntilProbe() const {
    return state_ == ClockState::kDisagrees ? probe_at_ - passed_ : Micros(0);
  }
  // CLOCK_DISAGREES.
  Status Refusal() const;

 private:
  // What a record told: the log's clock stood at `appended` between two moments of the monotonic
  // one.
  struct Seen {
    Instant appended;
    Micros since;
    Micros until;
  };
  // From it: how far the own clock is off now, as far as that is certain.
  Micros OffsetBy(const Seen& seen) const;

  ClockState state_ = ClockState::kUnsure;
  Seen seen_{};
  Micros offset_{0};
  Instant now_{};
  Micros passed_{0};
  std::optional<Micros> between_;  // wall clock less monotonic clock, when they were looked at last
  Micros probe_wait_ = kClockProbeFirst;
  Micros probe_at_{0};
};

// CLOCK_DISAGREES by so much.
Status ClockDisagrees(Micros offset);

}  // namespace motcua::engine
