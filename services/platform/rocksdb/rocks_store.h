// RocksStore: the rows of one service instance (engine::StateStore) on a RocksDB without a
// write-ahead log of its own: the case log is its write-ahead log (architecture.md §7).
//
//   MOTCUA_ASSIGN_OR_RETURN(auto store, RocksStore::Open(data / "intake", {.format = "3"}));
//   if (store->rebuilt()) log->warn("{}", store->rebuilt_reason());   // empty: fold it again
//
// One column family, so that a batch is atomic and what a crash loses is a suffix of the batches.
// Disposable: rows of another format and damaged files are put aside, and an empty store opened.
//
// After an unclean end it serves nearly at once, and a thread of its own reads its files against
// their checksums meanwhile (StoreChecker); of a small store all are read before. What is found
// damaged then, or by a call, is rebuilt at the next opening.
//
// Threads: Get, Scan, ScanBackward, Snapshot, Flush and CopyTo from any thread, also during Write;
// Write and Close from one. Owns its folder while it is open. Keys that begin with two bytes 0xff
// are reserved. Close only when no other call runs and no snapshot is left; the destructor closes
// what was not closed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"

namespace rocksdb {
class Cache;
class DB;
class Env;
class Snapshot;
class Status;
}  // namespace rocksdb

namespace motcua::rocks {

class StoreChecker;

// Memory for blocks, indexes and filters, shared by the stores of a process.
inline constexpr std::size_t kSharedCacheBytes = 64 * 1024 * 1024;
std::shared_ptr<rocksdb::Cache> MakeSharedCache(std::size_t bytes = kSharedCacheBytes);

// How long a write waits for files to be written before it says OVERLOADED; once it has, the next
// ones do not wait until one was taken.
inline constexpr std::chrono::milliseconds kWriteWaitMax{20};

struct RocksStoreOptions {
  // The version of the rows and, say, the id of the log they were folded from. A store of another
  // format is removed, but for what `adopts` says.
  std::string format;
  // Whether a store of another format holds the same rows as one of this: then it is kept, and has
  // this format from now on. Empty: never.
  std::function<Result<bool>(std::string_view stored, const engine::StateStore& store)> adopts = {};
  // Shared with other stores; null = one of its own of kSharedCacheBytes / 4.
  std::shared_ptr<rocksdb::Cache> cache = nullptr;
  // Memory of RocksDB before it writes a file: what a crash may lose and the log replays.
  std::size_t write_buffer_bytes = 8 * 1024 * 1024;
  // For tests: where files live and fail. Null = the machine's.
  rocksdb::Env* env = nullptr;
};

class RocksStore final : public engine::StateStore {
 public:
  // STORE_IN_USE when somebody holds the folder; FILE_UNREADABLE or LOG_UNAVAILABLE when the disk
  // does not allow to open it, FILE_INVALID when it holds files that are no store's. Damage and
  // another format are not errors: see rebuilt().
  static Result<std::unique_ptr<RocksStore>> Open(const std::filesystem::path& directory,
                                                  RocksStoreOptions options);
  ~RocksStore() override;

  // Durable only after a Flush; never waits for the disk longer than kWriteWaitMax. OVERLOADED:
  // files are not written as fast as rows come. LOG_UNAVAILABLE: the disk does not take writes, or
  // has not for long (then the batch is taken within some five seconds after it has room). In both
  // cases nothing of the batch was written, and the same batch may be tried again. STORE_DAMAGED:
  // open it again.
  Status Write(const std::vector<engine::StoreWrite>& batch) override;
  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Result<Rows> GetMany(const std::vector<std::string>& keys) const override;
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override;
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override;
  Result<std::unique_ptr<const StateStore>> Snapshot() const override;

  // Makes everything written durable.
  Status Flush();
  // The store as it stands now, as the new folder `to` on the same disk: a store of its own, at the
  // cost of next to no space, as files are linked. LOG_UNAVAILABLE when the disk does not take it
  // or `to` is there, STORE_DAMAGED.
  Status CopyTo(const std::filesystem::path& to);
  // Flush and the mark of a clean end. Nothing may be called afterwards but Close and readings.
  Status Close();

  // Whether Open found rows that could not be used and began an empty store; and why.
  bool rebuilt() const { return !rebuilt_reason_.empty(); }
  const std::string& rebuilt_reason() const { return rebuilt_reason_; }
  // Whether a call, a flush, a compaction or the check has seen damage since. Any thread.
  bool damaged() const;
  // Whether the files are still being checked after an unclean end. Any thread.
  bool checking() const;

 private:
  class Listener;
  class Moment;

  RocksStore(std::filesystem::path directory, std::string rebuilt_reason);
  static Result<std::unique_ptr<RocksStore>> OpenOnce(const std::filesystem::path& directory,
                                                      const RocksStoreOptions& options,
                                                      std::string rebuilt_reason);
  // Whether rows of the format `stored` are this program's; of those that it adopts the row of the
  // format is written anew.
  Result<bool> TakesFormat(const std::string& stored, const RocksStoreOptions& options);
  Status PutFormat(const std::string& format);
  Status Adopt(const RocksStoreOptions& options, bool fresh, bool clean);
  // A failed reading: always damage, and remembered.
  Status Damage(const rocksdb::Status& status, std::string_view doing) const;
  Status WriteFailed(const rocksdb::Status& status);
  // What a batch gets that RocksDB does not take now.
  Status Stalled();

  // As the public ones, of a moment; null: of now.
  Result<std::optional<std::string>> GetAt(const rocksdb::Snapshot* moment,
                                           std::string_view key) const;
  Result<Rows> GetManyAt(const rocksdb::Snapshot* moment,
                         const std::vector<std::string>& keys) const;
  Status ScanAt(const rocksdb::Snapshot* moment, std::string_view from, std::string_view to,
                const Visit& visit) const;
  Status ScanBackwardAt(const rocksdb::Snapshot* moment, std::string_view from, std::string_view to,
                        const Visit& visit) const;

  const std::filesystem::path directory_;
  const std::string rebuilt_reason_;
  mutable std::atomic<bool> damaged_ = false;
  std::shared_ptr<Listener> listener_;
  std::unique_ptr<rocksdb::DB> db_;
  std::unique_ptr<StoreChecker> checker_;  // of db_; after an unclean end
  std::optional<std::chrono::steady_clock::time_point> stalled_since_;  // the writer's
};

}  // namespace motcua::rocks
