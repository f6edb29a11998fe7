// Largest remainder (Hare): whole shares of a whole that add up to it exactly. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace motcua::replay {

// One share for each weight (none below 0, not all 0), together `total`. Equal remainders go to the
// first of them.
std::vector<int> Apportion(int total, std::span<const std::int64_t> weights);

// Each index of `weights` as often as its share of `total` says, ascending.
std::vector<int> Deal(int total, std::span<const std::int64_t> weights);

}  // namespace motcua::replay
