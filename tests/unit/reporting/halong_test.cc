// Goal: the figures that the Hạ Long report of 2020 prints come out of a history of that size
//       (domain.md §1.2, reading A): 270 carried over, 48,231 received, 45,964 resolved of which
//       44,708 not late and 1,256 late, 2,537 in progress, 97.27 % on time.
// Method: a history with these counts, by invented days, through Apply, Index and
//         BuildReport. How the 44,708 divide into early and on time, and the 2,537 into in term and
//         late, is not in the report: free choice, marked synthetic.
#include <gtest/gtest.h>

#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

constexpr int kCarried = 270;
constexpr int kReceived = 48'231;
constexpr int kOnline = 3'370;
constexpr int kResolvedLate = 1'256;
constexpr int kResolvedInTime = 44'708;
constexpr int kOpen = 2'537;
constexpr int kOpenLate = 200;     // synthetic
constexpr int kOpenPaused = 300;   // synthetic
constexpr int kOnTheDay = 20'000;  // synthetic

// 33 wards and communes of the city.
std::string CodeOf(int number) {
  const int unit = 1 + number % 33;
  return "H49.23." + std::to_string(unit) + "-200101-" + std::to_string(100'000 + number);
}

ZonedTime Morning(CivilDate day) { return AtOffset({day, std::chrono::hours(9)}, {420}); }

// Receives and, where it should, resolves dossier `number`; the first `kCarried` come from 2019.
void Tell(int number, Folded& folded) {
  const CivilDate from = MakeDate(2020, 1, 1);
  const CivilDate to = MakeDate(2020, 10, 31);
  const bool carried = number < kCarried;
  const bool open = number >= kCarried + kReceived - kOpen;
  const bool late = open ? number % kOpen < kOpenLate : number < kResolvedLate;
  const bool paused = open && !late && number % kOpen < kOpenLate + kOpenPaused;
  const CivilDate day = carried ? from - 1 - number % 20
                        : open  ? to - (late ? 20 : number % 5)
                                : from + number % 280;
  const CivilDate due = day + (late ? 3 : 10);

  History history;
  Story story(CodeOf(number), history);
  const bool online = number >= kCarried && number < kCarried + kOnline;
  story.Add(Morning(day),
            Received(Morning(due), online ? cases::Channel::kOnline : cases::Channel::kDirect));
  if (paused) story.Add(Morning(day), cases::SupplementRequested{});
  if (!open) {
    const bool on_the_day = number >= kResolvedLate && number < kResolvedLate + kOnTheDay;
    // Carried over means resolved in 2020 at the earliest.
    const CivilDate earliest = carried ? from : day;
    const CivilDate resolved = late ? due + 20 : on_the_day ? due : std::max(earliest, due - 4);
    story.Add(Morning(resolved), cases::ResultRecorded{});
  }
  folded.Take(history);
}

TEST(HaLong2020, PrintedFiguresAreReproduced) {
  Folded folded;
  for (int number = 0; number < kCarried + kReceived; ++number) Tell(number, folded);

  StatusQuery query;
  query.from_date = MakeDate(2020, 1, 1);
  query.to_date = MakeDate(2020, 10, 31);
  const auto catalogue = catalogue::Catalogue::Make({}, {}, {}).value();
  const StatusReport report = BuildReport(folded.reader(), *catalogue, query).value();
  EXPECT_EQ(report.rows.size(), 33U);
  const StatusRow& total = report.total;
  EXPECT_EQ(total[Column::kCarriedOver], kCarried);
  EXPECT_EQ(total[Column::kReceivedOnline], kOnline);
  EXPECT_EQ(total[Column::kReceivedDirect] + total[Column::kReceivedOnline], kReceived);
  EXPECT_EQ(total.received_total(), 48'501);
  EXPECT_EQ(total.resolved_total(), 45'964);
  EXPECT_EQ(total[Column::kResolvedEarly] + total[Column::kResolvedOnTime], kResolvedInTime);
  EXPECT_EQ(total[Column::kResolvedOnTime], kOnTheDay);
  EXPECT_EQ(total[Column::kResolvedLate], kResolvedLate);
  EXPECT_EQ(total.open_total(), kOpen);
  EXPECT_EQ(total[Column::kOpenLate], kOpenLate);
  EXPECT_EQ(total[Column::kOpenPaused], kOpenPaused);
  EXPECT_EQ(OnTimeRate(total, false).per_ten_thousand(), 9727);
  EXPECT_EQ(OnTimeRate(total, false).whole, 45'964);
  for (const StatusRow& row : report.rows) {
    EXPECT_EQ(row.received_total(), row.resolved_total() + row.open_total()) << row.key;
  }
  EXPECT_EQ(Show(ScanDossiers(folded.reader(), query).value().rows),
            Show(SumCells(folded.store(), query).value().rows));
}

TEST(OnTimeRate, NamesItsDenominatorAndRoundsHalfUp) {
  StatusRow row;
  row[Column::kResolvedEarly] = 1;
  row[Column::kResolvedWithdrawn] = 1;
  row[Column::kResolvedLate] = 1;
  EXPECT_EQ(OnTimeRate(row, false).per_ten_thousand(), 5000);
  EXPECT_EQ(OnTimeRate(row, true).per_ten_thousand(), 6667);
  EXPECT_EQ(OnTimeRate(StatusRow(), true).per_ten_thousand(), 0);
}

}  // namespace
}  // namespace motcua::reporting
