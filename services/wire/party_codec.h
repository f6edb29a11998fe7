// People as protobuf (proto/motcua/parties/v1/party.proto): what is sealed in the parties' store,
// and what requests and answers hold. Decoding is total: bytes that are no party are refused by a
// reason and a field, never by a value.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/domain/people/party.h"

namespace motcua::parties::v1 {
class Party;
}

namespace motcua::wire {

struct PartyRecord {
  people::Party party;
  std::uint64_t digest = 0;        // of the request that wrote it
  std::uint64_t first_digest = 0;  // of the one that made the party
  friend bool operator==(const PartyRecord&, const PartyRecord&) = default;
};

// Beyond all that the limits of a party allow.
inline constexpr std::size_t kPartyRecordBytesMax = 64 * 1024;

std::string EncodeParty(const PartyRecord& record);
// RECORD_INVALID: bytes that EncodeParty did not make. Fields of a newer program are ignored.
Result<PartyRecord> DecodeParty(std::string_view bytes);

void ToProto(const people::Party& party, parties::v1::Party& proto);
// As it was sent, not normalised; an empty id where it has none. FIELD_INVALID naming the field.
Result<people::Party> FromProto(const parties::v1::Party& proto);

}  // namespace motcua::wire
