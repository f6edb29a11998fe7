#include "services/platform/rocksdb/local_log.h"

#include <algorithm>
#include <utility>

#include "services/base/check.h"
#include "services/platform/rocksdb/chunk_cache.h"
#include "services/platform/rocksdb/log_disk.h"
#include "services/platform/runtime/thread_name.h"

namespace motcua::rocks {

using engine::AppendOutcome;
using engine::LogChunk;
using engine::Offset;
using engine::PartitionId;

namespace {

Status DiskIsBroken() {
  return Status(Reason::kLogUnavailable, "the log's disk does not take writes");
}

}  // namespace

Result<std::unique_ptr<LocalLog>> LocalLog::Open(const std::filesystem::path& directory,
                                                 PartitionId partitions, const engine::Codec& codec,
                                                 const LocalLogOptions& options) {
  MOTCUA_ASSIGN_OR_RETURN(std::unique_ptr<LogDisk> disk,
                          LogDisk::Open(directory, partitions, options));
  MOTCUA_ASSIGN_OR_RETURN(std::optional<Instant> last, disk->LastAppended());
  if (options.trust_clock) last.reset();
  return std::unique_ptr<LocalLog>(new LocalLog(std::move(disk), last, codec, options));
}

LocalLog::LocalLog(std::unique_ptr<LogDisk> disk, std::optional<Instant> last,
                   const engine::Codec& codec, const LocalLogOptions& options)
    : codec_(codec),
      options_(options),
      disk_(std::move(disk)),
      cache_(std::make_unique<ChunkCache>(
          disk_->partitions(), codec,
          ChunkCache::Limits{options.tail_bytes_max, options.tail_records_max,
                             std::max<std::size_t>(options.cached_blocks_max, 1)})),
      clock_(options_.clocks, last),
      ends_(disk_->partitions()) {
  if (options_.scenario == nullptr && !clock_.anchored()) doubted_since_ = last;
  PublishDisk();
  writer_ = std::thread([this] { WriterLoop(); });
}

LocalLog::~LocalLog() {
  {
    const std::lock_guard lock(queue_mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  writer_.join();
}

PartitionId LocalLog::partitions() const { return disk_->partitions(); }
const std::string& LocalLog::id() const { return disk_->id(); }
Status LocalLog::Verify() const { return disk_->Verify(); }

LocalLogStats LocalLog::stats() const {
  return {counters_.commits, counters_.records, counters_.record_bytes,
          counters_.refused, counters_.failed,  counters_.recoveries};
}

void LocalLog::CheckPartition(PartitionId partition) const {
  MOTCUA_CHECK(partition < ends_.size(), "a partition that the log does not have");
}

void LocalLog::Append(PartitionId partition, std::vector<std::string> records, AppendDone done) {
  CheckPartition(partition);
  if (records.empty()) return done(AppendOutcome::kAppended, OkStatus());
  std::size_t bytes = 0;
  for (const std::string& record : records) {
    bytes += record.size();
    if (record.size() > engine::kRecordBytesMax) {
      return done(AppendOutcome::kNotAppended,
                  Status(Reason::kLimitExceeded, "a record is too large for the log",
                         {{"limit", "kRecordBytesMax"}}));
    }
  }
  if (records.size() > options_.queued_records_max || bytes > options_.queued_bytes_max) {
    return done(AppendOutcome::kNotAppended,
                Status(Reason::kLimitExceeded, "an append is larger than the log's queue",
                       {{"limit", "queued_records_max"}}));
  }
  Status refused;
  std::unique_lock lock(queue_mutex_);
  if (stopping_) {
    refused = Status(Reason::kNotServing, "the log is closing");
  } else if (queue_records_ + records.size() > options_.queued_records_max ||
             queue_bytes_ + bytes > options_.queued_bytes_max) {
    refused =
        Status(Reason::kOverloaded, "the log's queue is full", {{"limit", "queued_records_max"}});
  } else {
    queue_records_ += records.size();
    queue_bytes_ += bytes;
    Pending& pending = queue_.emplace_back(Pending{partition, {}, bytes, std::move(done)});
    pending.records.reserve(records.size());
    for (std::string& record : records) pending.records.push_back({std::move(record), {}});
    lock.unlock();
    return queued_.notify_one();
  }
  lock.unlock();
  ++counters_.refused;
  done(AppendOutcome::kNotAppended, refused);
}

void LocalLog::WriterLoop() {
  runtime::NameThread("log writer");
  std::vector<Pending> batch;
  while (TakeQueued(batch)) {
    if (batch.empty()) {
      RecoverIdle();
    } else {
      CommitBatch(std::exchange(batch, {}));
    }
  }
}

// False: the log is closing and everything was taken. Empty: nothing came while the log is broken.
bool LocalLog::TakeQueued(std::vector<Pending>& batch) {
  std::size_t records = 0;
  std::size_t bytes = 0;
  std::unique_lock lock(queue_mutex_);
  const auto ready = [this] { return stopping_ || !queue_.empty(); };
  if (disk_->broken()) {
    queued_.wait_for(lock, kRecoverPause, ready);
  } else {
    queued_.wait(lock, ready);
  }
  if (stopping_ && queue_.empty()) return false;
  while (!queue_.empty() && records < kCommitRecordsMax && bytes < kCommitBytesMax) {
    Pending& first = queue_.front();
    records += first.records.size();
    bytes += first.bytes;
    batch.push_back(std::move(first));
    queue_.pop_front();
  }
  queue_records_ -= records;
  queue_bytes_ -= bytes;
  return true;
}

// An append of unknown outcome is settled as soon as the disk allows, also when no other comes.
void LocalLog::RecoverIdle() {
  if (!disk_->Recover()) return;
  counters_.recoveries = disk_->recoveries();
  PublishDisk();
  CallWatchers();
}

// A scenario's clock is set by hours while records are on their way: held against it, an event that
// was decided a moment before would say a wrong time. Nobody's clock is judged by such a log.
std::optional<Instant> LocalLog::TakenNow() {
  if (options_.scenario != nullptr) return std::nullopt;
  return clock_.Next();
}

void LocalLog::CommitBatch(std::vector<Pending> batch) {
  LogDisk::Committed committed;
  if (!disk_->Recover()) {
    committed = {AppendOutcome::kNotAppended, DiskIsBroken()};
  } else {
    std::vector<PlacedRecord> placed;
    std::vector<Offset> ends = disk_->ends();
    const std::optional<Instant> taken = TakenNow();
    for (Pending& pending : batch) {
      for (engine::TakenRecord& record : pending.records) {
        record.appended = taken;
        placed.push_back({pending.partition, ends[pending.partition]++, record.bytes, taken});
      }
    }
    committed = disk_->Commit(placed);
  }
  if (committed.outcome == AppendOutcome::kAppended) {
    ++counters_.commits;
    PublishBatch(batch);
  } else {
    ++counters_.failed;
  }
  counters_.recoveries = disk_->recoveries();
  PublishDisk();
  for (const Pending& pending : batch) pending.done(committed.outcome, committed.status);
  // After the answers: a loop woken here finds both its records and its append's end.
  CallWatchers();
}

// Hands the records to the readers' cache, in chunks per partition.
void LocalLog::PublishBatch(std::vector<Pending>& batch) {
  std::map<PartitionId, std::vector<engine::TakenRecord>> by_partition;
  for (Pending& pending : batch) {
    counters_.records += pending.records.size();
    counters_.record_bytes += pending.bytes;
    auto& records = by_partition[pending.partition];
    records.insert(records.end(), std::make_move_iterator(pending.records.begin()),
                   std::make_move_iterator(pending.records.end()));
  }
  for (auto& [partition, records] : by_partition) {
    Offset first = disk_->ends()[partition] - records.size();
    for (auto begin = records.begin(); begin != records.end();) {
      const auto count = std::min<std::ptrdiff_t>(
          records.end() - begin, static_cast<std::ptrdiff_t>(engine::kChunkRecordsMax));
      cache_->Publish(partition, first,
                      {std::make_move_iterator(begin), std::make_move_iterator(begin + count)});
      first += static_cast<Offset>(count);
      begin += count;
    }
  }
}

// What others may know of the disk.
void LocalLog::PublishDisk() {
  broken_.store(disk_->broken(), std::memory_order_relaxed);
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    ends_[i].store(disk_->ends()[i], std::memory_order_release);
  }
}

void LocalLog::CallWatchers() {
  const std::lock_guard lock(watch_mutex_);
  for (const auto& [token, wake] : watchers_) wake();
}

Result<std::shared_ptr<const LogChunk>> LocalLog::Read(PartitionId partition, Offset from) {
  CheckPartition(partition);
  const Offset end = ends_[partition].load(std::memory_order_acquire);
  if (from >= end) {
    auto empty = std::make_shared<LogChunk>();
    empty->next = from;
    return std::shared_ptr<const LogChunk>(std::move(empty));
  }
  if (auto chunk = cache_->FindInTail(partition, from)) return chunk;
  const auto load = [this, partition, from, end]() -> Result<ChunkCache::Chunk> {
    // Aligned, so that readers side by side meet in the same block.
    const Offset block = from - from % engine::kChunkRecordsMax;
    const Offset block_end = std::min<Offset>(end, block + engine::kChunkRecordsMax);
    const auto chunk_from = [&](Offset first) -> Result<ChunkCache::Chunk> {
      auto chunk = std::make_shared<LogChunk>();
      chunk->entries.reserve(block_end - first);
      chunk->next = first;
      MOTCUA_RETURN_IF_ERROR(
          disk_->Load(partition, first, block_end - first,
                      [&](std::string_view bytes, std::optional<Instant> appended) {
                        engine::DecodeInto(chunk->entries.emplace_back(), codec_, chunk->next++,
                                           bytes, appended);
                      }));
      return ChunkCache::Chunk(std::move(chunk));
    };
    MOTCUA_ASSIGN_OR_RETURN(ChunkCache::Chunk chunk, chunk_from(block));
    // Large records: the block was cut before the one that was asked for.
    return chunk->next > from ? chunk : chunk_from(from);
  };
  return cache_->FindOrLoad(partition, from, load);
}

void LocalLog::AskEnd(PartitionId partition, EndDone done) {
  CheckPartition(partition);
  done(ends_[partition].load(std::memory_order_acquire));
}

Status LocalLog::health() const {
  return broken_.load(std::memory_order_relaxed) ? DiskIsBroken() : OkStatus();
}

std::uint64_t LocalLog::Watch(std::function<void()> wake) {
  const std::lock_guard lock(watch_mutex_);
  const std::uint64_t token = watch_token_next_++;
  watchers_.emplace(token, std::move(wake));
  return token;
}

void LocalLog::Unwatch(std::uint64_t token) {
  const std::lock_guard lock(watch_mutex_);
  watchers_.erase(token);
}

}  // namespace motcua::rocks
