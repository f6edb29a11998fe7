#include "services/replay/apportion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "services/base/check.h"

namespace motcua::replay {

std::vector<int> Apportion(int total, std::span<const std::int64_t> weights) {
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  MOTCUA_CHECK(sum > 0 || total == 0, "nothing to apportion by");
  std::vector<int> shares(weights.size(), 0);
  if (total == 0) return shares;
  std::vector<std::int64_t> remainders(weights.size());
  int given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    shares[i] = static_cast<int>(total * weights[i] / sum);
    remainders[i] = total * weights[i] % sum;
    given += shares[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; given < total; ++i, ++given) ++shares[order[i]];
  return shares;
}

std::vector<int> Deal(int total, std::span<const std::int64_t> weights) {
  std::vector<int> dealt;
  dealt.reserve(static_cast<std::size_t>(total));
  const std::vector<int> shares = Apportion(total, weights);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    dealt.insert(dealt.end(), static_cast<std::size_t>(shares[i]), static_cast<int>(i));
  }
  return dealt;
}

}  // namespace motcua::replay
