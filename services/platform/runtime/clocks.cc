#include "services/platform/runtime/clocks.h"

#include <chrono>
#include <utility>

namespace motcua::runtime {

Instant SystemClock::Now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Micros>(now).count()};
}

Micros SystemClock::Passed() const {
  return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
}

void ScenarioClock::Set(Instant now) {
  const std::lock_guard lock(mutex_);
  micros_.store(now.micros, std::memory_order_release);
  CallListeners();
}

void ScenarioClock::AdvanceTo(Instant now) {
  const std::lock_guard lock(mutex_);
  if (now.micros <= micros_.load(std::memory_order_relaxed)) return;
  micros_.store(now.micros, std::memory_order_release);
  CallListeners();
}

void ScenarioClock::CallListeners() {
  for (const auto& [token, changed] : listeners_) changed();
}

std::uint64_t ScenarioClock::Listen(std::function<void()> changed) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t token = next_token_++;
  listeners_.emplace(token, std::move(changed));
  return token;
}

void ScenarioClock::Unlisten(std::uint64_t token) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(token);
}

}  // namespace motcua::runtime
