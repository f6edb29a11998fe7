#include "services/platform/people/party_rows.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <set>
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

// On disk: do not change.
//   R id                              a sealed record
//   I kind hash marks id              empty: the party has the token
//   L id instant count nonce          a look; instants and counts descend
constexpr std::string_view kFormat = "motcua-people-1";
constexpr char kRecordRow = 'R';
constexpr char kIndexRow = 'I';
constexpr char kLookRow = 'L';
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kInstantBytes = 8;
// 96 bits of a token, and 32 of it with its marks: what two tokens share by chance is asked again
// once the record is open.
constexpr std::size_t kTokenBytes = 12;
constexpr std::size_t kMarkBytes = 4;
constexpr std::size_t kCountBytes = 4;      // of this process: order within an instant
constexpr std::size_t kLookNonceBytes = 4;  // no row is written over by a later process
constexpr std::size_t kLengthBytes = 2;
constexpr char kFoldedPurpose = 'f';
constexpr char kMarksPurpose = 'm';
// A party is about 700 bytes sealed and 15 rows of index of 34.
constexpr PeopleDbOptions kOptions = {
    .write_buffer_bytes = 16U << 20U, .file_bytes = 4U << 20U, .cache_bytes = 64U << 20U};

std::string RowOf(char kind, const PartyId& id) {
  std::string row(1, kind);
  row.append(id.bytes.begin(), id.bytes.end());
  return row;
}

PartyId IdAtEnd(std::string_view row) {
  PartyId id;
  std::copy(row.end() - kIdBytes, row.end(), id.bytes.begin());
  return id;
}

std::string First(const KeyedHash& hash, std::size_t bytes) {
  return {reinterpret_cast<const char*>(hash.data()), bytes};
}

rocksdb::WriteOptions Durable(bool synced) {
  rocksdb::WriteOptions options;
  options.sync = synced;
  return options;
}

void Check(const rocksdb::Status& status) {
  MOTCUA_CHECK(status.ok(), "a batch in memory does not fail");
}

// Descending, so that the newest comes first.
std::uint64_t Descending(Instant at) { return ~static_cast<std::uint64_t>(at.micros); }

}  // namespace

PartyRows::PartyRows(std::unique_ptr<rocksdb::DB> db, const SecretKey& search,
                     const SecretKey& looks)
    : db_(std::move(db)), search_(search), looks_(looks) {}

PartyRows::~PartyRows() = default;

Result<std::unique_ptr<PartyRows>> PartyRows::Open(const fs::path& folder, const SecretKey& search,
                                                   const SecretKey& looks) {
  MOTCUA_ASSIGN_OR_RETURN(auto db, OpenPeopleDb(folder, kFormat, kOptions));
  return std::unique_ptr<PartyRows>(new PartyRows(std::move(db), search, looks));
}

std::string PartyRows::SealRecord(const wire::PartyRecord& record, const SecretKey& key) {
  std::string plain = wire::EncodeParty(record);
  std::string sealed = Seal(key, plain, RowOf(kRecordRow, record.party.id));
  Wipe(plain);
  return sealed;
}

Result<std::optional<wire::PartyRecord>> PartyRows::Get(const PartyId& id,
                                                        const SecretKey& key) const {
  const std::string row = RowOf(kRecordRow, id);
  std::string sealed;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), row, &sealed);
  if (status.IsNotFound()) return std::optional<wire::PartyRecord>();
  MOTCUA_RETURN_IF_ERROR(FromDisk(status, "read a party"));
  auto plain = Unseal(key, sealed, row);
  if (!plain) {
    return Status(Reason::kPartiesDamaged, "the record of a party does not open with its key",
                  {{"party", FormatPartyId(id)}});
  }
  auto record = wire::DecodeParty(*plain);
  Wipe(*plain);
  if (!record.ok()) return Status(Reason::kPartiesDamaged, record.status().message());
  return std::optional<wire::PartyRecord>(std::move(record).value());
}

std::string PartyRows::TokenPrefix(const Token& token) const {
  std::string text(1, static_cast<char>(token.kind));
  std::string row = std::string(1, kIndexRow) + text;
  row += First(HashWithKey(search_, kFoldedPurpose, text + token.folded), kTokenBytes);
  return row;
}

std::string PartyRows::MarksOf(const Token& token) const {
  const std::string text(1, static_cast<char>(token.kind));
  return First(HashWithKey(search_, kMarksPurpose, text + token.exact), kMarkBytes);
}

std::vector<std::string> PartyRows::IndexRowsOf(const Party& party) const {
  std::vector<std::string> rows;
  for (const Token& token : TokensOf(party)) {
    std::string row = TokenPrefix(token) + MarksOf(token);
    row.append(party.id.bytes.begin(), party.id.bytes.end());
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

void PartyRows::AddLook(const Look& look, rocksdb::WriteBatch& batch) const {
  std::string row = RowOf(kLookRow, look.id);
  AppendBigEndian(row, Descending(look.who.at), kInstantBytes);
  AppendBigEndian(row, ~std::uint64_t{looks_noted_.fetch_add(1)}, kCountBytes);
  row += RandomBytes(kLookNonceBytes);
  const std::string actor =
      Seal(looks_, std::string(1, static_cast<char>(look.kind)) + look.who.actor, row);
  std::string value;
  AppendBigEndian(value, actor.size(), kLengthBytes);
  value += actor;
  if (look.key && !look.who.purpose.empty()) value += Seal(*look.key, look.who.purpose, row);
  Check(batch.Put(row, value));
}

Status PartyRows::Put(const wire::PartyRecord& record, const std::string& sealed,
                      const std::optional<Party>& before, const Look& look, bool synced) {
  rocksdb::WriteBatch batch;
  const std::vector<std::string> now = IndexRowsOf(record.party);
  const std::vector<std::string> was = before ? IndexRowsOf(*before) : std::vector<std::string>();
  std::vector<std::string> rows;
  std::set_difference(was.begin(), was.end(), now.begin(), now.end(), std::back_inserter(rows));
  for (const std::string& row : rows) Check(batch.Delete(row));
  rows.clear();
  std::set_difference(now.begin(), now.end(), was.begin(), was.end(), std::back_inserter(rows));
  for (const std::string& row : rows) Check(batch.Put(row, rocksdb::Slice()));
  Check(batch.Put(RowOf(kRecordRow, record.party.id), sealed));
  AddLook(look, batch);
  return FromDisk(db_->Write(Durable(synced), &batch), "write a party");
}

Status PartyRows::Remove(const PartyId& id, const std::optional<Party>& before) {
  rocksdb::WriteBatch batch;
  Check(batch.Delete(RowOf(kRecordRow, id)));
  if (before) {
    for (const std::string& row : IndexRowsOf(*before)) Check(batch.Delete(row));
  }
  return FromDisk(db_->Write(Durable(true), &batch), "remove a party");
}

Status PartyRows::RemoveIndexOf(const std::vector<PartyId>& ids) {
  rocksdb::WriteBatch batch;
  const std::set<PartyId> sought(ids.begin(), ids.end());
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  const std::string prefix(1, kIndexRow);
  for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
    if (sought.contains(IdAtEnd(AsView(it->key())))) Check(batch.Delete(it->key()));
  }
  MOTCUA_RETURN_IF_ERROR(FromDisk(it->status(), "read the index of people"));
  return FromDisk(db_->Write(Durable(true), &batch), "clean the index of people");
}

Result<bool> PartyRows::Holds(const PartyId& id) const {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), RowOf(kRecordRow, id), &value);
  if (status.IsNotFound()) return false;
  MOTCUA_RETURN_IF_ERROR(FromDisk(status, "read a party"));
  return true;
}

Status PartyRows::ScrubOut(const PartyId& id, const std::optional<Party>& before) {
  std::vector<std::string> rows = before ? IndexRowsOf(*before) : std::vector<std::string>();
  rows.push_back(RowOf(kRecordRow, id));
  return Scrub(*db_, rows);
}

Status PartyRows::NoteLooks(const std::vector<Look>& looks, bool synced) {
  if (looks.empty()) return OkStatus();
  rocksdb::WriteBatch batch;
  for (const Look& look : looks) AddLook(look, batch);
  return FromDisk(db_->Write(Durable(synced), &batch), "note who looked");
}

Result<LookRow> PartyRows::OpenLook(std::string_view row, std::string_view value,
                                    const std::optional<SecretKey>& key) const {
  const std::size_t actor_bytes =
      value.size() < kLengthBytes ? value.size() : ReadBigEndian(value.substr(0, kLengthBytes));
  const std::string_view rest = value.substr(std::min(kLengthBytes, value.size()));
  const auto actor = Unseal(looks_, rest.substr(0, actor_bytes), row);
  const auto kind = actor && !actor->empty()
                        ? codes::FromNumber<LookKind>(static_cast<unsigned char>(actor->front()))
                        : std::nullopt;
  if (!kind) return Status(Reason::kPartiesDamaged, "a row of who looked does not open");
  LookRow look;
  look.place = row.substr(1 + kIdBytes);
  const auto micros = ReadBigEndian(std::string_view(look.place).substr(0, kInstantBytes));
  look.at = Instant{static_cast<std::int64_t>(~micros)};
  look.kind = *kind;
  look.actor = actor->substr(1);
  if (key && rest.size() > actor_bytes) {
    look.purpose = Unseal(*key, rest.substr(actor_bytes), row).value_or("");
  }
  return look;
}

Result<std::vector<LookRow>> PartyRows::Looks(const PartyId& id, std::string_view place,
                                              std::size_t limit,
                                              const std::optional<SecretKey>& key) const {
  const std::string prefix = RowOf(kLookRow, id);
  const std::string from = prefix + std::string(place);
  std::vector<LookRow> looks;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(rocksdb::ReadOptions()));
  it->Seek(from);
  if (!place.empty() && it->Valid() && it->key() == from) it->Next();
  for (; it->Valid() && it->key().starts_with(prefix) && looks.size() < limit; it->Next()) {
    MOTCUA_ASSIGN_OR_RETURN(looks.emplace_back(),
                            OpenLook(AsView(it->key()), AsView(it->value()), key));
  }
  MOTCUA_RETURN_IF_ERROR(FromDisk(it->status(), "read who looked"));
  return looks;
}

Result<bool> PartyRows::ForEach(const Token& token,
                                const std::function<bool(const PartyId&)>& take) const {
  const std::string prefix = TokenPrefix(token);
  const std::string exact = prefix + MarksOf(token);
  const std::string end = AfterPrefix(prefix);
  const rocksdb::Slice upper = AsSlice(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
  std::size_t rows = 0;
  for (it->Seek(exact); it->Valid() && it->key().starts_with(exact); it->Next()) {
    if (++rows > kFindRowsMax || !take(IdAtEnd(AsView(it->key())))) return false;
  }
  for (it->Seek(prefix); it->Valid(); it->Next()) {
    if (it->key().starts_with(exact)) {
      // All of these were seen. The key after them may not exist: then nothing follows.
      const std::string after = AfterPrefix(exact);
      it->Seek(after);
      if (!it->Valid()) break;
    }
    if (++rows > kFindRowsMax || !take(IdAtEnd(AsView(it->key())))) return false;
  }
  MOTCUA_RETURN_IF_ERROR(FromDisk(it->status(), "search people"));
  return true;
}

Status PartyRows::CopyTo(const fs::path& to) const {
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(to.string());
  return FromDisk(status, "copy the records of people");
}

}  // namespace motcua::people
