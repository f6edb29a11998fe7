#include "services/platform/rocksdb/log_clock.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace motcua::rocks {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::int64_t MicrosOf(clockid_t clock) {
  constexpr std::int64_t kNanosPerMicro = 1000;
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kMillion + now.tv_nsec / kNanosPerMicro;
}

}  // namespace

ClockReading ReadMachineClocks() {
  return {Instant{MicrosOf(CLOCK_REALTIME)}, Micros(MicrosOf(CLOCK_BOOTTIME))};
}

LogClock::LogClock(ReadClocks read, std::optional<Instant> last)
    : read_(std::move(read)), last_(last) {
  const ClockReading start = read_();
  passed_ = start.passed;
  anchored_ = Believes(start.wall);
  now_ = anchored_ ? start.wall : *last_;
}

bool LogClock::Believes(Instant wall) const {
  return !last_ || (wall >= *last_ - kStartBehindMax && wall <= *last_ + kRestMax);
}

Instant LogClock::Next() {
  const ClockReading reading = read_();
  const Micros passed = std::max(reading.passed - passed_, Micros(0));
  passed_ = reading.passed;
  now_ = now_ + passed;
  if (!anchored_ && Believes(reading.wall)) {
    anchored_ = true;
    now_ = reading.wall;
  } else if (anchored_) {
    const Micros most(passed.count() * kSlewPpm / kMillion);
    now_ = now_ + std::clamp(reading.wall - now_, -most, most);
  }
  given_ = std::max(given_, now_);
  return given_;
}

}  // namespace motcua::rocks
