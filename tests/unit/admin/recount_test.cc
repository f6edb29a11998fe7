// Goal: what `motcua report verify` counts from the log is what reporting counts, and a number that
//       is wrong is named.
// Method: random histories through reporting's fold and through the recount, by every dimension and
//         both verdicts; a planted count in one cell.
#include "services/admin/recount.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::admin {
namespace {

using reporting::Dimension;
using reporting::Folded;
using reporting::History;
using reporting::Offsets;
using reporting::StatusQuery;

Tables TablesOf(const Folded& folded, StatusQuery query) {
  Tables tables;
  for (const Dimension by : codes::CodeList<Dimension>::kValues) {
    query.by = by;
    auto& rows = tables[std::string(Key(by))];
    const reporting::StatusReport report = SumCells(folded.store(), query).value();
    for (const reporting::StatusRow& row : report.rows) {
      for (const reporting::ColumnRow& column : reporting::kColumnTable) {
        if (row[column.column] != 0) rows[row.key][std::string(column.field)] = row[column.column];
      }
    }
  }
  return tables;
}

class Recounts : public testing::TestWithParam<Offsets> {};

TEST_P(Recounts, AreTheServicesCounts) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const History history = reporting::RandomHistory(seed, 80, GetParam());
    const Folded folded(history);
    Recount recount;
    for (const auto& [event, effective] : history) recount.Take(event, effective);
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

TEST(Recount, NamesTheCellThatDiffers) {
  const History history = reporting::RandomHistory(5, 100, Offsets::kOne);
  Folded folded(history);
  Recount recount;
  for (const auto& [event, effective] : history) recount.Take(event, effective);
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

}  // namespace
}  // namespace motcua::admin
