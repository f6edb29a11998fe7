// LogDisk: the records of a LocalLog on their RocksDB: opening and its checks, the synced commit,
// recovery after a failed write, and verified reading. Knows nothing of events and queues.
//
// Owned by LocalLog. Commit, Recover, Close and `ends`: one thread (the log's writer). Load: any
// thread, also meanwhile. Formats and what is detected: README.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/log_entry.h"
#include "services/engine/ports.h"
#include "services/platform/rocksdb/high_water.h"
#include "services/platform/rocksdb/local_log.h"

namespace rocksdb {
class DB;
class WriteBatch;
struct Options;
}  // namespace rocksdb

namespace motcua::rocks {

struct PlacedRecord {
  engine::PartitionId partition = 0;
  engine::Offset offset = 0;
  std::string_view bytes;
  std::optional<Instant> appended = {};
};

class LogDisk {
 public:
  struct Committed {
    engine::AppendOutcome outcome = engine::AppendOutcome::kAppended;
    Status status;
  };

  // As LocalLog::Open.
  static Result<std::unique_ptr<LogDisk>> Open(const std::filesystem::path& directory,
                                               engine::PartitionId partitions,
                                               const LocalLogOptions& options);
  LogDisk(const LogDisk&) = delete;
  LogDisk& operator=(const LogDisk&) = delete;
  ~LogDisk();

  engine::PartitionId partitions() const { return partitions_; }
  const std::string& id() const { return id_; }
  // Per partition: where the next record goes. Commit moves it; Recover may, too.
  const std::vector<engine::Offset>& ends() const { return ends_; }

  // Writes all of `records` or none, durable on return if kAppended. They must stand at `ends()`.
  Committed Commit(std::span<const PlacedRecord> records);

  // After a failed write: opens the database anew once the disk takes writes again. True when
  // records can be committed. Tries at most once per kRecoverPause.
  bool Recover();
  bool broken() const { return broken_; }
  // Times that writing went on after a failure.
  std::uint64_t recoveries() const { return recoveries_; }

  // Shows up to `records_max` records (fewer once kChunkBytesMax is reached, at least one) from
  // `first` on, in their order. They must exist: a missing or changed one is LOG_DAMAGED.
  using Take = std::function<void(std::string_view bytes, std::optional<Instant> appended)>;
  Status Load(engine::PartitionId partition, engine::Offset first, std::size_t records_max,
              const Take& take) const;
  // When the log took its latest record, over all partitions; none when it has none that says so.
  Result<std::optional<Instant>> LastAppended() const;
  // Reads every block of every file against its checksum. LOG_DAMAGED names the file.
  Status Verify() const;

 private:
  LogDisk(std::filesystem::path directory, const LocalLogOptions& options, HighWater high_water);

  rocksdb::Options OpenOptions() const;
  Status OpenDatabase();
  Status OpenTorn();
  Status CheckTorn() const;
  Status ReadSettings(engine::PartitionId partitions);
  Status ReadEnds();
  bool DiskTakesWrites() const;
  // Whether the record of a failed commit stands in the log, seen by a second, read-only look.
  engine::AppendOutcome Inspect(const PlacedRecord& record) const;
  Committed Failed(const PlacedRecord& first, const Status& cause);

  const std::filesystem::path directory_;
  const LocalLogOptions options_;
  HighWater high_water_;
  engine::PartitionId partitions_ = 0;
  std::string id_;
  std::vector<engine::Offset> ends_;
  bool broken_ = false;
  std::uint64_t recoveries_ = 0;
  std::chrono::steady_clock::time_point recover_next_{};
  // Readers share it, Recover takes it alone while it replaces db_.
  mutable std::shared_mutex db_mutex_;
  std::unique_ptr<rocksdb::DB> db_;
};

}  // namespace motcua::rocks
