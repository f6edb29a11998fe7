// How a record of the local log stands in its RocksDB: the key that places it, the seal that proves
// it. Frozen formats (README.md).
//
// Free functions; any thread.
#pragma once

#include <rocksdb/slice.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/engine/ports.h"

namespace motcua::rocks {

inline constexpr std::size_t kLogKeyBytes = 2 + 8;
inline constexpr std::size_t kLogSealBytes = 8;
using LogKey = std::array<char, kLogKeyBytes>;
using LogSeal = std::array<char, kLogSealBytes>;

struct LogPlace {
  engine::PartitionId partition = 0;
  engine::Offset offset = 0;
};

// Partition and offset, both big-endian, so that RocksDB's order is the log's.
LogKey MakeKey(engine::PartitionId partition, engine::Offset offset);
inline rocksdb::Slice AsSlice(const LogKey& key) { return {key.data(), key.size()}; }
// LOG_DAMAGED for what is no key.
Result<LogPlace> ParseKey(const rocksdb::Slice& key);

// The hash that a record carries at its end: over its bytes, and by the seed over its place, so
// that a whole record in a wrong place is noticed too.
LogSeal Seal(engine::PartitionId partition, engine::Offset offset, std::string_view bytes);
// The record's bytes without their seal; LOG_DAMAGED when they are not what was sealed there.
Result<std::string_view> Unseal(engine::PartitionId partition, engine::Offset offset,
                                const rocksdb::Slice& value);

// A record with the instant at which the log took it stands as bytes, instant, seal over both; by
// its seal it is told from one of a program that kept none, bytes and seal.
inline constexpr std::size_t kLogInstantBytes = 8;
using LogTail = std::array<char, kLogInstantBytes + kLogSealBytes>;
// What stands after the bytes, and how much of it.
struct LogEnding {
  LogTail tail;
  std::size_t size = 0;
  std::string_view text() const { return {tail.data(), size}; }
};
LogEnding MakeEnding(engine::PartitionId partition, engine::Offset offset, std::string_view bytes,
                     std::optional<Instant> appended);
struct LogValue {
  std::string_view bytes;
  std::optional<Instant> appended;
};
// LOG_DAMAGED when it is not what was written there.
Result<LogValue> ParseValue(engine::PartitionId partition, engine::Offset offset,
                            const rocksdb::Slice& value);
// LOG_DAMAGED that names the place.
Status DamagedAt(const std::string& what, engine::PartitionId partition, engine::Offset offset);

}  // namespace motcua::rocks
