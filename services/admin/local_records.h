// The records of an embedded log (rocks::LocalLog) that no process uses.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "services/admin/records.h"
#include "services/platform/rocksdb/log_disk.h"

namespace motcua::admin {

class LocalRecords final : public RecordSource, public RecordTarget {
 public:
  // FILE_UNREADABLE when there is no log in `folder`, STORE_IN_USE while a process has it open;
  // else as LocalLog::Open. Holds the folder until it is destroyed.
  static Result<std::unique_ptr<LocalRecords>> Open(const std::filesystem::path& folder);
  // Makes the log if there is none. FILE_INVALID: one with another number of partitions.
  static Result<std::unique_ptr<LocalRecords>> OpenOrCreate(const std::filesystem::path& folder,
                                                            engine::PartitionId partitions);

  std::string name() const override { return folder_.string(); }
  std::string log_id() const override { return disk_->id(); }
  engine::PartitionId partitions() const override { return disk_->partitions(); }
  engine::Offset begin() const override { return 0; }
  engine::Offset end(engine::PartitionId partition) const override {
    return disk_->ends()[partition];
  }
  Result<std::vector<engine::TakenRecord>> Read(engine::PartitionId partition,
                                                engine::Offset from) override;
  // Durable on return.
  Status Append(engine::PartitionId partition, std::vector<engine::TakenRecord> records) override;
  Status Finish() override { return OkStatus(); }

 private:
  LocalRecords(std::filesystem::path folder, std::unique_ptr<rocks::LogDisk> disk)
      : folder_(std::move(folder)), disk_(std::move(disk)) {}

  const std::filesystem::path folder_;
  const std::unique_ptr<rocks::LogDisk> disk_;
};

}  // namespace motcua::admin
