// Goal: however alerts are spread over partitions, reading on from any position gives each exactly
// once, in the order of raising; tokens survive a round trip and nothing else is taken for one.
// Method: seeded random indices over several partitions, read in pages of every small size and
// compared with a sorted list; a table of texts that are no tokens.

#include "services/deadline/alert_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

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
    const Result<AlertPositions> behind = AlertPositions::Decode(all->alerts[i].behind.Encode());
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

TEST_F(AlertIndexTest, OpenOnlyLeavesOutWhatWasTakenNoteOf) {
  for (int i = 0; i < 4; ++i) {
    const AlertRow row = RowOf(i, Instant{i});
    Put(0, static_cast<engine::Offset>(i), row);
    cases::Dossier dossier;
    dossier.code = row.dossier;
    dossier.stage = cases::Stage::kProcessing;
    dossier.alerts.push_back({row.key, row.raised, i % 2 == 0});
    store_.rows()[engine::DossierKey(row.dossier)] = codec_.EncodeDossier(dossier);
  }
  AlertQuery query;
  query.open_only = true;
  query.alerts_max = 10;
  query.rows_max = 10;
  const Result<AlertBatch> batch = ReadAlerts(reader_, {}, query);
  ASSERT_TRUE(batch.ok());
  ASSERT_EQ(batch->alerts.size(), 2U);
  EXPECT_EQ(batch->alerts[0].row, RowOf(1, Instant{1}));
  EXPECT_FALSE(batch->more);
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
