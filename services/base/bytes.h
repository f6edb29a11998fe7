// Numbers as bytes, for keys and small values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace motcua {

// The lowest `bytes` bytes of `value`, big endian, so that keys sort as numbers do.
void AppendBigEndian(std::string& key, std::uint64_t value, int bytes);
std::uint64_t ReadBigEndian(std::string_view bytes);
void AppendLittleEndian(std::string& value, std::uint64_t number);  // 8 bytes
std::uint64_t ReadLittleEndian(std::string_view bytes);             // of the first 8 bytes

}  // namespace motcua
