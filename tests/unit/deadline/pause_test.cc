// Goal: a clock that stood still goes on with exactly what it had left.
// Method: cases by hand; every pause of two weeks around a holiday in steps of 15 minutes; random
//         cases against the slow model; two pauses beside each other equal one.
#include <gtest/gtest.h>

#include "services/domain/deadline/due.h"
#include "tests/support/slow_calendar.h"
#include "tests/unit/deadline/deadline_test_support.h"

namespace motcua::deadline {
namespace {

constexpr DuePolicy kKeep{DueMode::kKeepHour, StartMode::kNextDay};

std::string After(std::string_view due, std::string_view term, const DuePolicy& policy,
                  std::string_view paused, std::string_view resumed) {
  return Show(DueAfterPause(State(), At(due), T(term), policy, At(paused), At(resumed)));
}

TEST(Pause, WorkingDaysMoveByWholeDays) {
  // Over Tết: paused on Tuesday, resumed on the first day after it.
  EXPECT_EQ(After("2020-02-03T17:00", "5wd", {}, "2020-01-21T10:00", "2020-01-30T10:00"),
            "2020-02-05T17:00");
  // Nothing was worked during the pause.
  EXPECT_EQ(After("2020-02-03T17:00", "5wd", {}, "2020-01-22T17:00", "2020-01-30T07:30"),
            "2020-02-03T17:00");
  EXPECT_EQ(After("2020-02-03T17:00", "5wd", {}, "2020-01-22T16:45", "2020-01-30T07:30"),
            "2020-02-04T17:00");
}

TEST(Pause, KeepHourAndHoursAreExact) {
  EXPECT_EQ(After("2023-11-03T09:32", "5wd", kKeep, "2023-10-31T10:00", "2023-10-31T10:15"),
            "2023-11-03T09:47");
  EXPECT_EQ(After("2020-10-28T15:00", "4h", {}, "2020-10-28T11:00", "2020-10-28T14:00"),
            "2020-10-28T16:00");
  EXPECT_EQ(After("2020-10-28T15:00", "4h", {}, "2020-10-28T11:00", "2020-10-28T16:30"),
            "2020-10-29T09:00");
}

TEST(Pause, CalendarTermsGoOnWithElapsedTimeAndRoll) {
  EXPECT_EQ(After("2020-10-20T17:00", "15d", {}, "2020-10-15T10:00", "2020-10-18T10:00"),
            "2020-10-23T17:00");
  // Four days later is a Saturday.
  EXPECT_EQ(After("2020-10-20T17:00", "15d", {}, "2020-10-15T10:00", "2020-10-19T10:00"),
            "2020-10-26T17:00");
  EXPECT_EQ(After("2020-10-20T17:00", "1mo", {}, "2020-10-15T10:00", "2020-10-15T11:00"),
            "2020-10-21T17:00");
  EXPECT_EQ(After("2020-10-20T10:00", "15d", kKeep, "2020-10-15T10:00", "2020-10-19T09:00"),
            "2020-10-26T09:00");
  EXPECT_EQ(After("2020-10-20T10:00", "15d", kKeep, "2020-10-15T10:00", "2020-10-15T12:00"),
            "2020-10-20T13:30");
}

TEST(Pause, AfterTheDueDateGainsNothing) {
  EXPECT_EQ(After("2020-10-20T17:00", "5wd", {}, "2020-10-20T17:00", "2020-10-29T10:00"),
            "2020-10-20T17:00");
  EXPECT_EQ(After("2020-10-20T17:00", "5wd", {}, "2020-10-15T10:00", "2020-10-15T10:00"),
            "2020-10-20T17:00");
}

TEST(Pause, RefusesWhatEndsBeforeItBegins) {
  const auto due = DueAfterPause(State(), At("2020-10-20T17:00"), T("5wd"), {},
                                 At("2020-10-15T10:00"), At("2020-10-15T09:00"));
  EXPECT_EQ(due.status().reason(), Reason::kFieldInvalid);
}

TEST(Pause, BeyondTheCalendarIsSaid) {
  const auto due = DueAfterPause(State(), At("2050-12-29T17:00"), T("5wd"), {},
                                 At("2050-12-27T10:00"), At("2050-12-30T10:00"));
  EXPECT_EQ(due.status().reason(), Reason::kCalendarOutOfRange);
}

// Every pair of quarters of an hour of two weeks over a holiday, a half day and a worked Saturday.
TEST(Pause, EveryPauseOfTwoWeeksKeepsWhatWasLeft) {
  const auto calendar = SmallCalendar(false);
  const calendar::Calendar& c = *calendar;
  const ZonedTime begin = c.zone().ToZoned(CivilTime{MakeDate(2020, 1, 27), Micros(0)});
  const ZonedTime due =
      c.zone().ToZoned(CivilTime{MakeDate(2020, 2, 14), Micros(std::chrono::minutes(9 * 60 + 32))});
  constexpr int kQuarters = 14 * 96;
  const auto at = [&](int quarter) {
    return c.zone().ToZoned(begin.instant + Micros(std::chrono::minutes(15 * quarter)));
  };
  std::vector<Micros> worked;
  for (int q = 0; q <= kQuarters; ++q) worked.push_back(c.WorkedBefore(at(q).civil()));
  const Micros due_worked = c.WorkedBefore(due.civil());
  const Term hours = T("40h");
  for (int from = 0; from < kQuarters; ++from) {
    for (int to = from + 1; to <= kQuarters; ++to) {
      const auto later = DueAfterPause(c, due, hours, {}, at(from), at(to));
      ASSERT_TRUE(later.ok());
      const auto f = static_cast<std::size_t>(from);
      const auto t = static_cast<std::size_t>(to);
      ASSERT_EQ(c.WorkedBefore(later->civil()) - worked[t], due_worked - worked[f])
          << FormatZonedTime(at(from)) << " to " << FormatZonedTime(at(to));
    }
  }
}

TEST(Pause, AgreesWithTheSlowModel) {
  for (const bool odd : {false, true}) {
    const auto calendar = SmallCalendar(odd);
    Cases cases(odd ? 3 : 4);
    for (int i = 0; i < 3000; ++i) {
      const ZonedTime received = cases.Moment(*calendar, 80);
      const Term term = cases.AnyTerm();
      const DuePolicy policy = cases.AnyPolicy();
      const ZonedTime due = ComputeDue(*calendar, received, term, policy).value();
      const ZonedTime paused = calendar->zone().ToZoned(
          received.instant + Micros(std::chrono::minutes(cases.Int(0, 15 * 24 * 60))));
      const ZonedTime resumed = calendar->zone().ToZoned(
          paused.instant + Micros(std::chrono::minutes(cases.Int(0, 20 * 24 * 60))));
      ASSERT_EQ(
          Show(DueAfterPause(*calendar, due, term, policy, paused, resumed)),
          Show(testing::SlowDueAfterPause(calendar->spec(), due, term, policy, paused, resumed)))
          << Describe(received, term, policy) << " due " << FormatZonedTime(due) << " paused "
          << FormatZonedTime(paused) << " to " << FormatZonedTime(resumed);
    }
  }
}

TEST(Pause, TwoThatTouchEqualOneForExactTerms) {
  const auto calendar = SmallCalendar(false);
  Cases cases(5);
  for (int i = 0; i < 2000; ++i) {
    const ZonedTime received = cases.Moment(*calendar, 80);
    const Term term{cases.Int(4, 200) * 250, TermUnit::kWorkingHours};
    const ZonedTime due = ComputeDue(*calendar, received, term, {}).value();
    const Instant a = received.instant + Micros(std::chrono::minutes(cases.Int(0, 5000)));
    const Instant b = a + Micros(std::chrono::minutes(cases.Int(0, 5000)));
    const Instant c = b + Micros(std::chrono::minutes(cases.Int(0, 5000)));
    if (a >= due.instant) continue;
    const auto zoned = [&](Instant at) { return calendar->zone().ToZoned(at); };
    const ZonedTime once = DueAfterPause(*calendar, due, term, {}, zoned(a), zoned(c)).value();
    const ZonedTime first = DueAfterPause(*calendar, due, term, {}, zoned(a), zoned(b)).value();
    const ZonedTime twice = DueAfterPause(*calendar, first, term, {}, zoned(b), zoned(c)).value();
    // Equal in office time; a border may be named by either of its two readings.
    ASSERT_EQ(calendar->WorkedBefore(once.civil()), calendar->WorkedBefore(twice.civil()));
  }
}

}  // namespace
}  // namespace motcua::deadline
