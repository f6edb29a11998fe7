// LatencyHistogram: how long something took, counted into fixed buckets. Plain atomics, so that the
// hot path pays a few nanoseconds and knows nothing of who reads them.
//
// Any thread. A reading is not one moment: its buckets are what says how many there were.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace motcua::telemetry {

// Upper bounds; what is longer than the last counts in one bucket more.
inline constexpr std::array<std::chrono::microseconds, 15> kLatencyBounds = {
    std::chrono::microseconds(200),       std::chrono::microseconds(500),
    std::chrono::microseconds(1'000),     std::chrono::microseconds(2'000),
    std::chrono::microseconds(5'000),     std::chrono::microseconds(10'000),
    std::chrono::microseconds(20'000),    std::chrono::microseconds(50'000),
    std::chrono::microseconds(100'000),   std::chrono::microseconds(200'000),
    std::chrono::microseconds(500'000),   std::chrono::microseconds(1'000'000),
    std::chrono::microseconds(2'000'000), std::chrono::microseconds(5'000'000),
    std::chrono::microseconds(10'000'000)};

class LatencyHistogram {
 public:
  static constexpr std::size_t kBuckets = kLatencyBounds.size() + 1;

  void Add(std::chrono::nanoseconds took) {
    took = std::max(took, std::chrono::nanoseconds(0));
    const auto* const bound = std::lower_bound(kLatencyBounds.begin(), kLatencyBounds.end(), took);
    const auto bucket = static_cast<std::size_t>(bound - kLatencyBounds.begin());
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    nanoseconds_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
  }

  struct Reading {
    std::array<std::uint64_t, kBuckets> counts{};  // each bucket's own
    std::chrono::nanoseconds sum{0};
  };
  Reading Read() const {
    Reading reading;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      reading.counts[i] = counts_[i].load(std::memory_order_relaxed);
    }
    reading.sum = std::chrono::nanoseconds(
        static_cast<std::int64_t>(nanoseconds_.load(std::memory_order_relaxed)));
    return reading;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
  std::atomic<std::uint64_t> nanoseconds_{0};
};

}  // namespace motcua::telemetry
