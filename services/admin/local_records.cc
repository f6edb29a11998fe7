#include "services/admin/local_records.h"

#include <algorithm>
#include <system_error>

namespace motcua::admin {

using engine::Offset;
using engine::PartitionId;

Result<std::unique_ptr<LocalRecords>> LocalRecords::Open(const std::filesystem::path& folder) {
  // LogDisk would make a new log where none is.
  std::error_code error;
  if (!std::filesystem::exists(folder / "CURRENT", error)) {
    return Status(Reason::kFileUnreadable, "there is no embedded log in " + folder.string(),
                  {{"file", folder.string()}});
  }
  return OpenOrCreate(folder, 0);
}

Result<std::unique_ptr<LocalRecords>> LocalRecords::OpenOrCreate(
    const std::filesystem::path& folder, PartitionId partitions) {
  MOTCUA_ASSIGN_OR_RETURN(std::unique_ptr<rocks::LogDisk> disk,
                          rocks::LogDisk::Open(folder, partitions, {}));
  return std::unique_ptr<LocalRecords>(new LocalRecords(folder, std::move(disk)));
}

Result<std::vector<engine::TakenRecord>> LocalRecords::Read(PartitionId partition, Offset from) {
  std::vector<engine::TakenRecord> records;
  const std::size_t count =
      std::min<std::uint64_t>(end(partition) - from, engine::kChunkRecordsMax);
  MOTCUA_RETURN_IF_ERROR(disk_->Load(
      partition, from, count, [&records](std::string_view bytes, std::optional<Instant> appended) {
        records.push_back({std::string(bytes), appended});
      }));
  return records;
}

Status LocalRecords::Append(PartitionId partition, std::vector<engine::TakenRecord> records) {
  std::vector<rocks::PlacedRecord> placed;
  placed.reserve(records.size());
  Offset offset = end(partition);
  for (const engine::TakenRecord& record : records) {
    placed.push_back({partition, offset++, record.bytes, record.appended});
  }
  return disk_->Commit(placed).status;
}

}  // namespace motcua::admin
