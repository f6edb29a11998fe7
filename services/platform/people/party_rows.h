// PartyRows: sealed records, the index by which they are found, and who looked, in one RocksDB. No
// name, number or phone is in it in the clear: records are sealed, the index holds keyed hashes.
//
// Any thread, but of one party one writer at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/people/party_store.h"
#include "services/platform/people/secrets.h"
#include "services/wire/party_codec.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace motcua::people {

class PartyRows {
 public:
  // `search` and `looks` are the store's own keys; they outlive nothing: they are copied.
  static Result<std::unique_ptr<PartyRows>> Open(const std::filesystem::path& folder,
                                                 const SecretKey& search, const SecretKey& looks);
  PartyRows(const PartyRows&) = delete;
  PartyRows& operator=(const PartyRows&) = delete;
  ~PartyRows();

  // None: there is none. PARTIES_DAMAGED: `key` does not open it.
  Result<std::optional<wire::PartyRecord>> Get(const PartyId& id, const SecretKey& key) const;

  struct Look {
    PartyId id;
    LookKind kind;
    Looker who;
    std::optional<SecretKey> key;  // of the party; seals why. None: why is not kept
  };
  // Writes a record with its index in place of `before`, and the look, as one. `synced`: durable on
  // return.
  Status Put(const wire::PartyRecord& record, const std::string& sealed,
             const std::optional<Party>& before, const Look& look, bool synced);
  // What Put and a log write of a record.
  static std::string SealRecord(const wire::PartyRecord& record, const SecretKey& key);
  // Removes a record, its index (where `before` is known), and why anybody looked.
  Status Remove(const PartyId& id, const std::optional<Party>& before);
  // Of records that cannot be opened: index rows of any of `ids`, found by reading all.
  Status RemoveIndexOf(const std::vector<PartyId>& ids);
  Result<bool> Holds(const PartyId& id) const;
  // Rewrites the files that held the party's record and index.
  Status ScrubOut(const PartyId& id, const std::optional<Party>& before);

  Status NoteLooks(const std::vector<Look>& looks, bool synced);
  // Newest first, after `place`. `key`: of the party, to read why.
  Result<std::vector<LookRow>> Looks(const PartyId& id, std::string_view place, std::size_t limit,
                                     const std::optional<SecretKey>& key) const;

  // Calls `take` with ids that the index names for the token, those with the exact marks first,
  // until it says false or kFindRowsMax rows were looked at. True: all were seen.
  Result<bool> ForEach(const Token& token, const std::function<bool(const PartyId&)>& take) const;

  // A copy of the folder in `to`, which must not exist, consistent in itself. It holds no key.
  Status CopyTo(const std::filesystem::path& to) const;

 private:
  PartyRows(std::unique_ptr<rocksdb::DB> db, const SecretKey& search, const SecretKey& looks);

  std::vector<std::string> IndexRowsOf(const Party& party) const;
  std::string TokenPrefix(const Token& token) const;
  std::string MarksOf(const Token& token) const;
  void AddLook(const Look& look, rocksdb::WriteBatch& batch) const;
  Result<LookRow> OpenLook(std::string_view row, std::string_view value,
                           const std::optional<SecretKey>& key) const;

  const std::unique_ptr<rocksdb::DB> db_;
  const SecretKey search_;
  const SecretKey looks_;
  mutable std::atomic<std::uint32_t> looks_noted_ = 0;
};

}  // namespace motcua::people
