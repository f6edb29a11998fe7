#include "services/platform/rocksdb/store_view.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "services/platform/rocksdb/slices.h"
#include "services/platform/rocksdb/store_layout.h"

namespace motcua::rocks {
namespace {

namespace fs = std::filesystem;
using rocksdb::Slice;

constexpr std::size_t kReadAheadBytes = 1024 * 1024;

Status Damage(const rocksdb::Status& status, std::string_view doing) {
  return Status(Reason::kStoreDamaged, std::string(doing) + ": " + status.ToString());
}

// RocksDB's own words about its work, and its lock: no part of the store.
bool IsPart(std::string_view name) { return name != "LOCK" && !name.starts_with("LOG"); }

rocksdb::ReadOptions InSequence() {
  rocksdb::ReadOptions options;
  options.readahead_size = kReadAheadBytes;
  options.fill_cache = false;
  return options;
}

}  // namespace

StoreView::StoreView(fs::path directory, FolderLock lock)
    : directory_(std::move(directory)), lock_(std::move(lock)) {}

StoreView::~StoreView() = default;

Result<std::unique_ptr<StoreView>> StoreView::Open(const fs::path& directory) {
  std::error_code error;
  if (!fs::exists(directory / "CURRENT", error)) {
    return Status(Reason::kFileUnreadable, "there is no state store in " + directory.string(),
                  {{"file", directory.string()}});
  }
  MOTCUA_ASSIGN_OR_RETURN(FolderLock lock, FolderLock::Take(rocksdb::Env::Default(), directory));
  std::unique_ptr<StoreView> view(new StoreView(directory, std::move(lock)));
  rocksdb::Options options;
  options.info_log = SilentLogger();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(options, directory.string(), &db);
  if (!opened.ok()) return Damage(opened, "open the store");
  view->db_.reset(db);
  if (!IsCleanlyClosed(directory)) {
    const rocksdb::Status verified = db->VerifyChecksum(InSequence());
    if (!verified.ok()) return Damage(verified, "verify the store after an unclean end");
  }
  const rocksdb::Status format =
      db->Get(rocksdb::ReadOptions(), AsSlice(kFormatKey), &view->format_);
  if (!format.ok()) return Damage(format, "read the store's format");
  return view;
}

Status StoreView::Scan(const engine::StateStore::Visit& visit) const {
  const Slice upper = AsSlice(kReservedFrom);
  rocksdb::ReadOptions options = InSequence();
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    if (!visit(AsView(it->key()), AsView(it->value()))) return OkStatus();
  }
  return it->status().ok() ? OkStatus() : Damage(it->status(), "scan the store");
}

Result<std::optional<std::string>> StoreView::Get(std::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), AsSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return Damage(status, "read the store");
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::string>> StoreView::Files() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (IsPart(name)) names.push_back(name);
  }
  if (error) {
    return Status(Reason::kFileUnreadable,
                  "read the folder " + directory_.string() + ": " + error.message(),
                  {{"file", directory_.string()}});
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace motcua::rocks
