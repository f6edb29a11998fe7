#include "services/platform/rocksdb/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <numeric>
#include <system_error>
#include <utility>

#include "services/base/check.h"
#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/slices.h"
#include "services/platform/rocksdb/store_checker.h"
#include "services/platform/rocksdb/store_layout.h"

namespace motcua::rocks {
namespace {

namespace fs = std::filesystem;
using engine::StoreWrite;
using rocksdb::Slice;

// Of a sorted file, in rows; half of them tombstones, and the file is compacted.
constexpr std::size_t kTombstoneWindow = 32 * 1024;
// A small store is checked to its end before it serves, so that damage costs no second start.
constexpr std::chrono::milliseconds kCheckAtOpening{200};
// How long a write or a flush waits at a time before it looks again.
constexpr std::chrono::milliseconds kStallLook{10};
// A flush is given up when RocksDB has not caught up by then, and a disk that has not taken batches
// for so long counts as one that takes none.
constexpr std::chrono::seconds kStallMax{30};

// Whether the files themselves are at fault; else the disk or the machine is, and they stay.
bool IsDamage(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound() ||
         status.IsInvalidArgument() || status.IsNotSupported();
}

rocksdb::Env* EnvOf(const RocksStoreOptions& options) {
  return options.env != nullptr ? options.env : rocksdb::Env::Default();
}

Status OpenError(const rocksdb::Status& status, const fs::path& directory) {
  Reason reason = Reason::kFileUnreadable;
  if (IsLockError(status)) {
    reason = Reason::kStoreInUse;
  } else if (IsDamage(status)) {
    reason = Reason::kStoreDamaged;
  } else if (status.IsNoSpace()) {
    reason = Reason::kLogUnavailable;
  }
  return Status(reason, "open the store: " + status.ToString(), {{"file", directory.string()}});
}

// Whether the folder holds nothing of a RocksDB yet.
bool IsFresh(const fs::path& directory) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().filename() != "LOCK") return false;
  }
  return true;
}

// Whether every file of the folder may be a store's. A wrong path in a configuration must never
// make the store put aside what is not its own: the log (it has a HIGHWATER), or somebody's
// documents.
bool IsForeign(const fs::path& directory) {
  constexpr std::string_view kBegins[] = {"CURRENT", "LOCK",    "LOG",      "IDENTITY",
                                          "CLEAN",   "DAMAGED", "MANIFEST", "OPTIONS"};
  constexpr std::string_view kEnds[] = {".sst", ".log", ".dbtmp", ".trash"};
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    const bool own =
        entry.is_regular_file(error) &&
        (std::any_of(std::begin(kBegins), std::end(kBegins),
                     [&name](std::string_view begin) { return name.starts_with(begin); }) ||
         std::any_of(std::begin(kEnds), std::end(kEnds),
                     [&name](std::string_view end) { return name.ends_with(end); }));
    if (!own) return true;
  }
  return false;
}

// Each option that differs from RocksDB's default, with its reason.
rocksdb::Options OpenOptions(const RocksStoreOptions& store) {
  rocksdb::Options options;
  options.env = EnvOf(store);
  options.create_if_missing = true;  // Open has made sure that a missing CURRENT means new
  options.write_buffer_size = store.write_buffer_bytes;
  options.max_write_buffer_number = 3;  // writing goes on while one is written to its file
  options.allow_concurrent_memtable_write = false;  // one writer: cheaper inserts
  // Batches come in key order (Write). With a hint for each kind of row the memtable looks for the
  // next place from the last one, not from its top: a quarter of the comparisons.
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  // Many Gets ask for rows that are not there (a new dossier, an unseen request id).
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.1;
  options.compression = rocksdb::kLZ4Compression;  // every event reads rows: speed before size
  // A dossier's row is written anew with each event: the more of them meet before the lowest level
  // is written, the fewer times it is. Four files cost half as much again in compactions.
  options.level0_file_num_compaction_trigger = 8;
  options.max_bytes_for_level_base = 64 * 1024 * 1024;  // = eight files of level 0
  options.target_file_size_base = 16 * 1024 * 1024;     // small compactions: no long pauses
  options.level_compaction_dynamic_level_bytes = true;  // about a tenth of superseded rows
  options.max_open_files = 256;                         // of the process's descriptors
  options.max_background_jobs = 2;       // two cores, shared by five stores and the log
  options.bytes_per_sync = 1024 * 1024;  // flushes trickle: a burst delays the log's sync
  options.max_manifest_file_size = 4 * 1024 * 1024;  // an edit every few seconds: roll it over
  // The default of 4 MiB, by five stores that open at once, takes a small disk whole for a moment:
  // then the last of them finds no room for its first byte.
  options.manifest_preallocation_size = 64 * 1024;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = SilentLogger();  // its own would end the process on a full disk
  // Timers and open work are rows that are deleted soon: a file with a long stretch of tombstones
  // is compacted early, so that scans do not wade through it (some milliseconds for such a one).
  // Any memtable has stretches of a thousand: with those the whole store was written anew for
  // each, a fifth of all the CPU time that a busy standalone took.
  options.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(kTombstoneWindow, kTombstoneWindow / 2));
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = store.cache ? store.cache : MakeSharedCache(kSharedCacheBytes / 4);
  table.cache_index_and_filter_blocks = true;  // so that the cache's limit is the memory's limit
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));  // 1 % false positives
  // In parts: one of ten million rows would not fit the cache, and was read whole for each look-up.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.block_size = 8 * 1024;  // rows are small: better compression, still one page or two
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

// Takes the folder out of the way: removed, or kept beside as evidence (the latest only).
Status PutAside(const fs::path& directory, bool keep) {
  fs::path aside = directory;
  aside += ".damaged";
  std::error_code error;
  if (keep) {
    fs::remove_all(aside, error);
    fs::rename(directory, aside, error);
  }
  if (!keep || error) fs::remove_all(directory, error);
  if (!error) return OkStatus();
  return Status(Reason::kFileUnreadable,
                "put the store aside: " + directory.string() + ": " + error.message(),
                {{"file", directory.string()}});
}

}  // namespace

std::shared_ptr<rocksdb::Cache> MakeSharedCache(std::size_t bytes) {
  return rocksdb::NewLRUCache(bytes);
}

// Remembers failures of flushes and compactions, which no call of ours returns, and tells who waits
// that something changed. Called by RocksDB's threads.
class RocksStore::Listener final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    {
      const std::lock_guard lock(mutex_);
      ++failures_;
      failure_ = *status;
      damaged_ = damaged_ || status->IsCorruption();
    }
    changed_.notify_all();
  }
  void OnFlushCompleted(rocksdb::DB*, const rocksdb::FlushJobInfo&) override {
    changed_.notify_all();
  }
  void OnStallConditionsChanged(const rocksdb::WriteStallInfo&) override { changed_.notify_all(); }

  std::uint64_t failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }
  rocksdb::Status failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
  }
  bool damaged() const {
    const std::lock_guard lock(mutex_);
    return damaged_;
  }
  void Wait(std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, duration);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t failures_ = 0;
  rocksdb::Status failure_;
  bool damaged_ = false;
};

RocksStore::RocksStore(fs::path directory, std::string rebuilt_reason)
    : directory_(std::move(directory)),
      rebuilt_reason_(std::move(rebuilt_reason)),
      listener_(std::make_shared<Listener>()) {}

RocksStore::~RocksStore() {
  // What could not be flushed is replayed from the log.
  const Status closed = Close();
  static_cast<void>(closed);
}

Result<std::unique_ptr<RocksStore>> RocksStore::Open(const fs::path& directory,
                                                     RocksStoreOptions options) {
  if (!options.cache) options.cache = MakeSharedCache(kSharedCacheBytes / 4);
  if (IsForeign(directory)) {
    return Status(Reason::kFileInvalid,
                  "the folder holds what is not a store's: " + directory.string(),
                  {{"file", directory.string()}});
  }
  auto store = OpenOnce(directory, options, "");
  if (store.ok()) return store;
  const Status why = store.status();
  const bool other_format = why.reason() == Reason::kFileInvalid;
  if (why.reason() != Reason::kStoreDamaged && !other_format) return why;
  {
    // Nobody may begin to use the folder while it goes.
    MOTCUA_ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(EnvOf(options), directory));
    MOTCUA_RETURN_IF_ERROR(PutAside(directory, /*keep=*/!other_format));
  }
  return OpenOnce(directory, options, why.message());
}

Result<std::unique_ptr<RocksStore>> RocksStore::OpenOnce(const fs::path& directory,
                                                         const RocksStoreOptions& options,
                                                         std::string rebuilt_reason) {
  MOTCUA_RETURN_IF_ERROR(CheckNotInUse(EnvOf(options), directory));
  const bool fresh = IsFresh(directory);
  std::error_code error;
  if (!fresh && !fs::exists(directory / "CURRENT", error)) {
    // RocksDB would take this for a new database and tell nobody.
    return Status(Reason::kStoreDamaged, "the store's file CURRENT is missing");
  }
  if (fs::exists(directory / kDamagedFile, error)) {
    return Status(Reason::kStoreDamaged, "the store was found damaged while it was open");
  }
  std::unique_ptr<RocksStore> store(new RocksStore(directory, std::move(rebuilt_reason)));
  rocksdb::Options rocks = OpenOptions(options);
  rocks.listeners.push_back(store->listener_);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(rocks, directory.string(), &db);
  if (!status.ok()) return OpenError(status, directory);
  // Now the folder is ours, and only now its mark may go: from here on an end is unclean.
  const bool clean = IsCleanlyClosed(directory);
  store->db_.reset(db);
  const Status adopted = store->Adopt(options, fresh, clean);
  if (!adopted.ok()) {
    store->checker_.reset();
    store->db_.reset();  // without the mark of a clean end
    return adopted;
  }
  return store;
}

Status RocksStore::Adopt(const RocksStoreOptions& options, bool fresh, bool clean) {
  MOTCUA_RETURN_IF_ERROR(RemoveFileDurably(directory_ / kCleanFile));
  std::string format;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), AsSlice(kFormatKey), &format);
  if (status.ok()) {
    MOTCUA_ASSIGN_OR_RETURN(const bool same, TakesFormat(format, options));
    if (same) {
      if (!clean) {
        checker_ = std::make_unique<StoreChecker>(
            *db_, *EnvOf(options), [this](const rocksdb::Status& damage) {
              const Status noted = Damage(damage, "check the store after an unclean end");
              static_cast<void>(noted);
            });
        checker_->AwaitDone(kCheckAtOpening);
        if (damaged()) {
          return Status(Reason::kStoreDamaged, "a file does not agree with its checksums");
        }
      }
      return OkStatus();
    }
    return Status(Reason::kFileInvalid, "the store's rows have format \"" + format +
                                            "\", this program's \"" + options.format + "\"");
  }
  if (!status.IsNotFound()) return Damage(status, "read the store's format");
  if (!fresh) return Status(Reason::kStoreDamaged, "the store has no format row");
  return PutFormat(options.format);
}

Result<bool> RocksStore::TakesFormat(const std::string& stored, const RocksStoreOptions& options) {
  if (stored == options.format) return true;
  if (!options.adopts) return false;
  MOTCUA_ASSIGN_OR_RETURN(const bool adopts, options.adopts(stored, *this));
  if (adopts) MOTCUA_RETURN_IF_ERROR(PutFormat(options.format));
  return adopts;
}

Status RocksStore::PutFormat(const std::string& format) {
  rocksdb::WriteOptions no_log;
  no_log.disableWAL = true;
  const rocksdb::Status put = db_->Put(no_log, AsSlice(kFormatKey), format);
  if (!put.ok()) return OpenError(put, directory_);
  return Flush();
}

bool RocksStore::damaged() const {
  return damaged_.load(std::memory_order_relaxed) || listener_->damaged();
}

bool RocksStore::checking() const { return checker_ && !checker_->done(); }

Status RocksStore::Damage(const rocksdb::Status& status, std::string_view doing) const {
  if (!damaged_.exchange(true)) {
    // So that the next opening knows without reading all of it. A disk that does not take the mark
    // loses nothing: the files are then checked again.
    const Status marked = WriteFileDurably(directory_ / kDamagedFile, status.ToString());
    static_cast<void>(marked);
  }
  return Status(Reason::kStoreDamaged, std::string(doing) + ": " + status.ToString());
}

Status RocksStore::WriteFailed(const rocksdb::Status& status) {
  if (IsDamage(status) || listener_->damaged()) return Damage(status, "write to the store");
  return Status(Reason::kLogUnavailable, "write to the store: " + status.ToString());
}

Status RocksStore::Write(const std::vector<StoreWrite>& batch) {
  if (damaged()) return Status(Reason::kStoreDamaged, "the store was found damaged before");
  // In key order: the memtable then finds each place beside the last one. Stable, because of two
  // writes to one key the later one counts.
  std::vector<std::uint32_t> order(batch.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&batch](std::uint32_t a, std::uint32_t b) {
    return batch[a].key < batch[b].key;
  });
  std::size_t bytes = 0;
  for (const StoreWrite& write : batch) {
    bytes += write.key.size() + (write.value ? write.value->size() : 0) + 12;
  }
  rocksdb::WriteBatch rows(bytes + 16);
  for (const std::uint32_t i : order) {
    const StoreWrite& write = batch[i];
    MOTCUA_CHECK(write.key < kReservedFrom, "a key of the store's own range");
    const rocksdb::Status status =
        write.value ? rows.Put(write.key, *write.value) : rows.Delete(write.key);
    MOTCUA_CHECK(status.ok(), "a write batch in memory does not fail");
  }
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  // RocksDB would wait for a flush without end, also for one that has failed: we wait ourselves.
  options.no_slowdown = true;
  // Not again after a batch that was waited for in vain: the loop has callers who wait.
  const auto give_up = std::chrono::steady_clock::now() + kWriteWaitMax;
  for (;;) {
    const rocksdb::Status status = db_->Write(options, &rows);
    if (status.ok()) {
      stalled_since_.reset();
      return OkStatus();
    }
    if (!status.IsIncomplete()) return WriteFailed(status);
    if (stalled_since_ || std::chrono::steady_clock::now() >= give_up) return Stalled();
    listener_->Wait(kStallLook);
  }
}

Status RocksStore::Stalled() {
  const auto now = std::chrono::steady_clock::now();
  if (!stalled_since_) stalled_since_ = now;
  const bool for_long = now - *stalled_since_ >= kStallMax;
  return Status(for_long ? Reason::kLogUnavailable : Reason::kOverloaded,
                "write to the store: the disk has not taken the rows before");
}

Status RocksStore::Flush() {
  const std::uint64_t failures = listener_->failures();
  const rocksdb::Status status = db_->Flush(rocksdb::FlushOptions());
  if (!status.ok()) return WriteFailed(status);
  // Debian's 7.8.3 does not wait for the end of a flush any more once an error has stopped the
  // database, also after it has recovered: the mark of the error is never taken back.
  const auto give_up = std::chrono::steady_clock::now() + kStallMax;
  for (;;) {
    std::uint64_t waiting = 0;
    const bool known =
        db_->GetIntProperty(rocksdb::DB::Properties::kNumImmutableMemTable, &waiting);
    MOTCUA_CHECK(known, "RocksDB knows how many memtables wait for their flush");
    if (waiting == 0) return OkStatus();
    if (listener_->failures() != failures) return WriteFailed(listener_->failure());
    if (std::chrono::steady_clock::now() >= give_up) {
      return Status(Reason::kLogUnavailable,
                    "flush the store: not done within " + std::to_string(kStallMax.count()) + " s");
    }
    listener_->Wait(kStallLook);
  }
}

Status RocksStore::CopyTo(const fs::path& to) {
  if (damaged()) return Status(Reason::kStoreDamaged, "the store was found damaged before");
  // Ourselves: a flush of the checkpoint's own would wait for a full disk without end.
  MOTCUA_RETURN_IF_ERROR(Flush());
  constexpr std::uint64_t kFlushNever = UINT64_MAX;
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(to.string(), kFlushNever);
  if (status.ok()) return OkStatus();
  if (status.IsCorruption()) return Damage(status, "copy the store");
  return Status(Reason::kLogUnavailable, "copy the store: " + status.ToString());
}

Status RocksStore::Close() {
  if (!db_) return OkStatus();
  checker_.reset();
  Status status = Flush();
  const rocksdb::Status closed = db_->Close();
  db_.reset();
  if (status.ok() && !closed.ok()) status = WriteFailed(closed);
  if (!status.ok() || damaged()) return status;
  return WriteFileDurably(directory_ / kCleanFile, kCleanContent);
}

}  // namespace motcua::rocks
