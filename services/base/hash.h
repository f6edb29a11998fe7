// 64-bit hash of bytes (XXH3), stable over machines and versions: it is stored in events and rows
// and chooses partitions. Not for security.
#pragma once

#include <cstdint>
#include <string_view>

namespace motcua {

std::uint64_t HashBytes(std::string_view bytes, std::uint64_t seed = 0);

struct Hash128 {
  std::uint64_t low;
  std::uint64_t high;
};
Hash128 HashBytes128(std::string_view bytes);

}  // namespace motcua
