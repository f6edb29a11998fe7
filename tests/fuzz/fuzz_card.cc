// Goal: whatever a scanner types is a card or is refused; what is a card makes a party that can be
//       stored, and the same card again adds nothing.
#include <cstdint>
#include <string_view>

#include "services/base/check.h"
#include "services/domain/people/card_qr.h"
#include "services/domain/people/search.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace motcua;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto card = people::ParseCard(text); card.ok()) {
    people::Party party;
    static_cast<void>(people::AddCard(*card, party));
    MOTCUA_CHECK(people::Normalise(party).ok(), "a card makes a party that cannot be stored");
    people::Party again = party;
    static_cast<void>(people::AddCard(*card, again));
    MOTCUA_CHECK(again == party, "a card that is scanned twice adds something");
    static_cast<void>(people::WarningsOf(party));
    MOTCUA_CHECK(!people::TokensOf(party).empty(), "a person who cannot be found");
  }
  if (const auto query = people::QueryByName(text); query.ok()) {
    people::Party party;
    party.name = *people::NormaliseName(text);
    MOTCUA_CHECK(people::MatchOf(*query, party) == people::Match::kSame,
                 "a name does not answer to itself");
  }
  static_cast<void>(people::QueryByPhone(text).ok());
  static_cast<void>(people::QueryByNumber(text).ok());
  static_cast<void>(people::ParsePartyId(text).ok());
  return 0;
}
