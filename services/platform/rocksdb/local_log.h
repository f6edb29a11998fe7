// LocalLog: the embedded event log, a RocksDB of its own with one synced write per batch of appends
// (group commit). For one process; KafkaLog is for more.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto log, LocalLog::Open(data / "log", kPartitions, codec, {}));
//   log->Append(partition, {bytes}, [](AppendOutcome outcome, const Status& why) { … });
//
// Threads: one writer of its own. It takes everything queued, assigns offsets, writes one synced
// batch, publishes the records to readers, calls each append's `done` and then the watchers. All of
// EventLog may be called from any thread, also from `done`; a watcher must not call Watch/Unwatch.
//
// Ownership: owns its folder while it is open (a second opener gets STORE_IN_USE). The codec must
// outlive it. The destructor commits what is queued, answers every append, and joins; nobody may
// still call it then.
//
// Formats, options with their reasons, and what damage is noticed: README.md.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/engine/log_entry.h"
#include "services/engine/ports.h"
#include "services/platform/rocksdb/log_clock.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace motcua::rocks {

class ChunkCache;
class LogDisk;

// A log cannot have more partitions: what lies after is the key range of its settings.
inline constexpr engine::PartitionId kPartitionsMax = 4096;
// A synced batch is closed when it holds so many records or bytes, so that its appends are answered
// before those after them are written.
inline constexpr std::size_t kCommitRecordsMax = 4096;
inline constexpr std::size_t kCommitBytesMax = 4 * 1024 * 1024;
// A chunk read from disk ends early once it holds so many bytes.
inline constexpr std::size_t kChunkBytesMax = 4 * 1024 * 1024;
// Between two attempts to write again after a failed write.
inline constexpr std::chrono::milliseconds kRecoverPause{200};

struct LocalLogOptions {
  // Appends not yet written; beyond, an append is refused at once with OVERLOADED.
  std::size_t queued_records_max = 64 * 1024;
  std::size_t queued_bytes_max = 64 * 1024 * 1024;
  // Latest records kept in memory for readers that keep up: bytes as encoded, and count.
  std::size_t tail_bytes_max = 16 * 1024 * 1024;
  std::size_t tail_records_max = 32 * 1024;
  // Decoded blocks of up to kChunkRecordsMax older records, shared by the readers of a replay.
  std::size_t cached_blocks_max = 24;
  // Memory of RocksDB before it writes a file; also what is replayed after a crash (about 0.25 s).
  std::size_t write_buffer_bytes = 16 * 1024 * 1024;
  // A scenario's clock, which must outlive the log: then its records do not say when they were
  // taken. None: LogClock, over `clocks`.
  const engine::Clock* scenario = nullptr;
  ReadClocks clocks = ReadMachineClocks;
  // Believe the wall clock at the start whatever the last record says: somebody has looked at it.
  bool trust_clock = false;
  // For tests: where files live and fail. Null = the machine's.
  rocksdb::Env* env = nullptr;
};

struct LocalLogStats {
  std::uint64_t commits = 0;          // synced batches
  std::uint64_t records = 0;          // appended since the log was opened
  std::uint64_t record_bytes = 0;     // of these
  std::uint64_t appends_refused = 0;  // queue full
  std::uint64_t commits_failed = 0;   // batches that could not be written
  std::uint64_t recoveries = 0;       // times that writing went on after a failure
};

class LocalLog final : public engine::EventLog {
 public:
  // Creates the log in an empty folder; `partitions` 0 = as it is, 1 if new. FILE_INVALID when the
  // log has another number of partitions, LOG_DAMAGED when records are missing or changed (then
  // nothing was changed on disk), STORE_IN_USE, LOG_UNAVAILABLE (disk full).
  static Result<std::unique_ptr<LocalLog>> Open(const std::filesystem::path& directory,
                                                engine::PartitionId partitions,
                                                const engine::Codec& codec,
                                                const LocalLogOptions& options);
  ~LocalLog() override;

  engine::PartitionId partitions() const override;
  void Append(engine::PartitionId partition, std::vector<std::string> records,
              AppendDone done) override;
  Result<std::shared_ptr<const engine::LogChunk>> Read(engine::PartitionId partition,
                                                       engine::Offset from) override;
  void AskEnd(engine::PartitionId partition, EndDone done) override;
  // LOG_UNAVAILABLE while the disk takes no writes.
  Status health() const override;
  std::uint64_t Watch(std::function<void()> wake) override;
  void Unwatch(std::uint64_t token) override;

  // 32 hexadecimal digits, given at creation: a state store of another log can be told by it.
  const std::string& id() const;
  // The instant of the last record where the machine's clock was too far from it to be believed
  // when the log was opened (LogClock): a writer that uses that clock gets CLOCK_DISAGREES until
  // they agree. Any thread.
  std::optional<Instant> clock_doubted_since() const { return doubted_since_; }
  // Any thread.
  LocalLogStats stats() const;
  // Reads all files against their checksums: long. Any thread.
  Status Verify() const;

 private:
  struct Pending {
    engine::PartitionId partition;
    std::vector<engine::TakenRecord> records;
    std::size_t bytes;
    AppendDone done;
  };

  LocalLog(std::unique_ptr<LogDisk> disk, std::optional<Instant> last, const engine::Codec& codec,
           const LocalLogOptions& options);

  std::optional<Instant> TakenNow();
  void WriterLoop();
  bool TakeQueued(std::vector<Pending>& batch);
  void RecoverIdle();
  void CommitBatch(std::vector<Pending> batch);
  void PublishBatch(std::vector<Pending>& batch);
  void PublishDisk();
  void CallWatchers();
  void CheckPartition(engine::PartitionId partition) const;

  const engine::Codec& codec_;
  const LocalLogOptions options_;
  std::unique_ptr<LogDisk> disk_;
  std::unique_ptr<ChunkCache> cache_;
  std::optional<Instant> doubted_since_;           // set at opening
  LogClock clock_;                                 // the writer's
  std::vector<std::atomic<engine::Offset>> ends_;  // readable; by partition
  std::atomic<bool> broken_ = false;               // the disk takes no writes

  std::mutex queue_mutex_;
  std::condition_variable queued_;
  std::deque<Pending> queue_;
  std::size_t queue_records_ = 0;
  std::size_t queue_bytes_ = 0;
  bool stopping_ = false;

  std::mutex watch_mutex_;  // held while watchers run
  std::uint64_t watch_token_next_ = 1;
  std::map<std::uint64_t, std::function<void()>> watchers_;

  struct Counters {
    std::atomic<std::uint64_t> commits, records, record_bytes, refused, failed, recoveries;
  };
  Counters counters_{};

  std::thread writer_;  // last: it uses everything above
};

}  // namespace motcua::rocks
