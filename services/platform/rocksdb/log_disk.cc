#include "services/platform/rocksdb/log_disk.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

#include "services/base/check.h"
#include "services/base/text.h"
#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/log_record.h"

namespace motcua::rocks {
namespace {

namespace fs = std::filesystem;
using engine::AppendOutcome;
using engine::Offset;
using engine::PartitionId;
using rocksdb::Slice;

// Formats on disk, described in README.md: do not change.
constexpr PartitionId kSettingsPartition = 0xffff;  // behind every partition
constexpr std::string_view kSettingsWord = "motcua-log-2";
constexpr std::string_view kFirstSettingsWord =
    "motcua-log-1";  // its first records have no instant
constexpr std::string_view kHighWaterFile = "HIGHWATER";
constexpr std::string_view kProbeFile = "PROBE";
// What must fit on a disk that was full before records are taken again.
constexpr std::size_t kProbeBytes = 1024 * 1024;

// What an error of RocksDB means for the log. A file that is gone is damage, not a passing trouble.
Status FromRocks(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return OkStatus();
  Reason reason = Reason::kLogUnavailable;
  if (IsLockError(status)) {
    reason = Reason::kStoreInUse;
  } else if (status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound() ||
             status.IsInvalidArgument() || status.IsNotSupported()) {
    reason = Reason::kLogDamaged;
  }
  return Status(reason, std::string(doing) + ": " + status.ToString());
}

struct Settings {
  PartitionId partitions = 0;
  std::string id;
};

// None: the log was never given any (it is new).
Result<std::optional<Settings>> LoadSettings(rocksdb::DB& db) {
  std::string value;
  const LogKey key = MakeKey(kSettingsPartition, 0);
  const rocksdb::Status status = db.Get(rocksdb::ReadOptions(), AsSlice(key), &value);
  if (status.IsNotFound()) return std::optional<Settings>();
  MOTCUA_RETURN_IF_ERROR(FromRocks(status, "read the log's settings"));
  MOTCUA_ASSIGN_OR_RETURN(const std::string_view text, Unseal(kSettingsPartition, 0, value));
  const std::vector<std::string_view> words = SplitText(text, ' ');
  Settings settings;
  if (words.size() != 3 || (words[0] != kSettingsWord && words[0] != kFirstSettingsWord) ||
      std::from_chars(words[1].data(), words[1].data() + words[1].size(), settings.partitions).ec !=
          std::errc() ||
      settings.partitions == 0 || settings.partitions > kPartitionsMax) {
    return Status(Reason::kFileInvalid,
                  "the log's settings are of another format: " + std::string(text));
  }
  settings.id = words[2];
  return std::optional<Settings>(std::move(settings));
}

// Per partition: after its last record. The first must be record 0.
Result<std::vector<Offset>> LoadEnds(rocksdb::DB& db, PartitionId partitions) {
  std::vector<Offset> ends(partitions, 0);
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
  it->SeekToFirst();
  while (it->Valid()) {
    MOTCUA_ASSIGN_OR_RETURN(const LogPlace first, ParseKey(it->key()));
    if (first.partition == kSettingsPartition) break;
    if (first.partition >= partitions || first.offset != 0) {
      return DamagedAt("the log begins with a record that cannot be its first", first.partition,
                       first.offset);
    }
    it->SeekForPrev(AsSlice(MakeKey(first.partition, UINT64_MAX)));
    if (!it->Valid()) break;
    MOTCUA_ASSIGN_OR_RETURN(const LogPlace last, ParseKey(it->key()));
    ends[first.partition] = last.offset + 1;
    it->Next();
  }
  MOTCUA_RETURN_IF_ERROR(FromRocks(it->status(), "find the log's ends"));
  return ends;
}

std::uint64_t SumOf(const std::vector<Offset>& ends) {
  std::uint64_t sum = 0;
  for (const Offset end : ends) sum += end;
  return sum;
}

// Rows of all files and memtables. Nothing is ever overwritten or deleted, so they are the records
// and the settings row; fewer means that a file or a stretch of the write-ahead log is gone.
Result<std::uint64_t> CountRows(rocksdb::DB& db) {
  rocksdb::TablePropertiesCollection tables;
  MOTCUA_RETURN_IF_ERROR(FromRocks(db.GetPropertiesOfAllTables(&tables), "count the records"));
  std::uint64_t rows = 0;
  for (const auto& [file, properties] : tables) rows += properties->num_entries;
  for (const std::string& property : {rocksdb::DB::Properties::kNumEntriesActiveMemTable,
                                      rocksdb::DB::Properties::kNumEntriesImmMemTables}) {
    std::uint64_t entries = 0;
    if (db.GetIntProperty(property, &entries)) rows += entries;
  }
  return rows;
}

Status CheckHighWater(std::uint64_t records, const HighWater& high_water) {
  if (records >= high_water.records()) return OkStatus();
  return Status(Reason::kLogDamaged,
                "the log holds " + std::to_string(records) + " records but has acknowledged " +
                    std::to_string(high_water.records()) + ": its end is lost",
                {{"records", std::to_string(records)},
                 {"acknowledged", std::to_string(high_water.records())}});
}

std::string NewId() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    std::array<char, 9> digits;
    std::snprintf(digits.data(), digits.size(), "%08x", random());
    id += digits.data();
  }
  return id;
}

// RocksDB makes a new database where CURRENT is missing and then deletes the old files: the log
// must not be opened so.
Status CheckFilesOfNew(const fs::path& directory, const HighWater& high_water) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".sst" || extension == ".log" || high_water.records() > 0) {
      return Status(Reason::kLogDamaged, "the log's file CURRENT is missing: " + directory.string(),
                    {{"file", (directory / "CURRENT").string()}});
    }
  }
  return OkStatus();
}

// Keeps RocksDB from going on by itself after an error: Recover() alone decides when writing does.
class NoRecovery final : public rocksdb::EventListener {
 public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }
};

}  // namespace

LogDisk::LogDisk(fs::path directory, const LocalLogOptions& options, HighWater high_water)
    : directory_(std::move(directory)), options_(options), high_water_(std::move(high_water)) {}

LogDisk::~LogDisk() {
  if (!db_ || broken_) return;
  // So that the next start replays nothing. A failure costs that start a replay, no more.
  const rocksdb::Status status = db_->Flush(rocksdb::FlushOptions());
  status.PermitUncheckedError();
}

// Each option that differs from RocksDB's default, with its reason (README.md has the figures).
rocksdb::Options LogDisk::OpenOptions() const {
  rocksdb::Options options;
  if (options_.env != nullptr) options.env = options_.env;
  std::error_code error;
  options.create_if_missing = !fs::exists(directory_ / "CURRENT", error);
  options.write_buffer_size = options_.write_buffer_bytes;
  options.max_write_buffer_number = 3;  // commits go on while one is written to its file
  // One writer: it inserts after its last record of the partition instead of searching the place.
  options.allow_concurrent_memtable_write = false;
  options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(2));
  // Records are never changed or deleted: universal compaction rewrites each a few times only (to
  // keep the number of sorted runs small for readers), and there is never space to win back. Not
  // FIFO, which never rewrites: a wrong option there deletes the truth.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.compaction_options_universal.max_size_amplification_percent = UINT32_MAX;
  options.compaction_options_universal.size_ratio = 20;  // percent
  options.level0_file_num_compaction_trigger = 8;
  options.target_file_size_base = 256 * 1024 * 1024;  // few files: open and count stay fast
  options.max_open_files = 512;                       // of the process's descriptors
  options.max_background_jobs = 2;                    // two cores, shared with five services
  options.bytes_per_sync = 1024 * 1024;  // flushes trickle: a burst would delay the commits' sync
  options.compaction_readahead_size = 2 * 1024 * 1024;
  options.compression = rocksdb::kZSTD;  // a record is read rarely, kept permanently
  options.compression_opts.level = 3;
  options.paranoid_file_checks = true;   // read each new file back before its source is dropped
  options.max_bgerror_resume_count = 0;  // for a failing disk; the listener for a full one
  options.listeners.push_back(std::make_shared<NoRecovery>());
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = SilentLogger();  // its own would end the process on a full disk
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 32 * 1024;  // read in sequence only, and larger blocks compress better
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  table.no_block_cache = true;  // ChunkCache holds what is read twice, decoded
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Result<std::unique_ptr<LogDisk>> LogDisk::Open(const fs::path& directory, PartitionId partitions,
                                               const LocalLogOptions& options) {
  MOTCUA_CHECK(partitions <= kPartitionsMax, "a log cannot have so many partitions");
  rocksdb::Env* env = options.env != nullptr ? options.env : rocksdb::Env::Default();
  MOTCUA_RETURN_IF_ERROR(CheckNotInUse(env, directory));
  MOTCUA_ASSIGN_OR_RETURN(HighWater high_water, HighWater::Open(directory / kHighWaterFile));
  std::unique_ptr<LogDisk> disk(new LogDisk(directory, options, std::move(high_water)));
  MOTCUA_RETURN_IF_ERROR(disk->OpenDatabase());
  MOTCUA_RETURN_IF_ERROR(disk->ReadSettings(partitions));
  MOTCUA_RETURN_IF_ERROR(disk->ReadEnds());
  return disk;
}

Status LogDisk::OpenDatabase() {
  rocksdb::Options options = OpenOptions();
  if (options.create_if_missing) {
    MOTCUA_RETURN_IF_ERROR(CheckFilesOfNew(directory_, high_water_));
  }
  // First without any tolerance: the common case, and proof that nothing was torn.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kAbsoluteConsistency;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, directory_.string(), &db);
  if (status.IsCorruption()) return OpenTorn();
  MOTCUA_RETURN_IF_ERROR(FromRocks(status, "open the log"));
  db_.reset(db);
  return OkStatus();
}

// The write-ahead log ends in a torn record, or something is damaged. A torn end is what a power
// cut leaves of a write that was never acknowledged; it is dropped, if that is all that is lost.
Status LogDisk::OpenTorn() {
  MOTCUA_RETURN_IF_ERROR(CheckTorn());
  rocksdb::Options options = OpenOptions();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocksdb::DB* db = nullptr;
  MOTCUA_RETURN_IF_ERROR(
      FromRocks(rocksdb::DB::Open(options, directory_.string(), &db), "open the log"));
  db_.reset(db);
  return OkStatus();
}

// Looks without changing a file, so that a repair finds everything as it was.
Status LogDisk::CheckTorn() const {
  rocksdb::Options options = OpenOptions();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocksdb::DB* opened = nullptr;
  MOTCUA_RETURN_IF_ERROR(FromRocks(
      rocksdb::DB::OpenForReadOnly(options, directory_.string(), &opened), "read the log"));
  const std::unique_ptr<rocksdb::DB> db(opened);
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Settings> settings, LoadSettings(*db));
  if (!settings) return CheckHighWater(0, high_water_);
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<Offset> ends, LoadEnds(*db, settings->partitions));
  return CheckHighWater(SumOf(ends), high_water_);
}

Status LogDisk::ReadSettings(PartitionId partitions) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Settings> settings, LoadSettings(*db_));
  if (settings) {
    partitions_ = settings->partitions;
    id_ = settings->id;
    if (partitions == 0 || partitions == partitions_) return OkStatus();
    return Status(Reason::kFileInvalid,
                  "the log has " + std::to_string(partitions_) + " partitions, not " +
                      std::to_string(partitions) + ": their number is fixed at creation",
                  {{"partitions", std::to_string(partitions_)}});
  }
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  it->SeekToFirst();
  if (it->Valid() || !it->status().ok() || high_water_.records() > 0) {
    return Status(Reason::kLogDamaged, "the log's settings are missing");
  }
  partitions_ = partitions == 0 ? PartitionId{1} : partitions;
  id_ = NewId();
  const std::string text =
      std::string(kSettingsWord) + " " + std::to_string(partitions_) + " " + id_;
  const auto seal = Seal(kSettingsPartition, 0, text);
  const LogKey key = MakeKey(kSettingsPartition, 0);
  rocksdb::WriteOptions durable;
  durable.sync = true;
  return FromRocks(db_->Put(durable, AsSlice(key), text + std::string(seal.data(), seal.size())),
                   "create the log");
}

Status LogDisk::ReadEnds() {
  MOTCUA_ASSIGN_OR_RETURN(ends_, LoadEnds(*db_, partitions_));
  const std::uint64_t records = SumOf(ends_);
  MOTCUA_RETURN_IF_ERROR(CheckHighWater(records, high_water_));
  MOTCUA_ASSIGN_OR_RETURN(const std::uint64_t rows, CountRows(*db_));
  if (rows != records + 1) {
    return Status(Reason::kLogDamaged,
                  "the log has " + std::to_string(rows) + " rows where its ends ask for " +
                      std::to_string(records + 1) + ": a stretch of it is lost",
                  {{"rows", std::to_string(rows)}, {"expected", std::to_string(records + 1)}});
  }
  high_water_.Set(records);
  return OkStatus();
}

LogDisk::Committed LogDisk::Commit(std::span<const PlacedRecord> records) {
  MOTCUA_CHECK(!broken_ && !records.empty(), "commit to a log that must recover first");
  std::vector<Offset> ends = ends_;
  rocksdb::WriteBatch batch;
  for (const PlacedRecord& record : records) {
    MOTCUA_CHECK(record.offset == ends[record.partition], "a record does not follow the last one");
    ++ends[record.partition];
    const LogKey key = MakeKey(record.partition, record.offset);
    const LogEnding ending =
        MakeEnding(record.partition, record.offset, record.bytes, record.appended);
    const Slice key_part = AsSlice(key);
    const std::array<Slice, 2> value_parts = {Slice(record.bytes.data(), record.bytes.size()),
                                              Slice(ending.tail.data(), ending.size)};
    const rocksdb::Status put =
        batch.Put(rocksdb::SliceParts(&key_part, 1), rocksdb::SliceParts(value_parts.data(), 2));
    MOTCUA_CHECK(put.ok(), "a write batch in memory does not fail");
  }
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const rocksdb::Status status = db_->Write(durable, &batch);
  if (!status.ok()) return Failed(records.front(), FromRocks(status, "append to the log"));
  ends_ = std::move(ends);
  high_water_.Set(SumOf(ends_));
  return {};
}

// The batch may stand in the write-ahead log although RocksDB says no (its sync failed, say), and
// after DB::Resume() RocksDB would write on after the torn end, where recovery does not look
// (Debian's stops at an assertion instead). So the database is opened anew, which cuts the end off
// and makes durable what is there; only then is it certain.
LogDisk::Committed LogDisk::Failed(const PlacedRecord& first, const Status& cause) {
  broken_ = true;
  recover_next_ = {};
  AppendOutcome outcome;
  if (Recover()) {
    outcome = ends_[first.partition] > first.offset ? AppendOutcome::kAppended
                                                    : AppendOutcome::kNotAppended;
  } else {
    outcome = Inspect(first);
  }
  if (outcome == AppendOutcome::kAppended) return {};
  return {outcome, Status(Reason::kLogUnavailable, cause.message())};
}

AppendOutcome LogDisk::Inspect(const PlacedRecord& record) const {
  rocksdb::Options options = OpenOptions();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly(options, directory_.string(), &opened).ok()) {
    return AppendOutcome::kUnknown;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string value;
  const LogKey key = MakeKey(record.partition, record.offset);
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), AsSlice(key), &value);
  // A batch is there as a whole or not at all, and what the kernel does not show now will not come.
  return status.IsNotFound() ? AppendOutcome::kNotAppended : AppendOutcome::kUnknown;
}

bool LogDisk::Recover() {
  if (!broken_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now < recover_next_) return false;
  recover_next_ = now + kRecoverPause;
  // Readers keep the old database as long as possible: it is given up only for a disk that writes.
  if (!DiskTakesWrites()) return false;
  const std::unique_lock lock(db_mutex_);
  db_.reset();
  Status status = OpenDatabase();
  if (status.ok()) status = ReadSettings(partitions_);
  if (status.ok()) status = ReadEnds();
  if (status.ok()) {
    broken_ = false;
    ++recoveries_;
    return true;
  }
  db_.reset();
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status reading =
      rocksdb::DB::OpenForReadOnly(OpenOptions(), directory_.string(), &opened);
  if (reading.ok()) db_.reset(opened);
  return false;
}

bool LogDisk::DiskTakesWrites() const {
  rocksdb::Env* env = options_.env != nullptr ? options_.env : rocksdb::Env::Default();
  const std::string file = (directory_ / kProbeFile).string();
  std::unique_ptr<rocksdb::WritableFile> probe;
  rocksdb::Status status = env->NewWritableFile(file, &probe, rocksdb::EnvOptions());
  if (status.ok()) status = probe->Append(std::string(kProbeBytes, '\0'));
  if (status.ok()) status = probe->Sync();
  if (probe) {
    const rocksdb::Status closed = probe->Close();
    if (status.ok()) status = closed;
  }
  const rocksdb::Status removed = env->DeleteFile(file);
  return status.ok() && removed.ok();
}

Status LogDisk::Load(PartitionId partition, Offset first, std::size_t records_max,
                     const Take& take) const {
  const std::shared_lock lock(db_mutex_);
  if (!db_) return Status(Reason::kLogUnavailable, "the log is being opened again");
  const LogKey upper = MakeKey(partition, first + records_max);
  const Slice upper_slice = AsSlice(upper);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper_slice;
  options.readahead_size = 128 * 1024;  // about one block of records, compressed
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
  std::size_t bytes = 0;
  Offset expected = first;
  const LogKey lower = MakeKey(partition, first);
  for (it->Seek(AsSlice(lower)); it->Valid() && bytes < kChunkBytesMax; it->Next()) {
    MOTCUA_ASSIGN_OR_RETURN(const LogPlace place, ParseKey(it->key()));
    if (place.offset != expected) return DamagedAt("a record is missing", partition, expected);
    MOTCUA_ASSIGN_OR_RETURN(const LogValue value, ParseValue(partition, place.offset, it->value()));
    bytes += value.bytes.size();
    take(value.bytes, value.appended);
    ++expected;
  }
  MOTCUA_RETURN_IF_ERROR(FromRocks(it->status(), "read the log"));
  const bool cut = bytes >= kChunkBytesMax;
  if (!cut && expected != first + records_max) {
    return DamagedAt("a record is missing", partition, expected);
  }
  return OkStatus();
}

Result<std::optional<Instant>> LogDisk::LastAppended() const {
  std::optional<Instant> last;
  for (PartitionId p = 0; p < partitions_; ++p) {
    if (ends_[p] == 0) continue;
    MOTCUA_RETURN_IF_ERROR(
        Load(p, ends_[p] - 1, 1, [&last](std::string_view, std::optional<Instant> appended) {
          last = std::max(last, appended);
        }));
  }
  return last;
}

Status LogDisk::Verify() const {
  const std::shared_lock lock(db_mutex_);
  if (!db_) return Status(Reason::kLogUnavailable, "the log is being opened again");
  rocksdb::ReadOptions options;
  options.readahead_size = 1024 * 1024;
  return FromRocks(db_->VerifyChecksum(options), "verify the log");
}

}  // namespace motcua::rocks
