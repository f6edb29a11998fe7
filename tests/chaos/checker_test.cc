// Goal: the account of a round can fail: every kind of broken promise is found.
// Method: books and a log made by hand, right at first, then each spoilt in one way.
#include "tests/chaos/checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/chaos/folds.h"

namespace motcua::chaos {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kUnit = "000.23.10.H49";
constexpr const char* kId = "01010101-0101-0101-0101-010101010101";

std::string CodeOf(int number) {
  std::string code(kUnit);
  code += "-201031-000";
  code += std::to_string(number);
  return code;
}

// The first event of the book: dossier `number`, by the request whose bytes are all `id`.
events::v1::CaseEvent Received(int number, char id) {
  events::v1::CaseEvent event;
  event.set_dossier(CodeOf(number));
  event.mutable_step()->set_version(1);
  event.mutable_book()->set_version(1);
  event.set_request_id(std::string(16, id));
  event.set_actor("officer:chaos");
  event.mutable_dossier_received()->set_register_year(2020);
  event.mutable_dossier_received()->set_register_number(static_cast<std::uint32_t>(number));
  return event;
}

Partition LogOf(const std::vector<events::v1::CaseEvent>& events) {
  Partition log = {{0, "motcua-log", "motcua-log-1"}};
  for (const auto& event : events) {
    log.push_back({static_cast<std::int64_t>(log.size()), kUnit, event.SerializeAsString()});
  }
  return log;
}

std::vector<std::string> FindingsOf(Fate fate, const Answer& answer, const Partition& partition) {
  Books books;
  Command& command =
      books.Open({.kind = "receive", .lane = "intake/0", .unit = kUnit, .ids = {kId}});
  if (fate == Fate::kAnswered) books.Settle(command, answer);
  if (fate == Fate::kRefused) books.Settle(command, Status(Reason::kStateForbids, "no"));
  LogModel log;
  log.Fold(partition);
  Verdict verdict;
  CheckBooks(books, log, verdict);
  return verdict.findings;
}

TEST(Checker, FindsNothingInARightAccount) {
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1}, LogOf({Received(1, 1)})), IsEmpty());
}

TEST(Checker, FindsWhatIsLostOrOtherwiseInTheLog) {
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1}, LogOf({})),
              Contains(HasSubstr("lost")));
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(2)}, 1}, LogOf({Received(1, 1)})),
              Contains(HasSubstr("the log says")));
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 2}, LogOf({Received(1, 1)})),
              Contains(HasSubstr("the log says")));
}

TEST(Checker, FindsWhatWasRefusedOrNeverAnsweredOrNeverSent) {
  EXPECT_THAT(FindingsOf(Fate::kRefused, {}, LogOf({Received(1, 1)})),
              Contains(HasSubstr("refused, but in the log")));
  EXPECT_THAT(FindingsOf(Fate::kOpen, {}, LogOf({Received(1, 1)})),
              Contains(HasSubstr("never answered")));
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1}, LogOf({Received(1, 2)})),
              Contains(HasSubstr("nobody sent it")));
}

TEST(Checker, FindsGapsInNumbersAndOffsetsAndForeignRecords) {
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(3)}, 1}, LogOf({Received(3, 1)})),
              Contains(HasSubstr("a gap")));
  Partition gap = LogOf({Received(1, 1)});
  gap.back().offset = 7;
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1}, gap), Contains(HasSubstr("offset 7")));
  Partition foreign = LogOf({Received(1, 1)});
  foreign.push_back({2, kUnit, "\xff"});
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1}, foreign),
              Contains(HasSubstr("no event")));
}

// A second event of the same request that names the right step of another dossier's history.
TEST(Checker, FindsWhatIsDoubled) {
  const Partition first = LogOf({Received(1, 1)});
  events::v1::CaseEvent again = Received(1, 1);
  again.set_dossier("000.52.10.H49-201031-0001");  // another book: nothing there remembers it
  Partition doubled = first;
  doubled.push_back({2, "000.52.10.H49", again.SerializeAsString()});
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1}, doubled),
              Contains(HasSubstr("doubled")));
}

// The same event twice, and a rival on an older tip, are ignored by every reader: no finding.
TEST(Checker, IgnoresDuplicatesAndRivals) {
  EXPECT_THAT(FindingsOf(Fate::kAnswered, {{CodeOf(1)}, 1},
                         LogOf({Received(1, 1), Received(1, 1), Received(2, 2)})),
              IsEmpty());
}

TEST(Checker, FindsRowsThatDiffer) {
  const FoldText one{{{"D1", "a"}, {"D2", "b"}}, 2, {}};
  EXPECT_THAT(Differences(one, one), IsEmpty());
  EXPECT_EQ(Differences(one, {{{"D1", "a"}, {"D2", "c"}}, 2, {}}).size(), 1U);
  EXPECT_EQ(Differences(one, {{{"D1", "a"}}, 1, {}}).size(), 1U);
  EXPECT_EQ(Differences({{{"D1", "a"}}, 1, {}}, one).size(), 1U);
}

}  // namespace
}  // namespace motcua::chaos
