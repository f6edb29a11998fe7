// PartyStore: where people are kept, apart from everything else that motcua writes (architecture.md
// §8). Cases name a party by its id alone.
//
// Each call names who looks, how and why, and the store records that before it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/people/party.h"
#include "services/domain/people/search.h"

namespace motcua::people {

inline constexpr std::size_t kPurposeBytesMax = 256;
inline constexpr std::size_t kFoundMax = 50;
// Rows of an index that one search looks at: of a very common word it does not see all.
inline constexpr std::size_t kFindRowsMax = 2000;
inline constexpr std::size_t kLooksPageMax = 1000;

// Who looks, and why. Checked by the edge: an id of at most 64 bytes, a text without control
// characters.
struct Looker {
  std::string actor;
  std::string purpose;  // e.g. a dossier's code; may be empty where the kind of look says enough
  Instant at;
};

struct LookRow {
  Instant at;
  LookKind kind = LookKind::kMasked;
  std::string actor;
  std::string purpose;  // empty once the party is erased: it may name somebody
  std::string place;    // opaque: where the next page goes on
};

struct Found {
  std::vector<Party> parties;  // best match first
  bool more = false;           // there may be others: ask for more words
};

struct Exported {
  Party party;
  std::vector<Party> agents;   // who may act for it: their records name it
  std::vector<LookRow> looks;  // newest first, at most kLooksPageMax
};

struct PutAnswer {
  std::uint32_t version = 0;
  bool repeated = false;  // the same request had been carried out before
  // Paths of numbers ("numbers[0]") that another party holds, too: a new card of somebody known, or
  // a mistake. Taken all the same.
  std::vector<Warning> warnings;
};

// Any thread; a call may wait for a disk or a broker. Errors: PARTY_NOT_FOUND; PARTIES_DAMAGED when
// a record cannot be opened; LOG_UNAVAILABLE when a disk or a broker does not take or give.
class PartyStore {
 public:
  virtual ~PartyStore() = default;

  // The id of the party that a request makes: the same for the same request, random to anybody who
  // has not the store's keys.
  virtual PartyId NewId(std::string_view request) const = 0;

  // Stores a normalised party; durable when it returns. Its version is the one that the caller has
  // read, 0 for a new one: else VERSION_MISMATCH. The same `digest` at the version after that is
  // the same request once more and is answered as before; another one under an id that is there
  // with version 0 is REQUEST_ID_REUSED.
  virtual Result<PutAnswer> Put(const Party& party, std::uint64_t digest, const Looker& who) = 0;

  // `kind` is kMasked or kFull: what of it the caller shows. The record is whole in both cases.
  virtual Result<Party> Get(const PartyId& id, LookKind kind, const Looker& who) = 0;

  // At most `limit` (kFoundMax); the exact marks first. Every party that is given back was looked
  // at.
  virtual Result<Found> Find(const Query& query, std::size_t limit, const Looker& who) = 0;

  // All that is held on a party.
  virtual Result<Exported> Export(const PartyId& id, const Looker& who) = 0;

  // Destroys the key of the party's record and the record. That somebody looked at it stays, and
  // why does not. PARTY_NOT_FOUND for what was never there; erasing once more is fine.
  virtual Status Erase(const PartyId& id, const Looker& who) = 0;

  // Who looked at the party, newest first, after the one at `place` (empty: from the newest); also
  // of one that was erased.
  virtual Result<std::vector<LookRow>> Looks(const PartyId& id, std::string_view place,
                                             std::size_t limit) = 0;
};

}  // namespace motcua::people
