#include "services/platform/rocksdb/directory.h"

#include <fcntl.h>
#include <rocksdb/env.h>
#include <rocksdb/status.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace motcua::rocks {
namespace {

namespace fs = std::filesystem;

Status FileError(const fs::path& file, std::string_view what, int error) {
  const Reason reason = error == ENOSPC ? Reason::kLogUnavailable : Reason::kFileUnreadable;
  return Status(reason, std::string(what) + " " + file.string() + ": " + std::strerror(error),
                {{"file", file.string()}});
}

Status SyncDirectory(const fs::path& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FileError(directory, "open", errno);
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return error == 0 ? OkStatus() : FileError(directory, "sync", error);
}

class DroppingLogger final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

std::uint64_t DirectoryBytes(const fs::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code error;
  fs::recursive_directory_iterator it(directory, error);
  while (!error && it != fs::recursive_directory_iterator()) {
    std::error_code gone;
    if (it->is_regular_file(gone)) {
      const std::uintmax_t size = it->file_size(gone);
      if (!gone) bytes += size;
    }
    it.increment(error);
  }
  return bytes;
}

Result<FolderLock> FolderLock::Take(rocksdb::Env* env, const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return FileError(directory, "create", error.value());
  rocksdb::FileLock* lock = nullptr;
  const rocksdb::Status status = env->LockFile((directory / "LOCK").string(), &lock);
  if (status.ok()) return FolderLock(env, lock);
  return Status(IsLockError(status) ? Reason::kStoreInUse : Reason::kFileUnreadable,
                status.ToString(), {{"file", directory.string()}});
}

FolderLock::~FolderLock() {
  if (lock_ == nullptr) return;
  // A lock that cannot be given back goes with the process.
  const rocksdb::Status unlocked = env_->UnlockFile(lock_);
  unlocked.PermitUncheckedError();
}

Status CheckNotInUse(rocksdb::Env* env, const fs::path& directory) {
  MOTCUA_ASSIGN_OR_RETURN(const FolderLock lock, FolderLock::Take(env, directory));
  return OkStatus();
}

bool IsLockError(const rocksdb::Status& status) {
  if (!status.IsIOError()) return false;
  // Both forms of RocksDB: fcntl refused by another process, and the process's own table. A folder
  // without write permission fails in open(), with the same words but another errno.
  const std::string text = status.ToString();
  return text.find("lock hold by current process") != std::string::npos ||
         (text.find("While lock file") != std::string::npos &&
          (text.find(std::strerror(EAGAIN)) != std::string::npos ||
           text.find(std::strerror(EACCES)) != std::string::npos));
}

Status WriteFileDurably(const fs::path& file, std::string_view content) {
  fs::path draft = file;
  draft += ".tmp";
  const int fd = open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return FileError(draft, "create", errno);
  errno = 0;
  const ssize_t written = write(fd, content.data(), content.size());
  int error = written == static_cast<ssize_t>(content.size()) ? 0 : (errno != 0 ? errno : ENOSPC);
  if (error == 0 && fsync(fd) != 0) error = errno;
  close(fd);
  if (error == 0 && rename(draft.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) return FileError(file, "write", error);
  return SyncDirectory(file.parent_path());
}

Status RemoveFileDurably(const fs::path& file) {
  if (unlink(file.c_str()) != 0) {
    return errno == ENOENT ? OkStatus() : FileError(file, "remove", errno);
  }
  return SyncDirectory(file.parent_path());
}

Status RenameFolderDurably(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  if (fs::exists(to, failed)) return FileError(to, "rename to", EEXIST);
  for (fs::directory_iterator it(from, failed), end; !failed && it != end; it.increment(failed)) {
    const int fd = open(it->path().c_str(), O_RDONLY | O_CLOEXEC);
    const int error = fd < 0 || fsync(fd) != 0 ? errno : 0;
    if (fd >= 0) close(fd);
    if (error != 0) return FileError(it->path(), "sync", error);
  }
  if (failed) return FileError(from, "read", failed.value());
  MOTCUA_RETURN_IF_ERROR(SyncDirectory(from));
  if (rename(from.c_str(), to.c_str()) != 0) return FileError(to, "rename to", errno);
  return SyncDirectory(fs::absolute(to).parent_path());
}

std::shared_ptr<rocksdb::Logger> SilentLogger() { return std::make_shared<DroppingLogger>(); }

}  // namespace motcua::rocks
