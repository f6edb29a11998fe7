// The two clocks that may stand behind engine::Clock (architecture.md §5): the machine's, and one
// that is set by hand to replay a history.
//
// Owned by the code that builds the process; both outlive everything that was given a pointer to
// them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "services/base/time.h"
#include "services/engine/ports.h"

namespace motcua::runtime {

// Now() is CLOCK_REALTIME; it may step, and the fold makes time monotone. Passed() is of
// CLOCK_MONOTONIC. Any thread.
class SystemClock final : public engine::Clock {
 public:
  Instant Now() const override;
  Micros Passed() const override;
};

// Now() stands still until it is set; Passed() is the machine's: who waits for an answer waits in
// real time. Any thread.
//
//   ScenarioClock clock(Instant{…});
//   const auto token = clock.Listen([&] { inbox.Wake(); });
//   clock.Set(later);   // wakes who waits for a timer
class ScenarioClock final : public engine::Clock {
 public:
  explicit ScenarioClock(Instant start) : micros_(start.micros) {}
  ScenarioClock(const ScenarioClock&) = delete;
  ScenarioClock& operator=(const ScenarioClock&) = delete;

  Instant Now() const override { return {micros_.load(std::memory_order_acquire)}; }
  Micros Passed() const override { return SystemClock().Passed(); }
  // May also go backwards, as any clock. Calls every listener before it returns.
  void Set(Instant now);
  // Sets `now` only if it is later than the present reading: for several sources of time.
  void AdvanceTo(Instant now);

  // `changed` is called after each change, in the thread that made it; it must not block and must
  // not call this clock but Now(). After Unlisten returned it is not called any more.
  std::uint64_t Listen(std::function<void()> changed);
  void Unlisten(std::uint64_t token);

 private:
  void CallListeners();

  std::atomic<std::int64_t> micros_;
  std::mutex mutex_;  // guards what follows, and is held while listeners run
  std::uint64_t next_token_ = 1;
  std::map<std::uint64_t, std::function<void()>> listeners_;
};

}  // namespace motcua::runtime
