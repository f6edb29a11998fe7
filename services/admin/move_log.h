// Moves a log, whole: the bytes and the order of each partition stay as they are.
//
//   compare what is there already → append the rest → read both back and compare every record
//
// Run again after an interruption it goes on where it stopped: what is there must be how the source
// begins. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "services/admin/records.h"

namespace motcua::admin {

// What a step has done: `done` of `total` records.
enum class MoveStep : std::uint8_t { kCompare, kAppend, kVerify };
using MoveProgress = std::function<void(MoveStep step, std::uint64_t done, std::uint64_t total)>;

struct MovedPartition {
  std::uint64_t records = 0;
  std::uint64_t hash = 0;  // XXH3 of the records in their order, each seeded with the one before
  friend bool operator==(const MovedPartition&, const MovedPartition&) = default;
};

// Compares all that `to` holds with what `from` begins with. FILE_INVALID: another number of
// partitions, more records than `from`, or a record that differs; the message says where.
Status ComparePrefix(RecordSource& from, RecordSource& to, const MoveProgress& progress);
// Appends what `to` lacks. Where it stops half-way, `to` holds a beginning of `from`.
Status AppendRest(RecordSource& from, const RecordSource& to, RecordTarget& target,
                  const MoveProgress& progress);
// Reads both from the beginning to the end. LOG_DAMAGED names the first difference.
Result<std::vector<MovedPartition>> Verify(RecordSource& from, RecordSource& to,
                                           const MoveProgress& progress);

}  // namespace motcua::admin
