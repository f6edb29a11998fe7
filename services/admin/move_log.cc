#include "services/admin/move_log.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/base/hash.h"

namespace motcua::admin {
namespace {

using engine::Offset;
using engine::PartitionId;

Status Refusal(const RecordSource& to, PartitionId partition, const std::string& what) {
  return Status(Reason::kFileInvalid,
                to.name() + ": partition " + std::to_string(partition) + " " + what,
                {{"partition", std::to_string(partition)}});
}

Status CheckPartitions(const RecordSource& from, const RecordSource& to) {
  if (from.partitions() == to.partitions()) return OkStatus();
  return Status(Reason::kFileInvalid,
                from.name() + " has " + std::to_string(from.partitions()) + " partitions, " +
                    to.name() + " has " + std::to_string(to.partitions()) +
                    ": a log keeps their number; make the topic with `motcua admin topics " +
                    "--partitions " + std::to_string(from.partitions()) + "`",
                {{"partitions", std::to_string(from.partitions())}});
}

// Reads `count` records of a partition from both, side by side. The number of the first that
// differs, or `count`.
class SideBySide {
 public:
  SideBySide(RecordSource& from, RecordSource& to, PartitionId partition)
      : from_{from}, to_{to}, partition_(partition) {}

  using Seen = std::function<void(const engine::TakenRecord& record)>;
  Result<std::uint64_t> Run(std::uint64_t count, const Seen& seen) {
    for (std::uint64_t i = 0; i < count; ++i) {
      MOTCUA_ASSIGN_OR_RETURN(const engine::TakenRecord* left, Next(from_, i));
      MOTCUA_ASSIGN_OR_RETURN(const engine::TakenRecord* right, Next(to_, i));
      if (*left != *right) return i;
      seen(*left);
    }
    return count;
  }

 private:
  struct Side {
    RecordSource& source;
    std::vector<engine::TakenRecord> chunk = {};
    std::uint64_t first = 0;  // number of the chunk's first record
  };

  Result<const engine::TakenRecord*> Next(Side& side, std::uint64_t number) const {
    if (number >= side.first + side.chunk.size()) {
      MOTCUA_ASSIGN_OR_RETURN(side.chunk,
                              side.source.Read(partition_, side.source.begin() + number));
      side.first = number;
    }
    return &side.chunk[number - side.first];
  }

  Side from_;
  Side to_;
  const PartitionId partition_;
};

}  // namespace

Status ComparePrefix(RecordSource& from, RecordSource& to, const MoveProgress& progress) {
  MOTCUA_RETURN_IF_ERROR(CheckPartitions(from, to));
  const std::uint64_t total = CountOf(to);
  std::uint64_t done = 0;
  for (PartitionId p = 0; p < to.partitions(); ++p) {
    const std::uint64_t count = CountOf(to, p);
    if (count > CountOf(from, p)) {
      return Refusal(to, p, "holds more records than the log that is to be moved");
    }
    MOTCUA_ASSIGN_OR_RETURN(const std::uint64_t same,
                            SideBySide(from, to, p).Run(count, [&](const engine::TakenRecord&) {
                              progress(MoveStep::kCompare, ++done, total);
                            }));
    if (same < count) {
      return Refusal(to, p,
                     "holds another record number " + std::to_string(same) +
                         " than the log that is to be moved: it must be empty, or hold its "
                         "beginning from an earlier try");
    }
  }
  return OkStatus();
}

Status AppendRest(RecordSource& from, const RecordSource& to, RecordTarget& target,
                  const MoveProgress& progress) {
  const std::uint64_t total = CountOf(from) - CountOf(to);
  std::uint64_t done = 0;
  for (PartitionId p = 0; p < from.partitions(); ++p) {
    Offset next = from.begin() + CountOf(to, p);
    while (next < from.end(p)) {
      MOTCUA_ASSIGN_OR_RETURN(std::vector<engine::TakenRecord> records, from.Read(p, next));
      const std::size_t count = records.size();
      MOTCUA_RETURN_IF_ERROR(target.Append(p, std::move(records)));
      next += count;
      done += count;
      progress(MoveStep::kAppend, done, total);
    }
  }
  return target.Finish();
}

Result<std::vector<MovedPartition>> Verify(RecordSource& from, RecordSource& to,
                                           const MoveProgress& progress) {
  MOTCUA_RETURN_IF_ERROR(CheckPartitions(from, to));
  std::vector<MovedPartition> moved;
  const std::uint64_t total = CountOf(from);
  std::uint64_t done = 0;
  for (PartitionId p = 0; p < from.partitions(); ++p) {
    MovedPartition& partition = moved.emplace_back();
    partition.records = CountOf(from, p);
    std::uint64_t same = 0;
    if (CountOf(to, p) == partition.records) {
      MOTCUA_ASSIGN_OR_RETURN(
          same,
          SideBySide(from, to, p).Run(partition.records, [&](const engine::TakenRecord& record) {
            partition.hash = HashBytes(record.bytes, partition.hash);
            progress(MoveStep::kVerify, ++done, total);
          }));
    }
    if (same == partition.records && CountOf(to, p) == partition.records) continue;
    return Status(Reason::kLogDamaged,
                  to.name() + ": partition " + std::to_string(p) + " holds " +
                      std::to_string(CountOf(to, p)) + " records, " +
                      std::to_string(partition.records) + " were moved; the same up to number " +
                      std::to_string(same),
                  {{"partition", std::to_string(p)}});
  }
  return moved;
}

}  // namespace motcua::admin
