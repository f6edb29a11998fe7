#include "services/platform/people/people_db.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <utility>

#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/slices.h"

namespace motcua::people {
namespace {

namespace fs = std::filesystem;
using rocks::AsSlice;

constexpr std::string_view kFormatKey = "F";

rocksdb::Options RocksOptions(const PeopleDbOptions& ours) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = ours.write_buffer_bytes;
  options.target_file_size_base = ours.file_bytes;  // small: an erasure rewrites the files it is in
  options.max_bytes_for_level_base = 8 * ours.file_bytes;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kNoCompression;  // sealed bytes and hashes do not shrink
  options.max_background_jobs = 2;
  options.max_open_files = 512;  // of the process's descriptors
  // A small disk is not taken whole for room that may be used later.
  options.allow_fallocate = false;
  // Of files that are no more nothing is kept: no archive of the log, none used again.
  options.WAL_ttl_seconds = 0;
  options.WAL_size_limit_MB = 0;
  options.recycle_log_file_num = 0;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = rocks::SilentLogger();
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(ours.cache_bytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));  // 1 % false positives
  table.cache_index_and_filter_blocks = true;  // the cache's limit is the memory's limit
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::CompactRangeOptions Forced() {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.exclusive_manual_compaction = false;
  return options;
}

// Old files are removed by the thread that made the new ones, which may not have come so far: these
// two calls remove what is there to be removed before they return.
Status RemoveOldFiles(rocksdb::DB& db) {
  MOTCUA_RETURN_IF_ERROR(FromDisk(db.DisableFileDeletions(), "remove scrubbed files"));
  return FromDisk(db.EnableFileDeletions(/*force=*/false), "remove scrubbed files");
}

}  // namespace

Status FromDisk(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return OkStatus();
  Reason reason = Reason::kLogUnavailable;
  if (rocks::IsLockError(status)) {
    reason = Reason::kStoreInUse;
  } else if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound() ||
             status.IsInvalidArgument() || status.IsNotSupported()) {
    reason = Reason::kPartiesDamaged;
  }
  // RocksDB's own words may quote a key; ours hold no more than hashes and ids.
  return Status(reason, std::string(doing) + ": " + status.ToString());
}

Result<std::unique_ptr<rocksdb::DB>> OpenPeopleDb(const fs::path& folder, std::string_view format,
                                                  const PeopleDbOptions& options) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::permissions(folder, fs::perms::owner_all, error);
  if (error) {
    return Status(Reason::kFileUnreadable, "make " + folder.string() + ": " + error.message(),
                  {{"file", folder.string()}});
  }
  const bool holds_files = !fs::is_empty(folder, error);
  if (holds_files && !fs::exists(folder / "CURRENT", error) &&
      fs::exists(folder / "IDENTITY", error)) {
    // RocksDB would take this for a new database and tell nobody.
    return Status(Reason::kPartiesDamaged, "the file CURRENT is missing in " + folder.string());
  }
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(RocksOptions(options), folder.string(), &opened);
  std::unique_ptr<rocksdb::DB> db(opened);
  MOTCUA_RETURN_IF_ERROR(FromDisk(status, "open " + folder.string()));
  std::string stored;
  const rocksdb::Status got = db->Get(rocksdb::ReadOptions(), AsSlice(kFormatKey), &stored);
  if (got.ok() && stored == format) return db;
  const std::unique_ptr<rocksdb::Iterator> first(db->NewIterator(rocksdb::ReadOptions()));
  first->SeekToFirst();
  MOTCUA_RETURN_IF_ERROR(FromDisk(first->status(), "read " + folder.string()));
  if (!got.IsNotFound() || first->Valid()) {
    return Status(Reason::kFileInvalid, "the folder is of another format: " + folder.string(),
                  {{"file", folder.string()}});
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  MOTCUA_RETURN_IF_ERROR(
      FromDisk(db->Put(synced, AsSlice(kFormatKey), AsSlice(format)), "begin " + folder.string()));
  return db;
}

Status Scrub(rocksdb::DB& db, const std::vector<std::string>& keys) {
  MOTCUA_RETURN_IF_ERROR(FromDisk(db.Flush(rocksdb::FlushOptions()), "flush before a scrub"));
  for (const std::string& key : keys) {
    const rocksdb::Slice at = AsSlice(key);
    MOTCUA_RETURN_IF_ERROR(FromDisk(db.CompactRange(Forced(), &at, &at), "scrub"));
  }
  return RemoveOldFiles(db);
}

Status ScrubAll(rocksdb::DB& db) {
  MOTCUA_RETURN_IF_ERROR(FromDisk(db.Flush(rocksdb::FlushOptions()), "flush before a scrub"));
  MOTCUA_RETURN_IF_ERROR(FromDisk(db.CompactRange(Forced(), nullptr, nullptr), "scrub"));
  return RemoveOldFiles(db);
}

std::string AfterPrefix(std::string_view prefix) {
  std::string after(prefix);
  while (!after.empty() && static_cast<unsigned char>(after.back()) == 0xFFU) after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(after.back() + 1);
  return after;
}

}  // namespace motcua::people
