#include "services/domain/people/search.h"

#include <algorithm>
#include <utility>

#include "services/base/text.h"
#include "services/base/text_fold.h"

namespace motcua::people {
namespace {

struct Word {
  std::string folded;
  std::string exact;
  friend bool operator==(const Word&, const Word&) = default;
  friend auto operator<=>(const Word&, const Word&) = default;
};

// The words of a name, each once, ascending. Hyphens and apostrophes part none: H'Hen is a word.
std::vector<Word> WordsOf(std::string_view name) {
  std::vector<Word> words;
  const std::string folded = FoldForSearch(name);
  const std::string exact = ToneLast(name);
  const auto of_folded = SplitText(folded, ' ');
  const auto of_exact = SplitText(exact, ' ');
  for (std::size_t i = 0; i < of_folded.size() && i < of_exact.size(); ++i) {
    if (of_folded[i].empty()) continue;
    words.push_back({std::string(of_folded[i]), std::string(of_exact[i])});
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

void Join(std::string& text, std::string_view word) {
  if (!text.empty()) text += ' ';
  text += word;
}

Token TokenOf(TokenKind kind, const std::vector<Word>& words) {
  Token token{kind, {}, {}};
  for (const Word& word : words) {
    Join(token.folded, word.folded);
    Join(token.exact, word.exact);
  }
  return token;
}

void AddName(std::string_view name, std::vector<Token>& tokens) {
  const std::vector<Word> words = WordsOf(name);
  const auto add = [&](TokenKind kind, const std::vector<Word>& some) {
    tokens.push_back(TokenOf(kind, some));
  };
  if (words.size() <= kWholeWordsMax) {
    for (std::size_t set = 1; set < std::size_t{1} << words.size(); ++set) {
      std::vector<Word> some;
      for (std::size_t i = 0; i < words.size(); ++i) {
        if ((set >> i & 1) != 0) some.push_back(words[i]);
      }
      add(TokenKind::kName, some);
    }
    return;
  }
  add(TokenKind::kName, words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    add(TokenKind::kName, {words[i]});
    for (std::size_t k = i + 1; k < words.size(); ++k) {
      add(TokenKind::kName, {words[i], words[k]});
      add(TokenKind::kLongName, {words[i], words[k]});
    }
  }
}

Token Plain(TokenKind kind, const std::string& text) { return {kind, text, text}; }

std::vector<std::string> FoldedWords(const std::vector<Word>& words) {
  std::vector<std::string> folded;
  for (const Word& word : words) folded.push_back(word.folded);
  return folded;
}

// Whether all of `some` are among `all`; both ascend.
template <typename T>
bool Includes(const std::vector<T>& all, const std::vector<T>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

Match MatchName(const Query& query, std::string_view name) {
  if (ToneLast(name) == query.exact) return Match::kSame;
  const std::vector<Word> asked = WordsOf(query.exact);
  const std::vector<Word> has = WordsOf(name);
  if (Includes(has, asked)) return Match::kMarks;
  return Includes(FoldedWords(has), FoldedWords(asked)) ? Match::kFolded : Match::kNone;
}

Status AtField(std::string_view field, const Status& status) {
  std::string_view what = status.message();
  if (const std::size_t colon = what.find(": "); colon != std::string_view::npos) {
    what.remove_prefix(colon + 2);
  }
  return FieldError(field, what);
}

}  // namespace

std::vector<Token> TokensOf(const Party& party) {
  std::vector<Token> tokens;
  AddName(party.name, tokens);
  for (const std::string& name : party.other_names) AddName(name, tokens);
  for (const std::string& phone : party.phones) tokens.push_back(Plain(TokenKind::kPhone, phone));
  for (const Number& number : party.numbers) {
    tokens.push_back(Plain(TokenKind::kNumber, number.text));
  }
  for (const Authorisation& authorisation : party.authorisations) {
    tokens.push_back(Plain(TokenKind::kPrincipal, FormatPartyId(authorisation.principal)));
  }
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

Result<Query> QueryByName(std::string_view text) {
  if (text.size() > kQueryBytesMax) return FieldError("name", "has more than 256 bytes");
  const auto name = NormaliseName(text);
  if (!name.ok()) return AtField("name", name.status());
  const std::vector<Word> words = WordsOf(*name);
  if (words.empty()) return FieldError("name", "has no word");
  Query query{FindBy::kName, {}, FoldForSearch(*name), ToneLast(*name)};
  query.tokens.push_back(TokenOf(TokenKind::kName, words));
  if (words.size() > 2) {
    query.tokens.push_back(TokenOf(TokenKind::kLongName, {words[0], words[1]}));
  }
  return query;
}

Result<Query> QueryByPhone(std::string_view text) {
  const auto phone = NormalisePhone(text);
  if (!phone.ok()) return AtField("phone", phone.status());
  return Query{FindBy::kPhone, {Plain(TokenKind::kPhone, *phone)}, *phone, *phone};
}

Result<Query> QueryByNumber(std::string_view text) {
  const auto number = NormaliseNumber(NumberKind::kOther, text);
  if (!number.ok()) return AtField("number", number.status());
  return Query{FindBy::kNumber, {Plain(TokenKind::kNumber, *number)}, *number, *number};
}

Query QueryByPrincipal(const PartyId& principal) {
  const std::string id = FormatPartyId(principal);
  return Query{FindBy::kPrincipal, {Plain(TokenKind::kPrincipal, id)}, id, id};
}

Match MatchOf(const Query& query, const Party& party) {
  const auto any = [&](const auto& list, const auto& text_of) {
    return std::any_of(list.begin(), list.end(),
                       [&](const auto& one) { return text_of(one) == query.exact; })
               ? Match::kSame
               : Match::kNone;
  };
  switch (query.by) {
    case FindBy::kName: {
      Match best = MatchName(query, party.name);
      for (const std::string& name : party.other_names) {
        best = std::min(best, MatchName(query, name));
      }
      return best;
    }
    case FindBy::kPhone:
      return any(party.phones, [](const std::string& phone) { return phone; });
    case FindBy::kNumber:
      return any(party.numbers, [](const Number& number) { return number.text; });
    case FindBy::kPrincipal:
      return any(party.authorisations,
                 [](const Authorisation& one) { return FormatPartyId(one.principal); });
  }
  return Match::kNone;
}

}  // namespace motcua::people
