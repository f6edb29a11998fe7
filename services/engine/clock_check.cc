#include "services/engine/clock_check.h"

#include <cstdlib>
#include <string>

namespace motcua::engine {
namespace {

bool Beyond(Micros offset) { return offset > kClockLeadMax || offset < -kClockLagMax; }

}  // namespace

Status ClockDisagrees(Micros offset) {
  const std::int64_t seconds = offset.count() / 1'000'000;
  return Status(Reason::kClockDisagrees,
                "this machine's clock is " + std::to_string(std::llabs(seconds)) + " s " +
                    (seconds < 0 ? "behind" : "ahead of") + " the log's",
                {{"clock_offset_seconds", std::to_string(seconds)}});
}

void ClockCheck::Look(Instant now, Micros passed) {
  const Micros between = Micros(now.micros) - passed;
  // Against the latest look that told something: a clock that drifts is seen, too.
  const bool stepped =
      between_ && (between - *between_ > kClockStepMin || *between_ - between > kClockStepMin);
  if (!between_ || stepped) between_ = between;
  if (stepped) {
    state_ = ClockState::kUnsure;
    offset_ = Micros(0);
    probe_wait_ = kClockProbeFirst;
  }
  now_ = now;
  passed_ = passed;
  if (state_ != ClockState::kDisagrees) return;
  // A clock that is led back slowly is right again without a step.
  offset_ = OffsetBy(seen_);
  if (!Beyond(offset_) || passed_ - seen_.until > kClockProbeLast) state_ = ClockState::kUnsure;
}

Micros ClockCheck::OffsetBy(const Seen& seen) const {
  const Micros latest = now_ - seen.appended - (passed_ - seen.until);
  const Micros earliest = now_ - seen.appended - (passed_ - std::min(seen.since, seen.until));
  return earliest > Micros(0) ? earliest : std::min(latest, Micros(0));
}

void ClockCheck::Observe(Instant appended, Micros since) {
  seen_ = {appended, since, passed_};
  offset_ = OffsetBy(seen_);
  if (Beyond(offset_)) {
    if (state_ != ClockState::kDisagrees) probe_at_ = passed_ + probe_wait_;
    state_ = ClockState::kDisagrees;
    return;
  }
  state_ = ClockState::kAgrees;
  probe_wait_ = kClockProbeFirst;
  between_ = Micros(now_.micros) - passed_;
}

void ClockCheck::Trust() {
  state_ = ClockState::kAgrees;
  offset_ = Micros(0);
  between_ = Micros(now_.micros) - passed_;
}

void ClockCheck::Appended() {
  if (state_ != ClockState::kDisagrees) return;
  probe_wait_ = std::min(2 * probe_wait_, kClockProbeLast);
  probe_at_ = passed_ + probe_wait_;
}

Status ClockCheck::Refusal() const { return ClockDisagrees(offset_); }

}  // namespace motcua::engine
