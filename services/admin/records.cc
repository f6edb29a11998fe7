#include "services/admin/records.h"

#include <algorithm>
#include <cstdint>

namespace motcua::admin {

std::uint64_t CountOf(const RecordSource& source, engine::PartitionId partition) {
  return source.end(partition) - source.begin();
}

std::uint64_t CountOf(const RecordSource& source) {
  std::uint64_t records = 0;
  for (engine::PartitionId p = 0; p < source.partitions(); ++p) records += CountOf(source, p);
  return records;
}

LogExtent ExtentOf(const RecordSource& source) {
  LogExtent extent{source.log_id(), source.begin(), {}};
  for (engine::PartitionId partition = 0; partition < source.partitions(); ++partition) {
    extent.ends[partition] = source.end(partition);
  }
  return extent;
}

Status CheckReadAll(const LogExtent& log, const engine::Offsets& read) {
  std::uint64_t all = 0;
  std::uint64_t missing = 0;
  std::uint64_t beyond = 0;
  for (const auto& [partition, end] : log.ends) {
    const auto found = read.find(partition);
    const engine::Offset at = std::max(found == read.end() ? 0 : found->second, log.begin);
    all += end - log.begin;
    missing += end > at ? end - at : 0;
    beyond += at > end ? at - end : 0;
  }
  if (missing != 0) {
    return Status(Reason::kBehind,
                  "reporting lacks " + std::to_string(missing) + " of the log's " +
                      std::to_string(all) +
                      " records, so its numbers are older; let it read them (a stopped service: "
                      "start it), then verify again",
                  {{"missing", std::to_string(missing)}});
  }
  if (beyond != 0) {
    return Status(Reason::kBehind,
                  "the log has gone on by " + std::to_string(beyond) +
                      " records since it was recounted; verify while nobody writes",
                  {{"missing", std::to_string(beyond)}});
  }
  return OkStatus();
}

}  // namespace motcua::admin
