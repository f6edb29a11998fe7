// How people are found: whole words of a name in any order, with or without their marks; a phone; a
// number ever held. A party gives tokens, a query asks for one. The tokens are plain text, so a
// store keeps a keyed hash of each.
//
// No part of a word is found. Each set of words that a name has is a token of its own, so a name of
// four words gives 15, and a query of any of them reads one list, however common each word is; of a
// name of more than kWholeWordsMax words, single words, pairs, and all of them together are, and a
// query of more than two reads the long names that have its first two.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/people/party.h"

namespace motcua::people {

inline constexpr std::size_t kWholeWordsMax = 5;
// A query's own limit; more words than a name may have.
inline constexpr std::size_t kQueryBytesMax = 256;

// Numbers are stored with keyed hashes: do not change.
enum class TokenKind : std::uint8_t {
  kName = 1,       // a set of words
  kLongName = 2,   // two words of a name of more than kWholeWordsMax
  kPhone = 3,      //
  kNumber = 4,     // of any kind
  kPrincipal = 5,  // for whom a party may act: the other's id
};

struct Token {
  TokenKind kind = TokenKind::kName;
  std::string folded;  // what is looked for
  std::string exact;   // the same words with their marks: these are found first
  friend bool operator==(const Token&, const Token&) = default;
  friend auto operator<=>(const Token&, const Token&) = default;
};

// Of a normalised party: each once, ascending.
std::vector<Token> TokensOf(const Party& party);

enum class FindBy : std::uint8_t { kName, kPhone, kNumber, kPrincipal };

struct Query {
  FindBy by = FindBy::kName;
  std::vector<Token> tokens;  // what is asked for is in the list of each, one after the other
  std::string folded;         // the whole question, folded
  std::string exact;          // and with its marks
};

// FIELD_INVALID naming the field ("name", "phone", "number") and the reason.
Result<Query> QueryByName(std::string_view text);
Result<Query> QueryByPhone(std::string_view text);
// 1 to 32 capitals, digits and - . /, of whatever kind.
Result<Query> QueryByNumber(std::string_view text);
Query QueryByPrincipal(const PartyId& principal);

// How well a party answers a query. kNone: it does not; a list of hashes may name it all the same.
enum class Match : std::uint8_t {
  kSame,    // name, marks and order of the words; a phone, a number
  kMarks,   // these words with these marks
  kFolded,  // these words
  kNone,
};
Match MatchOf(const Query& query, const Party& party);

}  // namespace motcua::people
