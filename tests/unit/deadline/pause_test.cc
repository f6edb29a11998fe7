// Goal: a clock that stood still goes on with exactly what it had left.
// Method: cases by hand; every pause of two weeks around a holiday in steps of 15 minutes; random
//         cases of up to two dozen pauses against the slow model; two pauses beside each other
//         equal one.
#include <gtest/gtest.h>

#include "services/domain/deadline/due.h"
#include "tests/support/slow_calendar.h"
#include "tests/unit/deadline/deadline_test_support.h"

namespace motcua::deadline {
namespace {

constexpr DuePolicy kKeep{DueMode::kKeepHour, StartMode::kNextDay};

std::string Due(std::string_view received, std::string_view term, const DuePolicy& policy,
                const std::vector<Pause>& pauses) {
  return Show(ComputeDue(State(), At(received), T(term), policy, pauses));
}
std::string After(std::string_view received, std::string_view term, const DuePolicy& policy,
                  std::string_view paused, std::string_view resumed) {
  return Due(received, term, policy, {{At(paused), At(resumed)}});
}

TEST(Pause, WorkingDaysMoveByWholeDays) {
  // Over Tết: paused on Tuesday, resumed on the first day after it.
  EXPECT_EQ(After("2020-01-20T09:32", "5wd", {}, "2020-01-21T10:00", "2020-01-30T10:00"),
            "2020-02-05T17:00");
  // Nothing was worked during the pause.
  EXPECT_EQ(After("2020-01-20T09:32", "5wd", {}, "2020-01-22T17:00", "2020-01-30T07:30"),
            "2020-02-03T17:00");
  EXPECT_EQ(After("2020-01-20T09:32", "5wd", {}, "2020-01-22T16:45", "2020-01-30T07:30"),
            "2020-02-04T17:00");
}

TEST(Pause, KeepHourAndHoursAreExact) {
  EXPECT_EQ(After("2023-10-27T09:32", "5wd", kKeep, "2023-10-31T10:00", "2023-10-31T10:15"),
            "2023-11-03T09:47");
  EXPECT_EQ(After("2020-10-28T09:00", "4h", {}, "2020-10-28T11:00", "2020-10-28T14:00"),
            "2020-10-28T16:00");
  EXPECT_EQ(After("2020-10-28T09:00", "4h", {}, "2020-10-28T11:00", "2020-10-28T16:30"),
            "2020-10-29T09:00");
}

TEST(Pause, CalendarTermsGoOnWithElapsedTimeAndRoll) {
  EXPECT_EQ(After("2020-10-05T09:00", "15d", {}, "2020-10-15T10:00", "2020-10-18T10:00"),
            "2020-10-23T17:00");
  // Four days later is a Saturday.
  EXPECT_EQ(After("2020-10-05T09:00", "15d", {}, "2020-10-15T10:00", "2020-10-19T10:00"),
            "2020-10-26T17:00");
  EXPECT_EQ(After("2020-09-20T09:00", "1mo", {}, "2020-10-15T10:00", "2020-10-15T11:00"),
            "2020-10-22T17:00");
  EXPECT_EQ(After("2020-10-05T10:00", "15d", kKeep, "2020-10-15T10:00", "2020-10-19T09:00"),
            "2020-10-26T09:00");
  EXPECT_EQ(After("2020-10-05T10:00", "15d", kKeep, "2020-10-15T10:00", "2020-10-15T12:00"),
            "2020-10-20T13:30");
  // What moves is the last day itself, a Saturday, and not the Monday to which it rolled.
  EXPECT_EQ(After("2020-10-09T09:00", "15d", {}, "2020-10-15T10:00", "2020-10-17T10:00"),
            "2020-10-26T17:00");
  EXPECT_EQ(After("2020-10-09T09:00", "15d", {}, "2020-10-15T10:00", "2020-10-18T10:00"),
            "2020-10-27T17:00");
}

TEST(Pause, SameDayTermsEndAtAClosingInEveryMode) {
  EXPECT_EQ(After("2020-10-28T09:00", "0wd", kKeep, "2020-10-28T10:00", "2020-10-28T10:05"),
            "2020-10-29T17:00");
}

TEST(Pause, AfterTheDueDateGainsNothing) {
  EXPECT_EQ(After("2020-10-13T09:00", "5wd", {}, "2020-10-20T17:00", "2020-10-29T10:00"),
            "2020-10-20T17:00");
  EXPECT_EQ(After("2020-10-13T09:00", "5wd", {}, "2020-10-15T10:00", "2020-10-15T10:00"),
            "2020-10-20T17:00");
  // The date in force counts, also where a pause before has moved it.
  EXPECT_EQ(Due("2020-10-13T09:00", "5wd", {},
                {{At("2020-10-15T10:00"), At("2020-10-15T10:01")},
                 {At("2020-10-21T16:00"), At("2020-10-22T16:00")},
                 {At("2020-10-28T10:00"), At("2020-11-05T10:00")}}),
            "2020-10-22T17:00");
}

TEST(Pause, RefusesWhatCannotBe) {
  const auto reason = [](std::vector<Pause> pauses) {
    return ComputeDue(State(), At("2020-10-13T09:00"), T("5wd"), {}, pauses).status().reason();
  };
  EXPECT_EQ(reason({{At("2020-10-15T10:00"), At("2020-10-15T09:00")}}), Reason::kFieldInvalid);
  EXPECT_EQ(reason({{At("2020-10-13T08:00"), At("2020-10-15T09:00")}}), Reason::kFieldInvalid);
  EXPECT_EQ(reason({{At("2020-10-14T08:00"), At("2020-10-15T09:00")},
                    {At("2020-10-15T08:00"), At("2020-10-16T09:00")}}),
            Reason::kFieldInvalid);
}

TEST(Pause, BeyondTheCalendarIsSaid) {
  const Pause pause[] = {{At("2050-12-27T10:00"), At("2050-12-30T10:00")}};
  const auto due = ComputeDue(State(), At("2050-12-22T09:00"), T("5wd"), {}, pause);
  EXPECT_EQ(due.status().reason(), Reason::kCalendarOutOfRange);
}

TEST(Faults, C6_PausesAddUpBeforeAnythingIsRounded) {
  std::vector<Pause> minutes;
  for (const char* at : {"08:00", "09:00", "10:00", "14:00", "15:00"}) {
    const ZonedTime from = At("2020-03-03T" + std::string(at));
    minutes.push_back({from, {from.instant + std::chrono::minutes(1), from.offset}});
  }
  EXPECT_EQ(Due("2020-03-02T09:00", "3wd", {}, minutes), "2020-03-06T17:00");
  EXPECT_EQ(Due("2020-03-02T09:00", "3d", {}, minutes), "2020-03-06T17:00");
  EXPECT_EQ(Due("2020-03-02T09:00", "3wd", kKeep, minutes), "2020-03-05T09:05");
  EXPECT_EQ(Due("2020-03-03T07:30", "7h", {}, minutes), "2020-03-03T16:35");
  EXPECT_EQ(Due("2020-03-02T22:00", "24ch", {}, minutes), "2020-03-03T22:05");
  EXPECT_EQ(Show(MoveRecordedDue(State(), At("2020-03-05T17:00"), minutes)), "2020-03-06T17:00");
  // A register's own hour is as it is until something moves it.
  EXPECT_EQ(Show(MoveRecordedDue(State(), At("2020-03-05T12:10"), {})), "2020-03-05T12:10");
  EXPECT_EQ(Show(MoveRecordedDue(State(), At("2020-03-05T09:10"), minutes)), "2020-03-05T17:00");
}

// Every pair of quarters of an hour of two weeks over a holiday, a half day and a worked Saturday.
TEST(Pause, EveryPauseOfTwoWeeksKeepsWhatWasLeft) {
  const auto calendar = SmallCalendar(false);
  const calendar::Calendar& c = *calendar;
  const ZonedTime begin = c.zone().ToZoned(CivilTime{MakeDate(2020, 1, 27), Micros(0)});
  const Term hours = T("88.5h");
  const DueParts unpaused = ComputeDueParts(c, begin, hours, {}).value();
  constexpr int kQuarters = 14 * 96;
  const auto at = [&](int quarter) {
    return c.zone().ToZoned(begin.instant + Micros(std::chrono::minutes(15 * quarter)));
  };
  std::vector<Micros> worked;
  for (int q = 0; q <= kQuarters; ++q) worked.push_back(c.WorkedBefore(at(q).civil()));
  const Micros due_worked = c.WorkedBefore(unpaused.due.civil());
  for (int from = 0; from < kQuarters; ++from) {
    for (int to = from + 1; to <= kQuarters; ++to) {
      const Pause pause[] = {{at(from), at(to)}};
      const auto later = MoveByPauses(c, unpaused, hours, {}, pause);
      ASSERT_TRUE(later.ok());
      const auto f = static_cast<std::size_t>(from);
      const auto t = static_cast<std::size_t>(to);
      ASSERT_EQ(c.WorkedBefore(later->due.civil()) - worked[t], due_worked - worked[f])
          << FormatZonedTime(at(from)) << " to " << FormatZonedTime(at(to));
    }
  }
}

std::string Say(const std::vector<Pause>& pauses) {
  std::string text;
  for (const Pause& pause : pauses) {
    text += "\n  paused " + FormatZonedTime(pause.from) + " to " + FormatZonedTime(pause.to);
  }
  return text;
}

TEST(Faults, C6_ManyShortPausesAgreeWithTheSlowModel) {
  for (const bool odd : {false, true}) {
    const auto calendar = SmallCalendar(odd);
    Cases cases(odd ? 3 : 4);
    for (int i = 0; i < 4000; ++i) {
      const ZonedTime received = cases.Moment(*calendar, 80);
      const Term term = cases.AnyTerm();
      const DuePolicy policy = cases.AnyPolicy();
      const auto pauses = cases.Pauses(*calendar, received.instant, i % 3 == 0 ? 24 : 3);
      const auto due = ComputeDue(*calendar, received, term, policy, pauses);
      ASSERT_EQ(Show(due), Show(testing::SlowDue(calendar->spec(), received, term, policy, pauses)))
          << Describe(received, term, policy) << (odd ? " odd" : "") << Say(pauses);
      ASSERT_GE(due->instant, ComputeDue(*calendar, received, term, policy)->instant);
      const ZonedTime recorded = cases.Moment(*calendar, 80);
      ASSERT_EQ(Show(MoveRecordedDue(*calendar, recorded, pauses)),
                Show(testing::SlowRecordedDue(calendar->spec(), recorded, pauses)))
          << FormatZonedTime(recorded) << (odd ? " odd" : "") << Say(pauses);
    }
  }
}

// Found by the simulation: the end moves from a Sunday evening, which rolls beyond Monday's
// closing, to Monday afternoon.
TEST(Pause, ADateThatWasGivenOutIsNotTakenBack) {
  const DuePolicy keep_at_once{DueMode::kKeepHour, StartMode::kAtOnce};
  const Pause first{At("2020-10-30T11:20"), At("2020-10-30T22:30")};
  const Pause second{At("2020-10-30T22:31"), At("2020-10-31T13:36")};
  EXPECT_EQ(Due("2020-10-30T11:17", "3d", keep_at_once, {}), "2020-11-02T11:17");
  EXPECT_EQ(Due("2020-10-30T11:17", "3d", keep_at_once, {first}), "2020-11-03T07:30");
  EXPECT_EQ(Due("2020-10-30T11:17", "3d", keep_at_once, {first, second}), "2020-11-03T07:30");
}

// A pause cut in two at any moment is the same pause, of whatever unit and policy; only where a
// date keeps its hour and rolls, the one promised in between may be the later.
TEST(Pause, TwoThatTouchEqualOne) {
  for (const bool odd : {false, true}) {
    const auto calendar = SmallCalendar(odd);
    Cases cases(5);
    for (int i = 0; i < 4000; ++i) {
      const ZonedTime received = cases.Moment(*calendar, 80);
      const Term term = cases.AnyTerm();
      const DuePolicy policy = cases.AnyPolicy();
      const auto zoned = [&](Instant at) { return calendar->zone().ToZoned(at); };
      const ZonedTime a =
          zoned(received.instant + Micros(std::chrono::minutes(cases.Int(0, 5000))));
      const ZonedTime b = zoned(a.instant + Micros(std::chrono::seconds(cases.Int(0, 300'000))));
      const ZonedTime c = zoned(b.instant + Micros(std::chrono::seconds(cases.Int(0, 300'000))));
      const Pause once[] = {{a, c}};
      const Pause twice[] = {{a, b}, {b, c}};
      const auto whole = ComputeDue(*calendar, received, term, policy, once);
      // Where the first part used up nothing, the second may begin after the due date.
      const Pause first[] = {{a, b}};
      if (b.instant >= ComputeDue(*calendar, received, term, policy, first)->instant) continue;
      const auto cut = ComputeDue(*calendar, received, term, policy, twice);
      const bool rolls = policy.mode == DueMode::kKeepHour &&
                         (term.unit == TermUnit::kCalendarDays || term.unit == TermUnit::kMonths);
      if (rolls && cut->instant > whole->instant) {
        ASSERT_EQ(Show(cut), Show(ComputeDue(*calendar, received, term, policy, first)));
        continue;
      }
      ASSERT_EQ(Show(whole), Show(cut))
          << Describe(received, term, policy) << Say({{a, b}, {b, c}});
    }
  }
}

}  // namespace
}  // namespace motcua::deadline
