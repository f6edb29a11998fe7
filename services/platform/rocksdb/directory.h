// What LocalLog and RocksStore share about the folder of a RocksDB: whose it is, how large it is,
// and what an error of RocksDB means.
//
// Free functions; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "services/base/status.h"

namespace rocksdb {
class Env;
class FileLock;
class Logger;
class Status;
}  // namespace rocksdb

namespace motcua::rocks {

// Sum of the sizes of the files below `directory`; 0 when it does not exist. Files that vanish
// meanwhile (compaction) count as nothing.
std::uint64_t DirectoryBytes(const std::filesystem::path& directory);

// The LOCK file of a RocksDB folder, held until destruction: for what must happen while no database
// is open on it. DB::Open takes the same lock, so give this one back first.
class FolderLock {
 public:
  // Makes the folder if there is none. STORE_IN_USE when another process, or this one, holds it.
  static Result<FolderLock> Take(rocksdb::Env* env, const std::filesystem::path& directory);
  FolderLock(FolderLock&& other) noexcept
      : env_(other.env_), lock_(std::exchange(other.lock_, nullptr)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  FolderLock(rocksdb::Env* env, rocksdb::FileLock* lock) : env_(env), lock_(lock) {}

  rocksdb::Env* env_;
  rocksdb::FileLock* lock_;
};

// STORE_IN_USE when another process, or this one, holds the folder's LOCK; makes the folder first.
// The lock is free again on return: what follows must still be ready to be refused by DB::Open.
Status CheckNotInUse(rocksdb::Env* env, const std::filesystem::path& directory);
// Whether an error of DB::Open says that the LOCK is held.
bool IsLockError(const rocksdb::Status& status);

// Creates or replaces `file` with `content`, durable on return (file and folder synced).
Status WriteFileDurably(const std::filesystem::path& file, std::string_view content);
// Removes `file` if it is there, durable on return.
Status RemoveFileDurably(const std::filesystem::path& file);
// Syncs the folder `from` with all files in it, then gives it the name `to`, where nothing may be;
// durable on return. Both lie in one folder.
Status RenameFolderDurably(const std::filesystem::path& from, const std::filesystem::path& to);

// A RocksDB logger that drops everything: what concerns us comes back as a status or by a listener.
// RocksDB's own message file lies beside the data, and after a full disk its next message aborts
// the process (an assertion of WritableFileWriter in Debian's 7.8.3, reached by EnvLogger).
std::shared_ptr<rocksdb::Logger> SilentLogger();

}  // namespace motcua::rocks
