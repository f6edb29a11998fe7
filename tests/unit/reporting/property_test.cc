// Goal: the day counters, the scan with Classify and an independent model never differ, whatever
//       histories and queries, and what the form promises of its columns holds.
// Method: seeded random histories; a failure prints its seed. The slow model replays events instead
//         of reading a folded state and compares days as text.
#include <gtest/gtest.h>

#include <array>

#include "services/base/bytes.h"
#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

void CheckIdentity(const StatusRow& row) {
  EXPECT_EQ(row.received_total(), row.resolved_total() + row.open_total()) << row.key;
  for (const std::int64_t count : row.counts) EXPECT_GE(count, 0) << row.key;
}

std::string OffsetsName(const testing::TestParamInfo<Offsets>& tested) {
  constexpr std::array<const char*, 3> kNames = {"One", "PerDossier", "Wild"};
  return kNames.at(static_cast<std::size_t>(tested.param));
}

class RandomHistories : public testing::TestWithParam<Offsets> {};

TEST_P(RandomHistories, CellsAreTheScanAndTheSlowModel) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const History history = RandomHistory(seed, 60, GetParam());
    const Folded folded(history);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 25; ++i) {
      const StatusQuery query = RandomQuery(random);
      SCOPED_TRACE(FormatDate(query.from_date) + ".." + FormatDate(query.to_date));
      const StatusReport cells = SumCells(folded.store(), query).value();
      ASSERT_EQ(Show(cells.rows), Show(ScanDossiers(folded.reader(), query).value().rows));
      ASSERT_EQ(Show(cells.rows), Show(testing_support::SlowReport(history, query)));
      for (const StatusRow& row : cells.rows) CheckIdentity(row);
      CheckIdentity(cells.total);
    }
  }
}

TEST_P(RandomHistories, ScansAtAnyInstantAreTheSlowModel) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const History history = RandomHistory(seed, 60, GetParam());
    const Folded folded(history);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 25; ++i) {
      StatusQuery query = RandomQuery(random);
      // Often the instant of an event, where seen and not seen part.
      const auto pick = static_cast<std::size_t>(random() % history.size());
      query.as_of = history[pick].second + Micros(static_cast<std::int64_t>(random() % 3) - 1);
      const StatusReport scan = ScanDossiers(folded.reader(), query).value();
      ASSERT_EQ(Show(scan.rows), Show(testing_support::SlowReport(history, query)));
      for (const StatusRow& row : scan.rows) CheckIdentity(row);
    }
  }
}

TEST_P(RandomHistories, CarriedOverIsWhatWasOpen) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const Folded folded(RandomHistory(seed, 60, GetParam()));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10; ++i) {
      const StatusQuery query = RandomQuery(random);
      StatusQuery next = query;
      next.from_date = query.to_date + 1;
      next.to_date = next.from_date + static_cast<int>(random() % 60);
      const StatusReport now = SumCells(folded.store(), query).value();
      const StatusReport then = SumCells(folded.store(), next).value();
      std::map<std::string, std::int64_t> open;
      for (const StatusRow& row : now.rows) {
        if (row.open_total() > 0) open[row.key] = row.open_total();
      }
      std::map<std::string, std::int64_t> carried;
      for (const StatusRow& row : then.rows) {
        if (row[Column::kCarriedOver] > 0) carried[row.key] = row[Column::kCarriedOver];
      }
      ASSERT_EQ(carried, open);
    }
  }
}

TEST_P(RandomHistories, RowsAddUpToTheSameTotalByEveryDimension) {
  const Folded folded(RandomHistory(7, 400, GetParam()));
  std::mt19937_64 random(7);
  for (int i = 0; i < 40; ++i) {
    StatusQuery query = RandomQuery(random);
    query.by = Dimension::kUnit;
    const StatusRow total = SumCells(folded.store(), query).value().total;
    for (const Dimension by : {Dimension::kField, Dimension::kProcedure, Dimension::kChannel}) {
      query.by = by;
      EXPECT_EQ(SumCells(folded.store(), query).value().total, total);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Offsets, RandomHistories,
                         testing::Values(Offsets::kOne, Offsets::kPerDossier, Offsets::kWild),
                         OffsetsName);

TEST(StatusReport, AsOfTheEndOfThePeriodIsTheDayAlignedReport) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const Folded folded(RandomHistory(seed, 80, Offsets::kOne));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 25; ++i) {
      StatusQuery query = RandomQuery(random);
      const StatusReport cells = SumCells(folded.store(), query).value();
      query.as_of = StartOfDay(query.to_date + 1, {420});
      ASSERT_EQ(Show(ScanDossiers(folded.reader(), query).value().rows), Show(cells.rows));
    }
  }
}

TEST(StatusReport, CellsAreGoneWhenTheirCountsAre) {
  // What one event adds and a later one takes back leaves no row behind.
  const Folded folded(RandomHistory(3, 300, Offsets::kPerDossier));
  for (const auto& [key, value] : folded.store().rows()) {
    if (key.starts_with("XC")) {
      EXPECT_NE(ReadLittleEndian(value), 0U);
    }
  }
}

}  // namespace
}  // namespace motcua::reporting
