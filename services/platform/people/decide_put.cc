#include "services/platform/people/decide_put.h"

#include <string>

namespace motcua::people {

Result<PutDecision> DecidePut(const Party& party, std::uint64_t digest,
                              const std::optional<wire::PartyRecord>& present) {
  if (!present) {
    if (party.version != 0) return Status(Reason::kPartyNotFound, "there is no such party");
    PutDecision decision{false, {party, digest, digest}};
    decision.record.party.version = 1;
    return decision;
  }
  const std::uint32_t version = present->party.version;
  if (party.version == 0) {
    if (present->first_digest != digest) {
      return Status(Reason::kRequestIdReused,
                    "another party was made by a request with the same request_id");
    }
    // As it was answered then, whatever has become of the party since.
    PutDecision decision{true, *present};
    decision.record.party.version = 1;
    return decision;
  }
  if (present->digest == digest && version == party.version + 1) {
    return PutDecision{true, *present};
  }
  if (version != party.version) {
    return Status(
        Reason::kVersionMismatch, "version: the party was changed since it was read",
        {{"expected", std::to_string(party.version)}, {"actual", std::to_string(version)}});
  }
  PutDecision decision{false, {party, digest, present->first_digest}};
  decision.record.party.version = version + 1;
  return decision;
}

}  // namespace motcua::people
