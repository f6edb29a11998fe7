// Waiting for what other threads or processes bring about, where nothing tells that it has
// happened.
//
//   ASSERT_TRUE(Await([&] { return log.health().ok(); }, kPatience)) << "it does not go on";
//
// For tests with real parts. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <future>

namespace motcua::testing {

inline constexpr std::chrono::milliseconds kAwaitInterval{20};

// Looks at once, and again every kAwaitInterval, until `condition` holds; whether it did within
// `patience`.
inline bool Await(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::promise<void> never;
  const std::future<void> pause = never.get_future();
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    static_cast<void>(pause.wait_for(kAwaitInterval));
  }
  return true;
}

}  // namespace motcua::testing
