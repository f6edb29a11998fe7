#include "services/base/bytes.h"

#include <algorithm>

namespace motcua {

void AppendBigEndian(std::string& key, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  }
}

std::uint64_t ReadBigEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<std::uint8_t>(c);
  return value;
}

void AppendLittleEndian(std::string& value, std::uint64_t number) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    value.push_back(static_cast<char>(number >> shift));
  }
}

std::uint64_t ReadLittleEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = std::min<std::size_t>(8, bytes.size()); i-- > 0;) {
    value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
  }
  return value;
}

}  // namespace motcua
