// The one source of chance of a simulated world: the same seed gives the same numbers on every
// machine and with every standard library (splitmix64). One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "services/base/check.h"
#include "services/base/time.h"

namespace motcua::simulation {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  // 0 … below-1.
  std::uint64_t Below(std::uint64_t below) {
    MOTCUA_CHECK(below > 0, "nothing to choose from");
    return Next() % below;
  }
  // Both counted in.
  std::int64_t Between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(Below(static_cast<std::uint64_t>(most - least) + 1));
  }
  Micros Between(Micros least, Micros most) { return Micros(Between(least.count(), most.count())); }
  bool Chance(int permille) { return Below(1000) < static_cast<std::uint64_t>(permille); }
  template <typename T>
  const T& Pick(const std::vector<T>& list) {
    return list[Below(list.size())];
  }

 private:
  std::uint64_t state_;
};

}  // namespace motcua::simulation
