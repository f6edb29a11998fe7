// PartyKeys: the key of each party's record, wrapped by the office's master key; and which parties
// were erased. A folder of its own, so that a copy of the records holds no key: what was erased
// since the copy was made cannot be opened in it.
//
// Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/people/party.h"
#include "services/platform/people/master_key.h"
#include "services/platform/people/secrets.h"

namespace rocksdb {
class DB;
}

namespace motcua::people {

class PartyKeys {
 public:
  // Opens the folder, or begins a new one, with the master key in `master_file`, which is made only
  // for a new folder and only if `make_master`. A change of master keys that is under way is
  // finished. KEY_UNUSABLE: the file does not open this folder's keys.
  static Result<std::unique_ptr<PartyKeys>> Open(const std::filesystem::path& folder,
                                                 const std::filesystem::path& master_file,
                                                 bool make_master);
  PartyKeys(const PartyKeys&) = delete;
  PartyKeys& operator=(const PartyKeys&) = delete;
  ~PartyKeys();

  // Keys of the store itself, which no erasure touches: of searches, of who looked.
  const SecretKey& search_key() const { return search_key_; }
  const SecretKey& look_key() const { return look_key_; }

  // None: there is no such party, or it was erased.
  Result<std::optional<SecretKey>> Find(const PartyId& id) const;
  // A new random key; `synced`: durable on return.
  Result<SecretKey> Make(const PartyId& id, bool synced);

  // Destroys the key and remembers that, durable on return: nothing opens the record any more. The
  // wrapped key may still lie in files until Scrub.
  Status Destroy(const PartyId& id, Instant at);
  // Rewrites what held the key, so that no file does.
  Status ScrubOut(const PartyId& id);
  // Since when; none: it was not erased.
  Result<std::optional<Instant>> ErasedAt(const PartyId& id) const;
  // Those whose erasure was not finished, and, of all, that it is.
  Result<std::vector<PartyId>> Unfinished() const;
  Status NoteFinished(const PartyId& id);
  Result<std::vector<PartyId>> Erased() const;

 private:
  explicit PartyKeys(std::unique_ptr<rocksdb::DB> db, MasterKeys master);

  Status TakeStoreKeys();
  Result<SecretKey> TakeStoreKey(const std::string& row);
  Status EndRotation(const std::filesystem::path& master_file);
  std::string Wrap(const SecretKey& key, const std::string& row) const;
  Result<SecretKey> Unwrap(const std::string& wrapped, const std::string& row) const;
  Result<std::vector<std::pair<PartyId, std::string>>> ErasedRows() const;

  const std::unique_ptr<rocksdb::DB> db_;
  MasterKeys master_;
  SecretKey search_key_;
  SecretKey look_key_;
};

}  // namespace motcua::people
