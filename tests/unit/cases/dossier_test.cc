// Goal: Apply is total, a service's fold holds the parts that it keeps and no others, and what is
// remembered of requests is bounded by a rule of the log.
// Method: random events in any order on any state; folds with and without each part compared.
#include "services/domain/cases/dossier.h"

#include <gtest/gtest.h>

#include "tests/support/sample_events.h"
#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

TEST(Apply, NeverRefusesWhateverComes) {
  testing::Random random(11);
  for (int life = 0; life < 300; ++life) {
    Dossier dossier;
    for (Version version = 1; version <= 40; ++version) {
      CaseEvent event = testing::RandomEvent(random);
      event.step.version = version;
      Apply(dossier, event, event.at.instant, Tip(version), {true, true, true});
      ASSERT_EQ(dossier.head.version, version);
      ASSERT_LE(dossier.requests.size(), kRequestsRememberedMax);
      ASSERT_LE(dossier.clock.pauses.size(), kPausesMax);
      ASSERT_FALSE(Print(dossier).empty());
    }
  }
}

TEST(Apply, LeavesPartsThatAreNotKeptAtTheirDefaults) {
  testing::Random random(12);
  for (int life = 0; life < 100; ++life) {
    Dossier whole;
    Dossier bare;
    for (Version version = 1; version <= 30; ++version) {
      CaseEvent event = testing::RandomEvent(random);
      event.step.version = version;
      Apply(whole, event, event.at.instant, Tip(version), {true, true, true});
      Apply(bare, event, event.at.instant, Tip(version), {});
    }
    EXPECT_EQ(bare.clock, Clock{});
    EXPECT_TRUE(bare.route.empty());
    EXPECT_EQ(bare.shipment, postal::Shipment{});
    whole.clock = {};
    whole.route = {};
    whole.shipment = {};
    whole.alerts.clear();
    EXPECT_EQ(bare, whole);
  }
}

TEST(Apply, CountsTheInstantOfTheFoldNotOfTheWriter) {
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  Dossier dossier = life.dossier();
  CaseEvent event;
  event.dossier = dossier.code;
  event.step = {2, dossier.head.tip};
  event.at = {dossier.received.instant - std::chrono::hours(1), UtcOffset{420}};
  event.payload = ResultRecorded{};
  const Instant effective = dossier.received.instant + std::chrono::hours(1);
  Apply(dossier, event, effective, Tip(2), {true, true, true});
  EXPECT_EQ(dossier.resolved->instant, effective);
}

TEST(Book, CountsRegisterNumbersByYearAndNeverBack) {
  Book book;
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  CaseEvent event = life.last();
  auto& received = std::get<DossierReceived>(event.payload);
  const auto apply = [&](std::int32_t year, std::uint32_t number) {
    received.register_year = year;
    received.register_number = number;
    event.book = Step{book.head.version + 1, book.head.tip};
    Apply(book, event, Tip(book.head.version + 1));
  };
  apply(2020, 5);
  EXPECT_EQ(book.LastOf(2020), 5U);
  apply(2021, 1);
  EXPECT_EQ(book.LastOf(2021), 1U);
  apply(2020, 9);  // late, of an older year
  EXPECT_EQ(book.LastOf(2020), 9U);
  EXPECT_EQ(book.LastOf(2021), 1U);
  apply(2020, 7);
  EXPECT_EQ(book.LastOf(2020), 9U);
  EXPECT_EQ(book.LastOf(2019), 0U);
}

TEST(Book, ForgetsItsOldestYearsWhenThereAreTooMany) {
  Book book;
  CaseEvent event;
  event.payload = DossierReceived{};
  auto& received = std::get<DossierReceived>(event.payload);
  for (std::int32_t year = 1900; year < 2100; ++year) {
    received.register_year = year;
    received.register_number = static_cast<std::uint32_t>(year);
    event.book = Step{book.head.version + 1, book.head.tip};
    Apply(book, event, Tip(1));
    ASSERT_LE(book.numbers.size(), kRegisterYearsMax);
  }
  EXPECT_EQ(book.LastOf(2099), 2099U);
  EXPECT_EQ(book.LastOf(2100 - static_cast<std::int32_t>(kRegisterYearsMax)), 2036U);
  EXPECT_EQ(book.LastOf(2099 - static_cast<std::int32_t>(kRegisterYearsMax)), 0U);
}

}  // namespace
}  // namespace motcua::cases
