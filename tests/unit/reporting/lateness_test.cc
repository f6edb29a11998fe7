// Goal: lateness that has happened stays in the figures, by either verdict, whatever is paused,
//       restarted or re-dated afterwards, and is told apart; repeated requests are counted.
// Method: lives of one or a few dossiers; each number is asked of Classify's scan, of the day
//         counters and of the independent slow model.
#include <gtest/gtest.h>

#include "services/domain/reporting/classify.h"
#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

using cases::PauseReason;

StatusQuery To(std::string_view day, Verdict verdict = Verdict::kDate) {
  StatusQuery query;
  query.from_date = Date("2020-03-01");
  query.to_date = Date(day);
  query.verdict = verdict;
  return query;
}

// The total, after the three ways have agreed.
StatusRow TotalOf(const History& history, const StatusQuery& query) {
  const Folded folded(history);
  const StatusReport scanned = ScanDossiers(folded.reader(), query).value();
  EXPECT_EQ(Show(scanned.rows), Show(testing_support::SlowReport(history, query)));
  if (!query.as_of) {
    EXPECT_EQ(Show(scanned.rows), Show(SumCells(folded.store(), query).value().rows));
  }
  return scanned.total;
}

constexpr const char* kReceived = "2020-03-02T09:00:00+07:00";
const ZonedTime kDue = At("2020-03-09T17:00:00+07:00");
const ZonedTime kMoved = At("2020-04-28T17:00:00+07:00");
const ZonedTime kResumed = At("2020-04-21T09:00:00+07:00");

TEST(Faults, C4_AMissedDateStaysWhenASupplementRestartsTheTerm) {
  History history;
  Story("H49.1-200302-0001", history)
      .Add(kReceived, Received(kDue))
      .Add("2020-04-20T09:00:00+07:00", cases::SupplementRequested{})
      .Add(kResumed, Resumed(kResumed, kMoved))
      .Add("2020-04-21T15:00:00+07:00", cases::ResultRecorded{});
  for (const Verdict verdict : {Verdict::kDate, Verdict::kInstant}) {
    const StatusRow resolved = TotalOf(history, To("2020-04-30", verdict));
    EXPECT_EQ(resolved[Column::kResolvedLate], 1);
    EXPECT_EQ(resolved[Column::kResolvedStopped], 1);
    EXPECT_EQ(resolved[Column::kResolvedEarly], 0);
    const StatusRow waiting = TotalOf(history, To("2020-04-20", verdict));
    EXPECT_EQ(waiting[Column::kOpenLate], 1);
    EXPECT_EQ(waiting[Column::kOpenStopped], 1);
    EXPECT_EQ(waiting[Column::kOpenPaused], 0);
    const StatusRow before = TotalOf(history, To("2020-04-19", verdict));
    EXPECT_EQ(before[Column::kOpenLate], 1);
    EXPECT_EQ(before[Column::kOpenStopped], 0) << "not stopped yet";
  }
}

TEST(Faults, C5_FourOverdueAreFourLateThoughThreeOfThemWait) {
  History history;
  const auto overdue = [&](int number) {
    Story story("H49.1-200302-000" + std::to_string(number), history);
    story.Add(kReceived, Received(kDue));
    return story;
  };
  overdue(1);
  overdue(2).Add("2020-04-20T09:00:00+07:00", cases::SupplementRequested{});
  overdue(3).Add("2020-04-20T09:00:00+07:00", cases::SupplementRequested{});
  overdue(4).Add("2020-04-20T10:00:00+07:00", cases::ClockPaused{PauseReason::kOtherAgency});
  const StatusRow total = TotalOf(history, To("2020-04-21"));
  EXPECT_EQ(total[Column::kOpenLate], 4);
  EXPECT_EQ(total[Column::kOpenStopped], 3);
  EXPECT_EQ(total[Column::kOpenPaused], 0);
  EXPECT_EQ(total[Column::kOpenInTerm], 0);
}

TEST(Lateness, AskedInTimeIsNotLateHoweverLongTheCitizenTakes) {
  History history;
  Story("H49.1-200302-0001", history)
      .Add(kReceived, Received(kDue))
      .Add(kDue, cases::SupplementRequested{})  // at the due instant sharp
      .Add(kResumed, Resumed(kResumed, kMoved))
      .Add("2020-04-21T15:00:00+07:00", cases::ResultRecorded{});
  for (const Verdict verdict : {Verdict::kDate, Verdict::kInstant}) {
    EXPECT_EQ(TotalOf(history, To("2020-04-20", verdict))[Column::kOpenPaused], 1);
    const StatusRow resolved = TotalOf(history, To("2020-04-30", verdict));
    EXPECT_EQ(resolved[Column::kResolvedEarly], 1);
    EXPECT_EQ(resolved[Column::kResolvedStopped], 0);
  }
}

// In the last evening the instant has passed and the day has not: the verdicts part, for good.
TEST(Lateness, AskedInTheLastEveningIsLateByInstantAlone) {
  History history;
  Story("H49.1-200302-0001", history)
      .Add(kReceived, Received(kDue))
      .Add("2020-03-09T18:00:00+07:00", cases::SupplementRequested{})
      .Add(kResumed, Resumed(kResumed, kMoved))
      .Add("2020-05-04T15:00:00+07:00", cases::ResultRecorded{});
  for (const char* day : {"2020-03-09", "2020-03-20", "2020-04-21", "2020-04-27"}) {
    SCOPED_TRACE(day);
    EXPECT_EQ(TotalOf(history, To(day, Verdict::kInstant))[Column::kOpenLate], 1);
    EXPECT_EQ(TotalOf(history, To(day, Verdict::kInstant))[Column::kOpenStopped], 1);
    EXPECT_EQ(TotalOf(history, To(day))[Column::kOpenLate], 0);
  }
  EXPECT_EQ(TotalOf(history, To("2020-03-20"))[Column::kOpenPaused], 1);
  EXPECT_EQ(TotalOf(history, To("2020-04-27"))[Column::kOpenInTerm], 1);
  // Then the second date passes too.
  const StatusRow late = TotalOf(history, To("2020-04-29"));
  EXPECT_EQ(late[Column::kOpenLate], 1);
  EXPECT_EQ(late[Column::kOpenStopped], 0);
  EXPECT_EQ(TotalOf(history, To("2020-05-31", Verdict::kInstant))[Column::kResolvedStopped], 1);
  EXPECT_EQ(TotalOf(history, To("2020-05-31"))[Column::kResolvedStopped], 0);
}

TEST(Lateness, TheSecondDateMayBeTheOneThatWasMissed) {
  History history;
  const ZonedTime again = At("2020-05-10T09:00:00+07:00");
  Story("H49.1-200302-0001", history)
      .Add(kReceived, Received(kDue))
      .Add("2020-03-05T09:00:00+07:00", cases::ClockPaused{PauseReason::kOtherAgency})
      .Add(kResumed, Resumed(kResumed, kMoved))
      .Add("2020-05-04T09:00:00+07:00", cases::SupplementRequested{})
      .Add(again, Resumed(again, At("2020-05-20T17:00:00+07:00")));
  EXPECT_EQ(TotalOf(history, To("2020-04-27"))[Column::kOpenInTerm], 1);
  const StatusRow total = TotalOf(history, To("2020-05-12"));
  EXPECT_EQ(total[Column::kOpenLate], 1);
  EXPECT_EQ(total[Column::kOpenStopped], 1);
  ListQuery list;
  list.status = To("2020-05-12");
  list.column = Column::kOpenStopped;
  const Folded folded(history);
  const DossierPage page = ListDossiers(folded.reader(), list).value();
  ASSERT_EQ(page.dossiers.size(), 1U);
  EXPECT_EQ(page.dossiers[0].classification.missed, kMoved);
}

TEST(Lateness, WithdrawnStaysWithdrawn) {
  History history;
  Story("H49.1-200302-0001", history)
      .Add(kReceived, Received(kDue))
      .Add("2020-04-20T09:00:00+07:00", cases::SupplementRequested{})
      .Add("2020-04-22T09:00:00+07:00", cases::DossierWithdrawn{});
  const StatusRow total = TotalOf(history, To("2020-04-30"));
  EXPECT_EQ(total[Column::kResolvedWithdrawn], 1);
  EXPECT_EQ(total[Column::kResolvedStopped], 0);
}

cases::DossierImported Recorded(const ZonedTime& opened, const ZonedTime& due) {
  cases::DossierImported imported;
  imported.opened = opened;
  imported.due = due;
  return imported;
}

// A register that moves a date which had passed; one that moves it in time; one that tells late
// that the case had been closed in time.
TEST(Lateness, ARegistersNewDateTakesNoMissedOneAway) {
  cases::RecordUpdated moved;
  moved.due = kMoved;
  const auto told = [&](std::string_view at, const cases::RecordUpdated& updated) {
    History history;
    Story("H49.1-200302-0001", history)
        .Add("2020-03-03T09:00:00+07:00", Recorded(At(kReceived), kDue))
        .Add(at, updated);
    return history;
  };
  const History after = told("2020-03-20T09:00:00+07:00", moved);
  for (const char* day : {"2020-03-10", "2020-03-19", "2020-03-20", "2020-04-01"}) {
    EXPECT_EQ(TotalOf(after, To(day))[Column::kOpenLate], 1) << day;
  }
  EXPECT_EQ(TotalOf(after, To("2020-03-09"))[Column::kOpenLate], 0);
  EXPECT_EQ(TotalOf(after, To("2020-03-09", Verdict::kInstant))[Column::kOpenLate], 1);
  EXPECT_EQ(TotalOf(after, To("2020-04-01"))[Column::kOpenStopped], 1);

  const History before = told("2020-03-06T09:00:00+07:00", moved);
  EXPECT_EQ(TotalOf(before, To("2020-04-01"))[Column::kOpenInTerm], 1);

  moved.closed = At("2020-03-09T16:00:00+07:00");
  moved.outcome = cases::Outcome::kGranted;
  const History closed = told("2020-03-20T09:00:00+07:00", moved);
  EXPECT_EQ(TotalOf(closed, To("2020-04-01", Verdict::kInstant))[Column::kResolvedEarly], 1);
}

// Closed in time by the register's later row: no lateness was there to stay.
TEST(Lateness, ARegistersReturnInTimeIsInTime) {
  cases::RecordUpdated closed;
  closed.due = kDue;
  closed.closed = At("2020-03-09T15:00:00+07:00");
  closed.outcome = cases::Outcome::kGranted;
  History history;
  Story("H49.1-200302-0001", history)
      .Add("2020-03-03T09:00:00+07:00", Recorded(At(kReceived), kDue))
      .Add("2020-03-16T09:00:00+07:00", closed);
  const StatusRow total = TotalOf(history, To("2020-03-31", Verdict::kInstant));
  EXPECT_EQ(total[Column::kResolvedOnTime], 1);
  EXPECT_EQ(total[Column::kResolvedLate], 0);
}

TEST(Faults, C7_RequestsBeyondTheFirstAreCountedAndListed) {
  History history;
  Story twice("H49.1-200302-0001", history);
  Story once("H49.1-200302-0002", history);
  for (Story* story : {&twice, &once}) story->Add(kReceived, Received(kMoved));
  const auto ask = [](Story& story, const std::string& day) {
    const ZonedTime back = At(day + "T15:00:00+07:00");
    story.Add(day + "T09:00:00+07:00", cases::SupplementRequested{})
        .Add(back, Resumed(back, kMoved));
  };
  ask(twice, "2020-03-05");
  ask(once, "2020-03-05");
  once.Add("2020-03-10T09:00:00+07:00", cases::ClockPaused{PauseReason::kOtherAgency});
  ask(twice, "2020-03-12");
  EXPECT_EQ(TotalOf(history, To("2020-03-11"))[Column::kSupplementRepeated], 0);
  EXPECT_EQ(TotalOf(history, To("2020-03-12"))[Column::kSupplementRepeated], 1);
  ask(twice, "2020-03-14");
  twice.Add("2020-03-20T09:00:00+07:00", cases::ResultRecorded{});
  EXPECT_EQ(TotalOf(history, To("2020-03-19"))[Column::kSupplementRepeated], 1);
  EXPECT_EQ(TotalOf(history, To("2020-03-31"))[Column::kSupplementRepeated], 1);
  StatusQuery next = To("2020-04-30");
  next.from_date = Date("2020-03-21");
  EXPECT_EQ(TotalOf(history, next)[Column::kSupplementRepeated], 0) << "settled before";

  const Folded folded(history);
  ListQuery list;
  list.status = To("2020-03-31");
  list.column = Column::kSupplementRepeated;
  const DossierPage page = ListDossiers(folded.reader(), list).value();
  ASSERT_EQ(page.dossiers.size(), 1U);
  EXPECT_EQ(page.dossiers[0].dossier.code.value(), "H49.1-200302-0001");
  EXPECT_EQ(page.dossiers[0].classification.supplement_requests, 3U);
}

}  // namespace
}  // namespace motcua::reporting
