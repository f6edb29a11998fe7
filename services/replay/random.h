// A random generator of our own: the standard library's distributions differ from one library to
// the next, and a plan must come out the same wherever it is made. SplitMix64 (public domain, S.
// Vigna). Pure; one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "services/base/hash.h"

namespace motcua::replay {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // Independent of every other `purpose` of the same seed.
  Random(std::uint64_t seed, std::string_view purpose) : state_(HashBytes(purpose, seed)) {}

  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  // 0 to `end` - 1; `end` at least 1.
  int Below(int end) {
    return static_cast<int>(((Next() >> 32U) * static_cast<std::uint64_t>(end)) >> 32U);
  }
  bool Chance(int percent) {
    constexpr int kWhole = 100;
    return Below(kWhole) < percent;
  }
  // One of `values`, all alike likely.
  template <typename T, std::size_t kCount>
  T From(const std::array<T, kCount>& values) {
    return values[static_cast<std::size_t>(Below(static_cast<int>(kCount)))];
  }
  // The smaller, the likelier to be among the chosen; of twice the weight twice as likely.
  std::uint64_t Rank(int weight) {
    constexpr unsigned kBits = 24;
    return ((Next() >> (64U - kBits)) << 16U) / static_cast<std::uint64_t>(weight);
  }
  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(Below(static_cast<int>(i)))]);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace motcua::replay
