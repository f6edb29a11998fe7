// Goal: the day counters, the scan with Classify and an independent model never differ, whatever
//       histories and queries, and what the form promises of its columns holds.
// Method: seeded random histories; a failure prints its seed. The slow model replays events instead
//         of reading a folded state and compares days as text.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <utility>

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
    for (const Dimension by : {Dimension::kField, Dimension::kProcedure, Dimension::kChannel,
                               Dimension::kLevel, Dimension::kInterconnection}) {
      query.by = by;
      EXPECT_EQ(SumCells(folded.store(), query).value().total, total);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Offsets, RandomHistories,
                         testing::Values(Offsets::kOne, Offsets::kPerDossier, Offsets::kWild),
                         OffsetsName);

// Without the events of which `skip` is true.
template <typename Skip>
History Without(History history, const Skip& skip) {
  std::erase_if(history, skip);
  return history;
}

TEST(StatusReport, AsOfTheEndOfThePeriodIsTheDayAlignedReport) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    // A report of a period knows corrections that were made after it; one as of its end does not.
    const Folded folded(Without(RandomHistory(seed, 80, Offsets::kOne), [](const auto& line) {
      return HoldsLeaf<cases::EventTakenBack>(line.first.payload);
    }));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 25; ++i) {
      StatusQuery query = RandomQuery(random);
      const StatusReport cells = SumCells(folded.store(), query).value();
      query.as_of = StartOfDay(query.to_date + 1, {420});
      ASSERT_EQ(Show(ScanDossiers(folded.reader(), query).value().rows), Show(cells.rows));
    }
  }
}

// What came later is not in it, and no mistake that was taken back later is out of it.
TEST(StatusReport, AsOfAnEveningIsWhatAReportMadeThatEveningSaid) {
  std::size_t later_corrections = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    History history = RandomHistory(seed, 80, Offsets::kOne);
    // A register tells of days before its import, which nobody knew here that evening.
    std::set<std::string> imported;
    for (const auto& [event, effective] : history) {
      if (HoldsLeaf<cases::DossierImported>(event.payload)) imported.insert(event.dossier.value());
    }
    history = Without(std::move(history), [&](const auto& line) {
      return imported.contains(line.first.dossier.value());
    });
    const Folded folded(history);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10; ++i) {
      StatusQuery query = RandomQuery(random);
      const Instant evening = StartOfDay(query.to_date + 1, {420});
      const auto is_later = [&](const auto& line) { return line.second >= evening; };
      const Folded then(Without(history, is_later));
      for (const auto& line : history) {
        later_corrections +=
            is_later(line) && HoldsLeaf<cases::EventTakenBack>(line.first.payload) ? 1U : 0U;
      }
      const std::string said = Show(SumCells(then.store(), query).value().rows);
      query.as_of = evening;
      const std::string shown = Show(ScanDossiers(folded.reader(), query).value().rows);
      ASSERT_EQ(shown, said);
      ASSERT_EQ(Show(ScanDossiers(folded.reader(), query).value().rows), shown)
          << "the second time";
    }
  }
  EXPECT_GT(later_corrections, 100U);
}

// Biểu II.06a of each month: (3) = (7) + (11), and (6) of the next month = (11) of this.
TEST(StatusReport, EachMonthTakesOverWhatTheOneBeforeLeftOpen) {
  constexpr std::array kDimensions = {Dimension::kUnit,    Dimension::kField,
                                      Dimension::kChannel, Dimension::kProcedure,
                                      Dimension::kLevel,   Dimension::kInterconnection};
  const Folded folded(RandomHistory(11, 600, Offsets::kOne));
  for (const Dimension by : kDimensions) {
    std::map<std::string, std::int64_t> open;
    StatusQuery query;
    query.by = by;
    query.from_date = Date("1900-01-01");
    for (int month = 1; month <= 12; ++month) {
      query.to_date = MakeDate(2020, month, DaysInMonth(2020, month));
      std::map<std::string, std::int64_t> left;
      const StatusReport report = SumCells(folded.store(), query).value();
      for (const StatusRow& row : report.rows) {
        EXPECT_EQ(row.received_total(), row.resolved_total() + row.open_total()) << row.key;
        if (month > 1) {
          EXPECT_EQ(row[Column::kCarriedOver], open[row.key]) << row.key;
        }
        open.erase(row.key);
        if (row.open_total() != 0) left[row.key] = row.open_total();
      }
      for (const auto& [key, dossiers] : open) EXPECT_EQ(dossiers, 0) << key << " is gone";
      open = std::move(left);
      query.from_date = query.to_date + 1;
    }
  }
}

TEST(StatusReport, CellsAreGoneWhenTheirCountsAre) {
  // What one event adds and a later one takes back leaves no row behind.
  const Folded folded(RandomHistory(3, 300, Offsets::kPerDossier));
  for (const auto& [key, value] : folded.store().rows()) {
    if (key.starts_with("XC") || key.starts_with("XA")) {
      EXPECT_NE(ReadLittleEndian(value), 0U);
    }
  }
}

}  // namespace
}  // namespace motcua::reporting
