// LocalParties: people on this machine's disk, in two RocksDBs, synced (README.md has what is on
// the disk, and what an erasure does).
//
//   <folder>/keys      the wrapped key of each record
//   <folder>/records   sealed records, the index, who looked
//
// Any thread; calls wait for the disk.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "services/domain/people/party_store.h"
#include "services/platform/people/party_keys.h"
#include "services/platform/people/party_rows.h"

namespace motcua::people {

struct LocalPartiesOptions {
  std::filesystem::path folder;
  std::filesystem::path master_key;  // empty: master.key in `folder`
  // Makes the master key for a new folder. Not where an office keeps its key elsewhere: a file that
  // is missing is an error there.
  bool make_master_key = true;
  // Off only to fill a store whose loss costs nothing (benchmarks).
  bool synced = true;
};

class LocalParties final : public PartyStore {
 public:
  // Finishes what a crash left half erased, and removes what was erased from records that come from
  // a copy of before. STORE_IN_USE, KEY_UNUSABLE, PARTIES_DAMAGED, FILE_INVALID.
  static Result<std::unique_ptr<LocalParties>> Open(const LocalPartiesOptions& options);

  PartyId NewId(std::string_view request) const override;
  Result<PutAnswer> Put(const Party& party, std::uint64_t digest, const Looker& who) override;
  Result<Party> Get(const PartyId& id, LookKind kind, const Looker& who) override;
  Result<Found> Find(const Query& query, std::size_t limit, const Looker& who) override;
  Result<Exported> Export(const PartyId& id, const Looker& who) override;
  Status Erase(const PartyId& id, const Looker& who) override;
  Result<std::vector<LookRow>> Looks(const PartyId& id, std::string_view place,
                                     std::size_t limit) override;

  // A copy of the records alone, without keys, in a folder that does not exist yet.
  Status CopyRecordsTo(const std::filesystem::path& to) const { return rows_->CopyTo(to); }

 private:
  LocalParties(std::unique_ptr<PartyKeys> keys, std::unique_ptr<PartyRows> rows, bool synced)
      : keys_(std::move(keys)), rows_(std::move(rows)), synced_(synced) {}

  // A party with its key, if it is there.
  struct Opened {
    SecretKey key;
    wire::PartyRecord record;
  };
  Result<std::optional<Opened>> OpenParty(const PartyId& id) const;
  Result<std::vector<Warning>> NumbersKnown(const Party& party) const;
  Status FinishErasures();
  std::mutex& LockOf(const PartyId& id) { return locks_.at(id.bytes.back() % locks_.size()); }

  const std::unique_ptr<PartyKeys> keys_;
  const std::unique_ptr<PartyRows> rows_;
  const bool synced_;
  // Of a party one writer at a time; by the last byte of its id.
  std::array<std::mutex, 64> locks_;
};

}  // namespace motcua::people
