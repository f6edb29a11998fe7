// Goal: what `motcua report verify` counts from the log is what reporting counts, by figures and by
//       who had each dossier's time, and a number that is wrong is named.
// Method: random histories through reporting's fold and through the recount, by every dimension and
//         both verdicts; random lives with routes, standstills and shipments, whose time and
//         lateness must be the same by both; a planted count in one cell.
#include "services/admin/recount.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/report.h"
#include "tests/simulation/world.h"
#include "tests/unit/reporting/histories.h"
#include "tests/unit/reporting/lives.h"

namespace motcua::admin {
namespace {

using reporting::Dimension;
using reporting::Folded;
using reporting::History;
using reporting::Offsets;
using reporting::StatusQuery;

Cells CellsOf(const reporting::StatusRow& row) {
  Cells cells;
  const auto add = [&](const std::string& name, std::int64_t count) {
    if (count != 0) cells[name] = count;
  };
  for (const reporting::ColumnRow& column : reporting::kColumnTable) {
    add(std::string(column.field), row[column.column]);
  }
  for (const reporting::GroupRow& group : reporting::kGroupTable) {
    add(std::string(group.total), row.total(group.group));
  }
  for (const auto definition : codes::CodeList<reporting::RateDefinition>::kValues) {
    const reporting::Rate rate = OnTimeRate(row, definition);
    add("rates." + std::string(Key(definition)) + ".part", rate.part);
    add("rates." + std::string(Key(definition)) + ".whole", rate.whole);
  }
  return cells;
}

Tables TablesOf(const Folded& folded, StatusQuery query) {
  Tables tables;
  for (const Dimension by : codes::CodeList<Dimension>::kValues) {
    query.by = by;
    auto& rows = tables[std::string(Key(by))];
    const reporting::StatusReport report = SumCells(folded.store(), query).value();
    for (const reporting::StatusRow& row : report.rows) rows[row.key] = CellsOf(row);
    rows[std::string(kSumRow)] = CellsOf(report.total);
  }
  return tables;
}

std::map<std::string, Cells> RowsOf(const reporting::LatenessReport& report) {
  std::map<std::string, Cells> rows;
  for (const reporting::LatenessRow& row : report.rows) {
    const Who who{Key(row.holder.part), row.holder.leg, row.holder.unit.value()};
    rows[NameOf(who)] = {{"dossiers", row.counts.dossiers},
                         {"time_micros", row.counts.time},
                         {"overdue_micros", row.counts.overdue}};
  }
  rows[std::string(kSumRow)] = {{"dossiers", report.all.dossiers},
                                {"returned", report.all.returned},
                                {"time_micros", report.all.time},
                                {"overdue_micros", report.all.overdue}};
  return rows;
}

Recount Recounted(const History& history) {
  Recount recount;
  for (const auto& [event, effective] : history) recount.Take(event, effective);
  return recount;
}

class Recounts : public testing::TestWithParam<Offsets> {};

TEST_P(Recounts, AreTheServicesCounts) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const History history = reporting::RandomHistory(seed, 80, GetParam());
    const Folded folded(history);
    const Recount recount = Recounted(history);
    std::mt19937_64 random(seed);
    for (int i = 0; i < 6; ++i) {
      StatusQuery query = reporting::RandomQuery(random);
      query.unit.reset();
      query.merge_withdrawn = false;
      const Tables counted = recount.Count(
          {query.from_date, query.to_date, query.verdict == reporting::Verdict::kInstant});
      ASSERT_THAT(Differences(counted, TablesOf(folded, query)), testing::IsEmpty());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Offsets, Recounts,
                         testing::Values(Offsets::kOne, Offsets::kPerDossier, Offsets::kWild));

// What random questions have met.
struct Met {
  std::size_t spells = 0;
  std::int64_t late = 0;
};

// Of each dossier who had its time, and the report of lateness, by both.
void ExpectSameTimes(const History& history, std::uint64_t seed, Met& met) {
  const Folded folded(history);
  const Recount recount = Recounted(history);
  std::size_t counted = 0;
  for (const auto& [code, dossier] : folded.dossiers()) {
    if (!reporting::Counts(dossier)) continue;
    ++counted;
    std::vector<Spell> told;
    for (const reporting::Stretch& stretch : reporting::TimeOf(dossier, recount.last())) {
      const reporting::Holder& holder = stretch.holder;
      told.push_back(
          {stretch.from, stretch.to, {Key(holder.part), holder.leg, holder.unit.value()}});
    }
    ASSERT_EQ(recount.SpellsOf(code, recount.last()), told) << code;
  }
  const Recount::Times times = recount.CheckTimes();
  EXPECT_EQ(times.dossiers, counted);
  EXPECT_THAT(times.wrong, testing::IsEmpty());
  met.spells += times.spells;

  std::mt19937_64 random(seed);
  for (int i = 0; i < 6; ++i) {
    StatusQuery query = reporting::RandomQuery(random);
    query.unit.reset();
    query.as_of.reset();
    if (i < 2) {  // all of it
      query.from_date = reporting::Date("2000-01-01");
      query.to_date = reporting::Date("2100-12-31");
    }
    const Tables log = {
        {"lateness", recount.CountLateness({query.from_date, query.to_date,
                                            query.verdict == reporting::Verdict::kInstant})}};
    const reporting::LatenessReport report = SumLateness(folded.store(), query).value();
    ASSERT_THAT(Differences(log, {{"lateness", RowsOf(report)}}), testing::IsEmpty());
    met.late += report.all.dossiers;
  }
}

TEST(Recount, DividesTimeOfAnyLifeAsReportingDoes) {
  Met met;
  for (std::uint64_t seed = 1; seed <= 30 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    ExpectSameTimes(reporting::RandomLives(seed, 120), seed, met);
  }
  EXPECT_GT(met.spells, 10'000U);
  EXPECT_GT(met.late, 1000);
}

TEST(Recount, DividesTimeOfRegistersAndOfCorrectedDossiersAsReportingDoes) {
  Met met;
  for (std::uint64_t seed = 1; seed <= 30 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    for (const Offsets offsets : {Offsets::kOne, Offsets::kWild}) {
      ExpectSameTimes(reporting::RandomHistory(seed, 80, offsets), seed, met);
    }
  }
  EXPECT_GT(met.late, 1000);
}

// Lawful lives, many with a route and mistakes on it that were taken back.
TEST(Recount, DividesTimeOfSimulatedLivesAsReportingDoes) {
  Met met;
  for (std::uint64_t seed = 1; seed <= 40 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    simulation::Options options = simulation::Options::DrawCorrections(seed);
    options.stranger = 0;
    simulation::World world(options, {});
    ASSERT_EQ(world.Run(), "");
    History history;
    for (const simulation::Accepted& accepted : world.history().accepted()) {
      if (accepted.event.dossier.empty()) continue;
      history.emplace_back(accepted.event, accepted.effective);
    }
    ExpectSameTimes(history, seed, met);
  }
  EXPECT_GT(met.spells, 1000U);
  EXPECT_GT(met.late, 100);
}

TEST(Recount, NamesTheCellThatDiffers) {
  const History history = reporting::RandomHistory(5, 100, Offsets::kOne);
  Folded folded(history);
  const Recount recount = Recounted(history);
  StatusQuery query;
  query.from_date = reporting::Date("2020-01-01");
  query.to_date = reporting::Date("2020-12-31");
  const Tables counted = recount.Count({query.from_date, query.to_date, false});
  Tables service = TablesOf(folded, query);
  EXPECT_THAT(Differences(counted, service), testing::IsEmpty());
  service["level"]["city"]["resolved.late"] += 1;
  const std::int64_t late = counted.at("level").at("city").at("resolved.late");
  EXPECT_THAT(Differences(counted, service),
              testing::ElementsAre("level / city / resolved.late: log " + std::to_string(late) +
                                   ", service " + std::to_string(late + 1)));
  service["level"]["city"]["resolved.late"] -= 1;
  service["channel"].erase("postal");
  EXPECT_THAT(Differences(counted, service), testing::Not(testing::IsEmpty()));
}

TEST(Recount, PeriodsThatFollowEachOtherBalanceAndOneThatDoesNotIsNamed) {
  const History history = reporting::RandomHistory(7, 200, Offsets::kOne);
  const Recount recount = Recounted(history);
  const auto day = [](const char* text) { return reporting::Date(text); };
  const Tables march = recount.Count({day("2020-03-01"), day("2020-03-31"), false});
  Tables april = recount.Count({day("2020-04-01"), day("2020-04-30"), false});
  EXPECT_THAT(Imbalances(march, nullptr), testing::IsEmpty());
  EXPECT_THAT(Imbalances(april, &march), testing::IsEmpty());
  april["level"]["city"]["received.carried_over"] += 1;
  EXPECT_THAT(Imbalances(april, &march),
              testing::ElementsAre(testing::HasSubstr("level / city: carried over")));
  april["level"]["city"]["received.total"] += 1;
  EXPECT_THAT(Imbalances(april, nullptr),
              testing::ElementsAre(testing::HasSubstr("level / city: received is not")));
}

}  // namespace
}  // namespace motcua::admin
