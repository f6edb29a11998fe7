// The QR of a citizen's card (căn cước công dân, căn cước) as a scanner gives it: a line of fields
// with a bar between them (domain-2026.md f).
//
//   number|old number|name|birth|sex|address|issued   chip cards of 2021 to 6/2024
//   the same and more fields, mostly empty             cards from 1/7/2024; their count says
//   nothing number|name|birth|sex|address|issued               some of the first cards
//
// Scanners type. Under an input method (Telex, VNI), or with another character set, letters arrive
// changed while bars and digits survive: such a text is refused as a whole, never mended.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/people/party.h"

namespace motcua::people {

inline constexpr std::size_t kCardBytesMax = 2048;
inline constexpr std::size_t kCardFieldsMax = 32;

struct Card {
  std::string number;  // 12 digits
  // What the second field holds: an identity card's 9 digits, or a personal number of before.
  std::string old_number;
  std::string name;
  Birth birth;
  Sex sex = Sex::kNotSaid;
  std::string address;  // as it was when the card was issued, one string
  std::optional<CivilDate> issued;
  std::vector<std::string> rest;  // the eighth field and those after it, as they came
  friend bool operator==(const Card&, const Card&) = default;
};

// FIELD_INVALID naming "qr", or the field of it, and what to do; never a value. A line of 12 digits
// alone is refused: a place has such a number, too.
Result<Card> ParseCard(std::string_view scanned);

// What a card adds to a party: numbers that are new, and birth, sex and name where there was none.
// What the party says already stays, and a difference is a warning. The card's address is kept as
// what a paper said (ON_PAPER), never as where somebody lives. `party` is normalised, or new.
std::vector<Warning> AddCard(const Card& card, Party& party);

}  // namespace motcua::people
