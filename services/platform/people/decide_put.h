// What becomes of a Put, by what is there. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "services/base/status.h"
#include "services/wire/party_codec.h"

namespace motcua::people {

struct PutDecision {
  bool repeated = false;     // carried out before: answer `record.party.version` again
  wire::PartyRecord record;  // else what to store
};

// `present`: what is stored under the party's id. See PartyStore::Put for the refusals.
Result<PutDecision> DecidePut(const Party& party, std::uint64_t digest,
                              const std::optional<wire::PartyRecord>& present);

}  // namespace motcua::people
