// Goal: each moment of a dossier, from the receipt to the citizen's hands, is one party's, and the
//       report of lateness adds up to the whole, to the microsecond.
// Method: a life written by hand whose parts can be read off; random lives with routes, standstills
//         and shipments, of which counters, scan and a plain sum over dossiers must agree.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "services/domain/reporting/lateness.h"
#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"
#include "tests/unit/reporting/lives.h"

namespace motcua::reporting {
namespace {

constexpr const char* kCode = "H49.1-200301-0001";
constexpr Instant kFarFuture{4'000'000'000'000'000};

// "receiving H49.1 48h", one line each.
std::string Show(const std::vector<Stretch>& stretches) {
  constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
  std::string text;
  for (const Stretch& stretch : stretches) {
    text += std::string(Key(stretch.holder.part));
    if (stretch.holder.leg != 0) text += " " + std::to_string(stretch.holder.leg);
    if (!stretch.holder.unit.value().empty()) text += " " + stretch.holder.unit.value();
    text +=
        " " + std::to_string((stretch.to.micros - stretch.from.micros) / kMicrosPerHour) + "h\n";
  }
  return text;
}

TEST(TimeOf, FollowsTheRouteTheStandstillsAndThePost) {
  History history;
  Story story(kCode, history);
  cases::DossierReceived received = Received(At("2020-03-10T17:00:00+07:00"));
  received.return_mode = cases::ReturnMode::kPostal;
  // Two agencies side by side, and one that joins them.
  received.legs = {PlannedLeg("A", 1, true), PlannedLeg("B", 1), PlannedLeg("C", 2)};
  const ZonedTime resumed = At("2020-03-03T18:00:00+07:00");
  story.Add("2020-03-02T08:00:00+07:00", std::move(received))
      .Add("2020-03-02T10:00:00+07:00", cases::HandOverSent{1, {}})
      .Add("2020-03-02T11:00:00+07:00", cases::HandOverSent{2, {}})
      .Add("2020-03-02T12:00:00+07:00", cases::HandOverAcknowledged{1, {}})
      .Add("2020-03-02T13:00:00+07:00", cases::HandOverAcknowledged{2, {}})
      .Add("2020-03-03T08:00:00+07:00", cases::ClockPaused{cases::PauseReason::kFinancialDuty})
      .Add(resumed, Resumed(resumed, At("2020-03-12T17:00:00+07:00")))
      .Add("2020-03-04T08:00:00+07:00", cases::LegCompleted{1})
      .Add("2020-03-05T08:00:00+07:00", cases::LegCompleted{2})
      .Add("2020-03-05T09:00:00+07:00", cases::HandOverSent{3, {}})
      .Add("2020-03-16T09:00:00+07:00", cases::LegCompleted{3})
      .Add("2020-03-16T10:00:00+07:00", cases::ResultRecorded{})
      .Add("2020-03-16T10:00:00+07:00", cases::ShipmentRegistered{})
      .Add("2020-03-16T16:00:00+07:00", cases::ShipmentHandedOver{})
      .Add("2020-03-18T16:00:00+07:00", cases::ShipmentReturned{})
      .Add("2020-03-20T08:00:00+07:00", cases::DossierClosed{});
  const Folded folded(history);
  const cases::Dossier& dossier = folded.dossiers().begin()->second;
  EXPECT_EQ(Show(TimeOf(dossier, kFarFuture)),
            "receiving H49.1 3h\n"  // until the leg is sent that the join waits for, B
            "leg 2 B 21h\n"         // A is done sooner
            "financial_duty 10h\n"  //
            "leg 2 B 38h\n"         //
            "leg 1 A 1h\n"          // the lead hands over to the join
            "leg 3 C 264h\n"        //
            "receiving H49.1 1h\n"  //
            "dispatch H49.1 6h\n"   //
            "carrier 48h\n"         //
            "uncollected 40h\n");
  EXPECT_EQ(Show(TimeOf(dossier, At("2020-03-03T10:00:00+07:00").instant)),
            "receiving H49.1 3h\nleg 2 B 21h\nfinancial_duty 2h\n");

  StatusQuery query;
  query.from_date = Date("2020-03-01");
  query.to_date = Date("2020-03-31");
  const LatenessReport report = SumLateness(folded.store(), query).value();
  EXPECT_EQ(report.all.dossiers, 1);
  EXPECT_EQ(report.all.returned, 1);
  for (const LatenessRow& row : report.rows) {
    EXPECT_EQ(row.counts.dossiers, row.holder.unit.value() == "C" ? 1 : 0)
        << "it got late where it was on the evening of 12 March";
  }
  // Before it was in the citizen's hands only the way to the result is told.
  query.to_date = Date("2020-03-17");
  const LatenessReport sooner = SumLateness(folded.store(), query).value();
  EXPECT_EQ(sooner.all.returned, 0);
  EXPECT_EQ(sooner.all.overdue, report.all.overdue);
  EXPECT_EQ(report.all.time - sooner.all.time, Micros(std::chrono::hours(94)).count());
}

TEST(TimeOf, AddsUpToTheWholeOfAnyLife) {
  std::map<TimePart, std::int64_t> met;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Folded folded(RandomLives(seed, 200));
    std::mt19937_64 random(seed);
    for (const auto& [code, dossier] : folded.dossiers()) {
      SCOPED_TRACE(code);
      const Instant until = dossier.received.instant +
                            Micros(static_cast<std::int64_t>(random() % 9'000'000'000'000));
      Instant at = dossier.received.instant;
      for (const Stretch& stretch : TimeOf(dossier, until)) {
        ASSERT_EQ(stretch.from, at);
        ASSERT_LT(stretch.from, stretch.to);
        at = stretch.to;
        met[stretch.holder.part] += 1;
        // An agency's time has a unit, and nobody else's.
        ASSERT_EQ(PartyOf(stretch.holder.part) == Party::kAgency,
                  !stretch.holder.unit.value().empty());
      }
      const std::optional<ZonedTime> end =
          dossier.outcome == cases::Outcome::kWithdrawn ? dossier.resolved : dossier.closed;
      ASSERT_EQ(at, end ? std::min(end->instant, until) : until);
    }
  }
  for (const TimePart part : codes::CodeList<TimePart>::kValues) {
    EXPECT_GT(met[part], 0) << Name(part) << " was never met";
  }
}

TEST(Lateness, CountersAreTheScanAndTheRowsAddUp) {
  std::int64_t late = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    const Folded folded(RandomLives(seed, 150));
    std::mt19937_64 random(seed);
    for (int i = 0; i < 10; ++i) {
      StatusQuery query = RandomQuery(random);
      const LatenessReport report = SumLateness(folded.store(), query).value();
      ASSERT_EQ(report, ScanLateness(folded.reader(), query).value());
      LateCounts sum;
      for (const LatenessRow& row : report.rows) sum.Add(row.counts);
      sum.returned = report.all.returned;
      ASSERT_EQ(sum, report.all);
      query.by = Dimension::kUnit;
      const StatusReport table = SumCells(folded.store(), query).value();
      ASSERT_EQ(report.all.dossiers, table.total[Column::kResolvedLate]);
      late += report.all.dossiers;
    }
  }
  EXPECT_GT(late, 1000);
}

TEST(ListDossiers, AsManyGotLateSomewhereAsTheReportOfLatenessCountsThere) {
  std::size_t listed = 0;
  const Folded folded(RandomLives(3, 300));
  std::mt19937_64 random(3);
  for (int i = 0; i < 20; ++i) {
    ListQuery query;
    query.status = RandomQuery(random);
    query.page_size = kListPageMax;
    if (i % 2 != 0) query.status.as_of = StartOfDay(query.status.to_date + 5, {420});
    const LatenessReport report = i % 2 == 0 ? SumLateness(folded.store(), query.status).value()
                                             : ScanLateness(folded.reader(), query.status).value();
    std::map<TimePart, std::size_t> by_part;
    for (const LatenessRow& row : report.rows) {
      query.late = LatePlace{row.holder.part, row.holder.leg, row.holder.unit};
      const DossierPage page = ListDossiers(folded.reader(), query).value();
      // A place that names no leg has any.
      if (row.holder.leg != 0 || row.holder.part != TimePart::kLeg) {
        EXPECT_EQ(static_cast<std::int64_t>(page.dossiers.size()), row.counts.dossiers);
      }
      by_part[row.holder.part] += static_cast<std::size_t>(row.counts.dossiers);
      listed += page.dossiers.size();
    }
    for (const auto& [part, dossiers] : by_part) {
      query.late = LatePlace{part, 0, {}};
      EXPECT_EQ(ListDossiers(folded.reader(), query).value().dossiers.size(), dossiers);
    }
  }
  EXPECT_GT(listed, 100U);
}

}  // namespace
}  // namespace motcua::reporting
