#include "services/platform/rocksdb/log_record.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "services/base/hash.h"

namespace motcua::rocks {

using engine::Offset;
using engine::PartitionId;
using rocksdb::Slice;

namespace {

// Over place, bytes and instant; of another family than Seal, so that neither is taken for the
// other.
LogSeal SealTaken(PartitionId partition, Offset offset, std::string_view bytes,
                  std::string_view instant) {
  const std::uint64_t seed = (std::uint64_t{partition} << 48) ^ offset ^ 0x6c6f672d32u;  // "log-2"
  const std::uint64_t hash = HashBytes(instant, HashBytes(bytes, seed));
  LogSeal seal;
  for (std::size_t i = 0; i < kLogSealBytes; ++i) seal[i] = static_cast<char>(hash >> (8 * i));
  return seal;
}

}  // namespace

LogKey MakeKey(PartitionId partition, Offset offset) {
  LogKey key;
  key[0] = static_cast<char>(partition >> 8);
  key[1] = static_cast<char>(partition & 0xff);
  for (std::size_t i = 0; i < 8; ++i) key[2 + i] = static_cast<char>(offset >> (8 * (7 - i)));
  return key;
}
Result<LogPlace> ParseKey(const Slice& key) {
  if (key.size() != kLogKeyBytes)
    return Status(Reason::kLogDamaged, "a key of the log is malformed");
  const auto byte = [&key](std::size_t i) { return static_cast<std::uint8_t>(key[i]); };
  LogPlace place;
  place.partition = static_cast<PartitionId>(byte(0) << 8 | byte(1));
  for (std::size_t i = 2; i < kLogKeyBytes; ++i) place.offset = place.offset << 8 | byte(i);
  return place;
}

LogSeal Seal(PartitionId partition, Offset offset, std::string_view bytes) {
  const std::uint64_t seed = (std::uint64_t{partition} << 48) ^ offset ^ 0x6c6f672d31u;  // "log-1"
  const std::uint64_t hash = HashBytes(bytes, seed);
  LogSeal seal;
  for (std::size_t i = 0; i < kLogSealBytes; ++i) seal[i] = static_cast<char>(hash >> (8 * i));
  return seal;
}

Status DamagedAt(const std::string& what, PartitionId partition, Offset offset) {
  return Status(
      Reason::kLogDamaged,
      what + " at partition " + std::to_string(partition) + ", offset " + std::to_string(offset),
      {{"partition", std::to_string(partition)}, {"offset", std::to_string(offset)}});
}

Result<std::string_view> Unseal(PartitionId partition, Offset offset, const Slice& value) {
  if (value.size() < kLogSealBytes) return DamagedAt("a record is cut off", partition, offset);
  const std::string_view bytes(value.data(), value.size() - kLogSealBytes);
  const auto seal = Seal(partition, offset, bytes);
  if (std::memcmp(seal.data(), value.data() + bytes.size(), kLogSealBytes) != 0) {
    return DamagedAt("a record is not what was written", partition, offset);
  }
  return bytes;
}

LogEnding MakeEnding(PartitionId partition, Offset offset, std::string_view bytes,
                     std::optional<Instant> appended) {
  LogEnding ending;
  LogSeal seal;
  if (appended) {
    const auto micros = static_cast<std::uint64_t>(appended->micros);
    for (std::size_t i = 0; i < kLogInstantBytes; ++i) {
      ending.tail[i] = static_cast<char>(micros >> (8 * i));
    }
    ending.size = kLogInstantBytes;
    seal = SealTaken(partition, offset, bytes, ending.text());
  } else {
    seal = Seal(partition, offset, bytes);
  }
  std::copy(seal.begin(), seal.end(), ending.tail.data() + ending.size);
  ending.size += kLogSealBytes;
  return ending;
}

Result<LogValue> ParseValue(PartitionId partition, Offset offset, const Slice& value) {
  constexpr std::size_t kTailBytes = kLogInstantBytes + kLogSealBytes;
  if (value.size() >= kTailBytes) {
    const std::string_view bytes(value.data(), value.size() - kTailBytes);
    const std::string_view instant(value.data() + bytes.size(), kLogInstantBytes);
    const LogSeal seal = SealTaken(partition, offset, bytes, instant);
    if (std::memcmp(seal.data(), instant.data() + instant.size(), kLogSealBytes) == 0) {
      std::uint64_t micros = 0;
      for (std::size_t i = 0; i < kLogInstantBytes; ++i) {
        micros |= std::uint64_t{static_cast<std::uint8_t>(instant[i])} << (8 * i);
      }
      return LogValue{bytes, Instant{static_cast<std::int64_t>(micros)}};
    }
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::string_view bytes, Unseal(partition, offset, value));
  return LogValue{bytes, std::nullopt};
}

}  // namespace motcua::rocks
