// Goal: however alerts are spread over partitions, reading on from any position gives each exactly
// once, in the order of raising; tokens survive a round trip and nothing else is taken for one.
// Method: seeded random indices over several partitions, read in pages of every small size and
// compared with a sorted list; a table of texts that are no tokens.

#include "services/deadline/alert_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "services/deadline/rules.h"
#include "services/wire/codec.h"
#include "tests/support/memory_store.h"
#include "tests/unit/services/service_test_support.h"

namespace motcua::deadline {
namespace {

using testing_support::Day;

// An index of its own with dossiers behind it.
class AlertIndexTest : public ::testing::Test {
 protected:
  void Put(engine::PartitionId partition, engine::Offset offset, const AlertRow& row) {
    store_.rows()[AlertRowKey(partition, offset)] = EncodeAlertRow(row);
  }
  static AlertRow RowOf(int number, Instant raised, const char* unit = "H49") {
    return {cases::DossierCode("H49-20260609-" + std::to_string(1'000'000 + number)),
            {cases::AlertKind::kOverdue, 0, Day(number).instant},
            raised,
            cases::UnitCode(unit)};
  }
  // Reads everything from `from` in pages; one letter code per alert is its dossier's number.
  std::vector<std::string> ReadAll(AlertPositions from, const AlertQuery& query) {
    std::vector<std::string> codes;
    bool more = true;
    for (int reads = 0; more; ++reads) {
      EXPECT_LT(reads, 10'000) << "a read does not advance";
      if (reads >= 10'000) break;
      const Result<AlertBatch> batch = ReadAlerts(reader_, from, query);
      EXPECT_TRUE(batch.ok());
      EXPECT_LE(batch->alerts.size(), query.alerts_max);
      for (const FoundAlert& alert : batch->alerts) codes.push_back(alert.row.dossier.value());
      from = batch->next;
      more = batch->more;
    }
    return codes;
  }

  testing_support::MemoryStore store_;
  wire::WireCodec codec_;
  engine::StateReader reader_{store_, codec_};
};

TEST_F(AlertIndexTest, EveryPageSizeGivesEveryAlertOnceInTheOrderOfRaising) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    std::mt19937 random(seed);
    store_.rows().clear();
    struct Placed {
      Instant raised;
      engine::PartitionId partition;
      engine::Offset offset;
      std::string code;
    };
    std::vector<Placed> model;
    std::vector<engine::Offset> next(5, 0);
    std::vector<Instant> last(5);
    for (int i = 0; i < 60; ++i) {
      const auto partition = static_cast<engine::PartitionId>(random() % 5);
      next[partition] += 1 + random() % 3;
      last[partition] = last[partition] + Micros(random() % 4);
      const AlertRow row = RowOf(i, last[partition]);
      Put(partition, next[partition], row);
      model.push_back({row.raised, partition, next[partition], row.dossier.value()});
    }
    std::sort(model.begin(), model.end(), [](const Placed& a, const Placed& b) {
      return std::tie(a.raised, a.partition, a.offset) < std::tie(b.raised, b.partition, b.offset);
    });
    std::vector<std::string> expected;
    expected.reserve(model.size());
    for (const Placed& placed : model) expected.push_back(placed.code);
    for (std::size_t page = 1; page <= 9; ++page) {
      for (const std::size_t rows : {std::size_t{1}, std::size_t{3}, std::size_t{100}}) {
        AlertQuery query;
        query.alerts_max = page;
        query.rows_max = rows;
        EXPECT_EQ(ReadAll({}, query), expected) << page << " per page, " << rows << " rows";
      }
    }
  }
}

TEST_F(AlertIndexTest, AnAlertsOwnTokenLeadsBehindIt) {
  for (int i = 0; i < 10; ++i) {
    Put(static_cast<engine::PartitionId>(i % 3), static_cast<engine::Offset>(i),
        RowOf(i, Instant{i}));
  }
  AlertQuery query;
  query.alerts_max = 100;
  query.rows_max = 100;
  const Result<AlertBatch> all = ReadAlerts(reader_, {}, query);
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->alerts.size(), 10U);
  for (std::size_t i = 0; i < all->alerts.size(); ++i) {
    const Result<AlertPositions> behind =
        AlertPositions::Decode(all->alerts[i].resume_from.Encode());
    ASSERT_TRUE(behind.ok());
    EXPECT_EQ(ReadAll(*behind, query).size(), 9 - i);
  }
}

TEST_F(AlertIndexTest, AFilterSkipsWithoutStopping) {
  for (int i = 0; i < 300; ++i) {
    Put(0, static_cast<engine::Offset>(i), RowOf(i, Instant{i}, i % 100 == 99 ? "H50" : "H49"));
  }
  AlertQuery query;
  query.unit = cases::UnitCode("H50");
  query.alerts_max = 2;
  query.rows_max = 10;
  EXPECT_EQ(ReadAll({}, query).size(), 3U);
}

// A dossier in hand, with one alert that the rules have put into the index.
cases::Dossier Raise(const AlertRow& row, engine::PartitionId partition, engine::Offset offset,
                     engine::IndexSink& sink) {
  cases::Dossier before;
  before.code = row.dossier;
  before.stage = cases::Stage::kProcessing;
  cases::Dossier after = before;
  after.alerts.push_back({row.key, row.raised, false});
  cases::CaseEvent event;
  event.payload = cases::AlertRaised{row.key};
  DeadlineRules().Index({partition, offset, row.raised}, &before, after, event, sink);
  return after;
}

cases::Dossier Acknowledge(const cases::Dossier& before, engine::PartitionId partition,
                           engine::IndexSink& sink) {
  cases::Dossier after = before;
  after.alerts.back().acknowledged = true;
  cases::CaseEvent event;
  event.payload = cases::AlertAcknowledged{after.alerts.back().key};
  DeadlineRules().Index({partition, 0, {}}, &before, after, event, sink);
  return after;
}

// Faults, T2: after 300,000 acknowledged alerts the list of open ones was thousands of empty pages.
TEST_F(AlertIndexTest, T2_TheOpenAlertsAreOnePageHoweverManyWereTakenNoteOf) {
  constexpr int kAcknowledged = 300'000;
  testing_support::MemoryIndex sink(store_);
  for (int i = 0; i < kAcknowledged; ++i) {
    const auto partition = static_cast<engine::PartitionId>(i % 4);
    const auto offset = static_cast<engine::Offset>(2 * i);
    const cases::Dossier raised = Raise(RowOf(i % 1000, Instant{i}), partition, offset, sink);
    if (i % 100'000 != 50'000) Acknowledge(raised, partition, sink);
  }
  const std::uint64_t before = store_.rows_read();
  const Result<OpenAlerts> page =
      ReadOpenAlerts(reader_, "", {.unit = {}, .alerts_max = 50, .rows_max = 10'000});
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->alerts.size(), 3U);
  EXPECT_EQ(page->alerts[0].row.raised, Instant{50'000});
  EXPECT_EQ(page->next, "");
  EXPECT_LE(store_.rows_read() - before, 20U);
  EXPECT_EQ(page->alerts[0].resume_from, *EndOfAlerts(reader_))
      << "a watcher that goes on misses nothing";
}

TEST_F(AlertIndexTest, AnAlertIsOpenUntilSomebodyTakesNoteOfItOrTheCaseIsNotInHand) {
  testing_support::MemoryIndex sink(store_);
  const AlertQuery query{.unit = {}, .alerts_max = 10, .rows_max = 10};
  const auto open = [&] { return ReadOpenAlerts(reader_, "", query)->alerts.size(); };
  const cases::Dossier first = Raise(RowOf(1, Instant{1}), 0, 1, sink);
  const cases::Dossier second = Raise(RowOf(2, Instant{2}), 0, 2, sink);
  EXPECT_EQ(open(), 2U);
  Acknowledge(first, 0, sink);
  EXPECT_EQ(open(), 1U);
  cases::Dossier after = second;
  cases::CaseEvent event;
  event.payload = cases::ResultRecorded{};
  const auto now = [&] { DeadlineRules().Index({0, 9, {}}, &second, after, event, sink); };
  after.stage = cases::Stage::kSupplement;
  now();
  EXPECT_EQ(open(), 1U) << "a clock that stands does not undo that it was late";
  after.stage = cases::Stage::kResultReady;
  now();
  EXPECT_EQ(open(), 0U);
  Raise(RowOf(2, Instant{2}), 0, 2, sink);
  after = second;
  after.alerts.clear();  // forgotten for want of room (cases::kAlertsMax)
  now();
  EXPECT_EQ(open(), 0U);
}

TEST_F(AlertIndexTest, EveryPageOfOpenAlertsGivesEachOnceInTheOrderOfRaising) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    std::mt19937 random(seed);
    store_.rows().clear();
    testing_support::MemoryIndex sink(store_);
    std::vector<std::tuple<Instant, engine::PartitionId, std::string>> model;
    for (int i = 0; i < 60; ++i) {
      const auto partition = static_cast<engine::PartitionId>(random() % 5);
      AlertRow row = RowOf(i, Instant{static_cast<std::int64_t>(random() % 12) - 4});
      row.key.due = Instant{5};
      Raise(row, partition, static_cast<engine::Offset>(i), sink);
      model.emplace_back(row.raised, partition, row.dossier.value());
    }
    std::sort(model.begin(), model.end());
    std::vector<std::string> expected;
    for (const auto& [raised, partition, code] : model) expected.push_back(code);
    for (std::size_t size = 1; size <= 9; ++size) {
      for (const std::size_t rows : {std::size_t{1}, std::size_t{3}, std::size_t{100}}) {
        std::vector<std::string> codes;
        std::string from;
        do {
          const Result<OpenAlerts> page =
              ReadOpenAlerts(reader_, from, {.unit = {}, .alerts_max = size, .rows_max = rows});
          ASSERT_TRUE(page.ok());
          ASSERT_LE(page->alerts.size(), size);
          ASSERT_NE(page->next, from.empty() ? "-" : from) << "a page that does not advance";
          for (const FoundAlert& alert : page->alerts) codes.push_back(alert.row.dossier.value());
          from = page->next;
        } while (!from.empty());
        EXPECT_EQ(codes, expected) << size << " per page, " << rows << " rows";
      }
    }
  }
}

TEST_F(AlertIndexTest, OpenAlertsOfAUnitAndPositionsThatAreNone) {
  testing_support::MemoryIndex sink(store_);
  for (int i = 0; i < 30; ++i) Raise(RowOf(i, Instant{i}), 0, static_cast<engine::Offset>(i), sink);
  AlertQuery query{.unit = cases::UnitCode("H50"), .alerts_max = 3, .rows_max = 10};
  const Result<OpenAlerts> none = ReadOpenAlerts(reader_, "", query);
  EXPECT_TRUE(none->alerts.empty());
  EXPECT_NE(none->next, "") << "there are rows that it has not looked at";
  query.unit = cases::UnitCode("H49");
  EXPECT_EQ(ReadOpenAlerts(reader_, none->next, query)->alerts.front().row.raised, Instant{10});
  for (const char* bad : {"~", "0", "0~", "0~0", "0~zz", "x~00000000000000000000", "~00"}) {
    EXPECT_EQ(ReadOpenAlerts(reader_, bad, query).status().reason(), Reason::kFieldInvalid) << bad;
  }
  store_.rows()[std::string("XO\0\0x", 5)] = "";
  EXPECT_EQ(ReadOpenAlerts(reader_, "", query).status().reason(), Reason::kStoreDamaged);
}

TEST_F(AlertIndexTest, TheEndIsBehindTheLastAlertOfEachPartition) {
  EXPECT_EQ(EndOfAlerts(reader_)->Encode(), "0");
  Put(0, 7, RowOf(1, Instant{1}));
  Put(65'535, 0xFFFF'FFFF'FFFFU, RowOf(2, Instant{2}));
  const Result<AlertPositions> end = EndOfAlerts(reader_);
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end->Encode(), "0.8-ffff.1000000000000");
  AlertQuery query;
  query.alerts_max = 10;
  query.rows_max = 10;
  EXPECT_TRUE(ReadAll(*end, query).empty());
  EXPECT_EQ(ReadAll({}, query).size(), 2U);
}

TEST_F(AlertIndexTest, ADamagedRowIsSaidSo) {
  Put(0, 1, RowOf(1, Instant{1}));
  store_.rows()[AlertRowKey(0, 1)].resize(10);
  AlertQuery query;
  query.alerts_max = 1;
  query.rows_max = 1;
  EXPECT_EQ(ReadAlerts(reader_, {}, query).status().reason(), Reason::kStoreDamaged);
}

TEST(AlertPositions, TokensComeBackAndNothingElseIsTaken) {
  AlertPositions positions;
  positions.Set(0, 12);
  positions.Set(3, 0xABCDEF);
  positions.Set(65'535, 0);
  const std::string token = positions.Encode();
  EXPECT_EQ(token, "0.c-3.abcdef-ffff.0");
  const Result<AlertPositions> decoded = AlertPositions::Decode(token);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, positions);
  EXPECT_EQ(*AlertPositions::Decode("0"), AlertPositions());
  for (const char* bad : {"", "-", ".", "0.", ".0", "0.1-", "-0.1", "x.1", "0.g", "0.1 ", "00000.1",
                          "0.12345678901234567", "A.1", "0.1.2-", "é"}) {
    const Result<AlertPositions> refused = AlertPositions::Decode(bad);
    EXPECT_EQ(refused.status().reason(), Reason::kFieldInvalid) << bad;
  }
}

}  // namespace
}  // namespace motcua::deadline
