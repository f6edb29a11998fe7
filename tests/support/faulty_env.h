// FaultyEnv: a RocksDB Env on the real disk that breaks on demand: full, or a sync that fails.
//
//   FaultyEnv faulty;
//   options.env = faulty.env();
//   faulty.SetFull(true);       // every write keeps half of its bytes and fails with NoSpace
//   faulty.FailNextSync();      // the bytes stay, but nobody knows whether they are durable
//   faulty.HoldTables(true);    // writers of table files wait until they are held no more
//
// Any thread. It must outlive every database that was opened on it.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace motcua::testing {

class FaultyEnv {
 public:
  FaultyEnv()
      : faults_(std::make_shared<Faults>()),
        env_(rocksdb::NewCompositeEnv(std::make_shared<FileSystem>(faults_))) {}

  rocksdb::Env* env() { return env_.get(); }
  void SetFull(bool full) { faults_->full = full; }
  // The next sync of a write-ahead log reports an I/O error after it was done; and then the disk is
  // full.
  void FailNextSync(bool then_full = false) {
    faults_->full_after_sync = then_full;
    faults_->sync_failures = 1;
  }
  void HoldTables(bool hold) {
    {
      const std::lock_guard lock(faults_->mutex);
      faults_->tables_held = hold;
    }
    faults_->released.notify_all();
  }
  std::uint64_t refused() const { return faults_->refused; }

 private:
  struct Faults {
    std::atomic<bool> full = false;
    std::atomic<int> sync_failures = 0;
    std::atomic<bool> full_after_sync = false;
    std::atomic<std::uint64_t> refused = 0;
    std::mutex mutex;
    std::condition_variable released;
    bool tables_held = false;

    void WaitForTables() {
      std::unique_lock lock(mutex);
      released.wait(lock, [this] { return !tables_held; });
    }
  };

  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  using IOStatus = rocksdb::IOStatus;

  static IOStatus NoSpace() {
    IOStatus status = IOStatus::NoSpace("no space left on device (test)");
    status.SetRetryable(true);  // as the POSIX file system says it
    return status;
  }

  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSWritableFile> file, const std::string& name,
         std::shared_ptr<Faults> faults)
        : FSWritableFileOwnerWrapper(std::move(file)),
          log_(name.ends_with(".log")),
          table_(name.ends_with(".sst")),
          faults_(std::move(faults)) {}

    using FSWritableFileOwnerWrapper::Append;
    IOStatus Append(const rocksdb::Slice& data, const Options& options, Debug* debug) override {
      if (table_) faults_->WaitForTables();
      if (!faults_->full) return FSWritableFileOwnerWrapper::Append(data, options, debug);
      ++faults_->refused;
      // As a full disk does: what fits is written. RocksDB must not take the rest for done.
      const IOStatus half = FSWritableFileOwnerWrapper::Append(
          rocksdb::Slice(data.data(), data.size() / 2), options, debug);
      return half.ok() ? NoSpace() : half;
    }
    IOStatus Append(const rocksdb::Slice& data, const Options& options,
                    const rocksdb::DataVerificationInfo&, Debug* debug) override {
      return Append(data, options, debug);
    }
    IOStatus Sync(const Options& options, Debug* debug) override {
      IOStatus status = FSWritableFileOwnerWrapper::Sync(options, debug);
      int failures = faults_->sync_failures;
      if (log_ && failures > 0 &&
          faults_->sync_failures.compare_exchange_strong(failures, failures - 1)) {
        if (faults_->full_after_sync) faults_->full = true;
        return IOStatus::IOError("sync failed (test)");
      }
      return status;
    }
    IOStatus Allocate(std::uint64_t offset, std::uint64_t bytes, const Options& options,
                      Debug* debug) override {
      if (faults_->full) return NoSpace();
      return FSWritableFileOwnerWrapper::Allocate(offset, bytes, options, debug);
    }

   private:
    const bool log_;
    const bool table_;
    const std::shared_ptr<Faults> faults_;
  };

  class FileSystem final : public rocksdb::FileSystemWrapper {
   public:
    explicit FileSystem(std::shared_ptr<Faults> faults)
        : FileSystemWrapper(rocksdb::FileSystem::Default()), faults_(std::move(faults)) {}

    const char* Name() const override { return "FaultyFileSystem"; }
    IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* result,
                             Debug* debug) override {
      std::unique_ptr<rocksdb::FSWritableFile> file;
      const IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &file, debug);
      if (status.ok()) {
        *result = std::make_unique<File>(std::move(file), name, faults_);
      }
      return status;
    }
    // RocksDB's own messages lie on the same disk: its default, which the wrapper goes round.
    IOStatus NewLogger(const std::string& name, const Options& options,
                       std::shared_ptr<rocksdb::Logger>* result, Debug* debug) override {
      // NOLINTNEXTLINE(bugprone-parent-virtual-call)
      return rocksdb::FileSystem::NewLogger(name, options, result, debug);
    }

   private:
    const std::shared_ptr<Faults> faults_;
  };

  const std::shared_ptr<Faults> faults_;
  const std::unique_ptr<rocksdb::Env> env_;
};

}  // namespace motcua::testing
