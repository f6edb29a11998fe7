// Goal: a person is found by whole words of a name in any order, with or without marks, those with
//       the same marks first, by a phone and by any number ever held.
// Method: for names and questions beside each other: whether the question's tokens are among the
//         name's, which is all that a store looks at, and how well they match.
#include "services/domain/people/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "services/base/text_fold.h"
#include "tests/support/sample_parties.h"

namespace motcua::people {
namespace {

Party Named(std::string name) {
  Party party;
  party.name = std::move(name);
  EXPECT_EQ(Normalise(party), OkStatus());
  return party;
}

// As a store finds: by the folded part of a token alone, then asked how well it matches.
Match Ask(const Party& party, const Query& query) {
  const std::vector<Token> tokens = TokensOf(party);
  const bool listed = std::any_of(query.tokens.begin(), query.tokens.end(), [&](const Token& one) {
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
      return token.kind == one.kind && token.folded == one.folded;
    });
  });
  return listed ? MatchOf(query, party) : Match::kNone;
}
Match Ask(const std::string& name, std::string_view question) {
  const auto query = QueryByName(question);
  EXPECT_TRUE(query.ok()) << question;
  return Ask(Named(name), *query);
}

TEST(Search, WholeWordsInAnyOrderWithAndWithoutMarks) {
  const std::string name = "Nguyễn Thị Ví Dụ";
  EXPECT_EQ(Ask(name, "Nguyễn Thị Ví Dụ"), Match::kSame);
  EXPECT_EQ(Ask(name, "  NGUYỄN THỊ VÍ DỤ"), Match::kSame);
  EXPECT_EQ(Ask(name, "Ví Dụ Nguyễn Thị"), Match::kMarks);
  EXPECT_EQ(Ask(name, "Dụ"), Match::kMarks);
  EXPECT_EQ(Ask(name, "thi nguyen du"), Match::kFolded);
  EXPECT_EQ(Ask(name, "nguyen du"), Match::kFolded);
  EXPECT_EQ(Ask(name, "Nguyên Dụ"), Match::kFolded);
  EXPECT_EQ(Ask(name, "nguyen d"), Match::kNone);
  EXPECT_EQ(Ask(name, "nguyen thi vi du nua"), Match::kNone);
}

TEST(Search, EveryChoiceOfWordsIsFoundHoweverLongTheName) {
  for (const std::string name : {"Ví", "Ví Dụ", "Lò Ví Dụ", "Lò Thị Ví Dụ", "Lò Thị Ví Dụ An",
                                 "Lò Thị Ví Dụ An Bình", "Lò Thị Ví Dụ An Bình Ca Đỗ"}) {
    const Party party = Named(name);
    std::vector<std::string> words;
    const std::string folded = FoldForSearch(name);
    for (std::size_t at = 0; at < folded.size();) {
      const std::size_t end = std::min(folded.find(' ', at), folded.size());
      words.push_back(folded.substr(at, end - at));
      at = end + 1;
    }
    for (std::size_t set = 1; set < std::size_t{1} << words.size(); ++set) {
      std::string question;
      for (std::size_t i = words.size(); i-- > 0;) {
        if ((set >> i & 1) != 0) question += words[i] + " ";
      }
      const auto query = QueryByName(question);
      ASSERT_TRUE(query.ok());
      EXPECT_NE(Ask(party, *query), Match::kNone) << name << " by " << question;
    }
  }
}

TEST(Search, MarksTellNamesApartButNotWhereTheToneStands) {
  EXPECT_EQ(Ask("Ví Lan", "Lan"), Match::kMarks);
  EXPECT_EQ(Ask("Ví Lân", "Lan"), Match::kFolded);
  EXPECT_EQ(Ask("Ví Làn", "Lăn"), Match::kFolded);
  EXPECT_EQ(Ask("Ví Hoà", "Hòa"), Match::kMarks);
  EXPECT_EQ(Ask("Đặng Ví", "dang"), Match::kFolded);
  EXPECT_EQ(Ask("Lan Lân Ví", "lan vi"), Match::kFolded);
}

TEST(Search, OtherNamesPhonesAndEveryNumberEverHeldFind) {
  const Party party = motcua::testing::SampleParty();
  EXPECT_EQ(Ask(party, *QueryByName("gia dinh")), Match::kFolded);
  EXPECT_EQ(Ask(party, *QueryByPhone("+84 900 000 001")), Match::kSame);
  EXPECT_EQ(Ask(party, *QueryByNumber("0000 8000 0001")), Match::kSame);
  EXPECT_EQ(Ask(party, *QueryByNumber("000000009")), Match::kSame);
  EXPECT_EQ(Ask(party, *QueryByNumber("000000008")), Match::kNone);
  EXPECT_EQ(Ask(party, QueryByPrincipal(party.authorisations[0].principal)), Match::kSame);
  EXPECT_EQ(Ask(party, QueryByPrincipal(party.id)), Match::kNone);
}

// What it costs a store: a row each.
TEST(Search, ANameOfFourWordsGivesFifteenTokens) {
  EXPECT_EQ(TokensOf(Named("Nguyễn Văn Ví Dụ")).size(), 15u);
  EXPECT_EQ(TokensOf(Named("Một Hai Ba Bốn Năm Sáu Bảy Tám Chín Mười A B C D E G")).size(),
            1u + 16u + 2u * 120u);
}

TEST(Search, AQuestionThatIsNoneIsRefusedByItsField) {
  EXPECT_EQ(QueryByName(" ").status().metadata().front().second, "name");
  EXPECT_EQ(QueryByName(std::string(300, 'a')).status().metadata().front().second, "name");
  EXPECT_EQ(QueryByPhone("1").status().metadata().front().second, "phone");
  EXPECT_EQ(QueryByNumber("không").status().metadata().front().second, "number");
}

}  // namespace
}  // namespace motcua::people
