#include "services/platform/people/party_keys.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <utility>

#include "services/base/bytes.h"
#include "services/base/check.h"
#include "services/platform/people/people_db.h"
#include "services/platform/rocksdb/slices.h"

namespace motcua::people {
namespace {

namespace fs = std::filesystem;
using rocks::AsSlice;
using rocks::AsView;

// On disk: do not change. Rows: K + id, a wrapped key; S + name, one of the store's own; X + id,
// when the party was erased and whether all is done.
constexpr std::string_view kFormat = "motcua-people-keys-1";
constexpr char kKeyRow = 'K';
constexpr char kStoreRow = 'S';
constexpr char kErasedRow = 'X';
constexpr std::size_t kInstantBytes = 8;
constexpr char kUnfinished = 'u';
constexpr char kFinished = 'f';
constexpr std::size_t kWrappedBytes = kKeyIdBytes + kSealBytes + kKeyBytes;
// A row of 70 bytes a party: a million are some 100 MB.
constexpr PeopleDbOptions kOptions = {
    .write_buffer_bytes = 4U << 20U, .file_bytes = 2U << 20U, .cache_bytes = 16U << 20U};
constexpr std::size_t kRewrapBatch = 1000;

std::string RowOf(char kind, const PartyId& id) {
  std::string row(1, kind);
  row.append(id.bytes.begin(), id.bytes.end());
  return row;
}

std::optional<PartyId> IdOf(std::string_view row) {
  PartyId id;
  if (row.size() != 1 + id.bytes.size()) return std::nullopt;
  std::copy(row.begin() + 1, row.end(), id.bytes.begin());
  return id;
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

Result<std::optional<std::string>> Read(rocksdb::DB& db, const std::string& row) {
  std::string value;
  const rocksdb::Status status = db.Get(rocksdb::ReadOptions(), row, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  MOTCUA_RETURN_IF_ERROR(FromDisk(status, "read a key"));
  return std::optional<std::string>(std::move(value));
}

}  // namespace

PartyKeys::PartyKeys(std::unique_ptr<rocksdb::DB> db, MasterKeys master)
    : db_(std::move(db)), master_(std::move(master)) {}

PartyKeys::~PartyKeys() = default;

Result<std::unique_ptr<PartyKeys>> PartyKeys::Open(const fs::path& folder,
                                                   const fs::path& master_file, bool make_master) {
  std::error_code error;
  const bool fresh = !fs::exists(folder / "CURRENT", error);
  if (fresh && make_master && !fs::exists(master_file, error)) {
    MOTCUA_RETURN_IF_ERROR(MakeMasterKey(master_file));
  }
  MOTCUA_ASSIGN_OR_RETURN(MasterKeys master, ReadMasterKeys(master_file));
  MOTCUA_ASSIGN_OR_RETURN(auto db, OpenPeopleDb(folder, kFormat, kOptions));
  std::unique_ptr<PartyKeys> keys(new PartyKeys(std::move(db), std::move(master)));
  MOTCUA_RETURN_IF_ERROR(keys->TakeStoreKeys());
  MOTCUA_RETURN_IF_ERROR(keys->EndRotation(master_file));
  return keys;
}

std::string PartyKeys::Wrap(const SecretKey& key, const std::string& row) const {
  return master_.present.Id() + Seal(master_.present, key.bytes(), row);
}

Result<SecretKey> PartyKeys::Unwrap(const std::string& wrapped, const std::string& row) const {
  const auto open = [&](const SecretKey& master) -> std::optional<SecretKey> {
    if (!wrapped.starts_with(master.Id())) return std::nullopt;
    auto bytes = Unseal(master, std::string_view(wrapped).substr(kKeyIdBytes), row);
    if (!bytes) return std::nullopt;
    const auto key = SecretKey::FromBytes(*bytes);
    Wipe(*bytes);
    return key;
  };
  if (const auto key = open(master_.present)) return *key;
  for (const SecretKey& master : master_.before) {
    if (const auto key = open(master)) return *key;
  }
  const bool known = wrapped.size() == kWrappedBytes && wrapped.starts_with(master_.present.Id());
  if (known) return Status(Reason::kPartiesDamaged, "a wrapped key was changed on the disk");
  return Status(Reason::kKeyUnusable, "the master key is not the one that wrapped these keys");
}

Result<SecretKey> PartyKeys::TakeStoreKey(const std::string& row) {
  MOTCUA_ASSIGN_OR_RETURN(const auto wrapped, Read(*db_, row));
  if (wrapped) return Unwrap(*wrapped, row);
  const SecretKey key = SecretKey::Random();
  MOTCUA_RETURN_IF_ERROR(FromDisk(db_->Put(Synced(), row, Wrap(key, row)), "write a key"));
  return key;
}

Status PartyKeys::TakeStoreKeys() {
  MOTCUA_ASSIGN_OR_RETURN(search_key_, TakeStoreKey(std::string(1, kStoreRow) + "search"));
  MOTCUA_ASSIGN_OR_RETURN(look_key_, TakeStoreKey(std::string(1, kStoreRow) + "looks"));
  return OkStatus();
}

Status PartyKeys::EndRotation(const fs::path& master_file) {
  if (master_.before.empty()) return OkStatus();
  const std::string present = master_.present.Id();
  rocksdb::WriteBatch batch;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::string row = it->key().ToString();
    if (row.front() != kKeyRow && row.front() != kStoreRow) continue;
    if (it->value().starts_with(AsSlice(present))) continue;
    MOTCUA_ASSIGN_OR_RETURN(const SecretKey key, Unwrap(it->value().ToString(), row));
    MOTCUA_CHECK(batch.Put(row, Wrap(key, row)).ok(), "a batch in memory does not fail");
    if (static_cast<std::size_t>(batch.Count()) < kRewrapBatch) continue;
    MOTCUA_RETURN_IF_ERROR(FromDisk(db_->Write(Synced(), &batch), "wrap keys anew"));
    batch.Clear();
  }
  MOTCUA_RETURN_IF_ERROR(FromDisk(it->status(), "read the keys"));
  MOTCUA_RETURN_IF_ERROR(FromDisk(db_->Write(Synced(), &batch), "wrap keys anew"));
  // Only when no file holds a key that the old one wrapped is the old one worth nothing here.
  MOTCUA_RETURN_IF_ERROR(ScrubAll(*db_));
  master_.before.clear();
  return WriteMasterKeys(master_file, master_);
}

Result<std::optional<SecretKey>> PartyKeys::Find(const PartyId& id) const {
  const std::string row = RowOf(kKeyRow, id);
  MOTCUA_ASSIGN_OR_RETURN(const auto wrapped, Read(*db_, row));
  if (!wrapped) return std::optional<SecretKey>();
  MOTCUA_ASSIGN_OR_RETURN(const SecretKey key, Unwrap(*wrapped, row));
  return std::optional<SecretKey>(key);
}

Result<SecretKey> PartyKeys::Make(const PartyId& id, bool synced) {
  const std::string row = RowOf(kKeyRow, id);
  const SecretKey key = SecretKey::Random();
  const rocksdb::WriteOptions durable = synced ? Synced() : rocksdb::WriteOptions();
  MOTCUA_RETURN_IF_ERROR(FromDisk(db_->Put(durable, row, Wrap(key, row)), "write a key"));
  return key;
}

Status PartyKeys::Destroy(const PartyId& id, Instant at) {
  std::string value;
  AppendBigEndian(value, static_cast<std::uint64_t>(at.micros), kInstantBytes);
  value += kUnfinished;
  rocksdb::WriteBatch batch;
  const bool noted =
      batch.Delete(RowOf(kKeyRow, id)).ok() && batch.Put(RowOf(kErasedRow, id), value).ok();
  MOTCUA_CHECK(noted, "a batch in memory does not fail");
  return FromDisk(db_->Write(Synced(), &batch), "destroy a key");
}

Status PartyKeys::ScrubOut(const PartyId& id) { return Scrub(*db_, {RowOf(kKeyRow, id)}); }

Result<std::optional<Instant>> PartyKeys::ErasedAt(const PartyId& id) const {
  MOTCUA_ASSIGN_OR_RETURN(const auto value, Read(*db_, RowOf(kErasedRow, id)));
  if (!value || value->size() < kInstantBytes) return std::optional<Instant>();
  const auto micros = ReadBigEndian(std::string_view(*value).substr(0, kInstantBytes));
  return std::optional<Instant>(Instant{static_cast<std::int64_t>(micros)});
}

Status PartyKeys::NoteFinished(const PartyId& id) {
  const std::string row = RowOf(kErasedRow, id);
  MOTCUA_ASSIGN_OR_RETURN(auto value, Read(*db_, row));
  if (!value || value->empty() || value->back() == kFinished) return OkStatus();
  value->back() = kFinished;
  return FromDisk(db_->Put(Synced(), row, *value), "note an erasure");
}

Result<std::vector<std::pair<PartyId, std::string>>> PartyKeys::ErasedRows() const {
  std::vector<std::pair<PartyId, std::string>> rows;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  const std::string prefix(1, kErasedRow);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    const auto id = IdOf(AsView(it->key()));
    if (id) rows.emplace_back(*id, it->value().ToString());
  }
  MOTCUA_RETURN_IF_ERROR(FromDisk(it->status(), "read who was erased"));
  return rows;
}

Result<std::vector<PartyId>> PartyKeys::Unfinished() const {
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, ErasedRows());
  std::vector<PartyId> ids;
  for (const auto& [id, value] : rows) {
    if (value.empty() || value.back() != kFinished) ids.push_back(id);
  }
  return ids;
}

Result<std::vector<PartyId>> PartyKeys::Erased() const {
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, ErasedRows());
  std::vector<PartyId> ids;
  for (const auto& [id, value] : rows) ids.push_back(id);
  return ids;
}

}  // namespace motcua::people
