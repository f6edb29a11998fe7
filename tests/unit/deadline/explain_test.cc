// Goal: an explanation names what the due date was made of.
// Method: cases by hand; the explained due date always equals the computed one.
#include "services/domain/deadline/explain.h"

#include <gtest/gtest.h>

#include "tests/unit/deadline/deadline_test_support.h"

namespace motcua::deadline {
namespace {

TEST(Explain, NamesRuleCalendarAndSkippedDays) {
  const auto e = ExplainDue(State(), At("2020-01-20T09:32"), T("5wd"), {});
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(Show(e->due), "2020-02-03T17:00");
  EXPECT_EQ(e->calendar.value(), "vn-state");
  EXPECT_EQ(e->calendar_version.value(), 2U);
  EXPECT_NE(e->law.find("Civil Code 2015"), std::string_view::npos);
  ASSERT_EQ(e->skipped.size(), 9U);  // five of Tết, four weekend days
  EXPECT_EQ(FormatDate(e->skipped[0].date), "2020-01-23");
  EXPECT_EQ(e->skipped[0].reason, SkipReason::kHoliday);
  EXPECT_EQ(e->skipped[0].name, "Tết Nguyên đán");
  EXPECT_EQ(e->skipped[2].reason, SkipReason::kWeekend);
  const std::string text = DescribeDue(*e);
  EXPECT_NE(text.find("2020-01-23  holiday (Tết Nguyên đán)"), std::string::npos) << text;
  EXPECT_NE(text.find("vn-state version 2"), std::string::npos) << text;
}

TEST(Explain, CalendarDaysSkipOnlyWhereTheyRoll) {
  const auto e = ExplainDue(State(), At("2020-04-15T09:00"), T("15d"), {});
  ASSERT_EQ(e->skipped.size(), 4U);  // 30/4 to 3/5
  EXPECT_EQ(FormatDate(e->skipped.front().date), "2020-04-30");
  EXPECT_EQ(FormatDate(e->skipped.back().date), "2020-05-03");
}

TEST(Explain, NamesWorkedSaturdaysAndMovedReceipts) {
  const auto e = ExplainDue(State(), At("2025-04-25T17:30"), T("3wd"), {});
  ASSERT_EQ(e->worked_days_off.size(), 1U);
  EXPECT_EQ(FormatDate(e->worked_days_off[0]), "2025-04-26");
  EXPECT_EQ(Show(e->counted_from), "2025-04-26T07:30");
}

TEST(Explain, CountsPausesInTheirOrder) {
  const Pause pauses[] = {{At("2020-01-21T10:00"), At("2020-01-30T10:00")},
                          {At("2020-06-01T10:00"), At("2020-06-02T10:00")}};
  const auto e = ExplainDue(State(), At("2020-01-20T09:32"), T("5wd"), {}, pauses);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(Show(e->due), "2020-02-05T17:00");
  EXPECT_EQ(Show(e->due_without_pauses), "2020-02-03T17:00");
  ASSERT_EQ(e->pauses.size(), 2U);
  EXPECT_EQ(e->pauses[0].time, Micros(std::chrono::minutes(900)));
  EXPECT_EQ(e->pauses[1].due_after, e->pauses[1].due_before);
  EXPECT_NE(DescribeDue(*e).find("gained nothing"), std::string::npos);
}

TEST(Faults, C6_TheExplanationAddsThePausesUp) {
  const Pause pauses[] = {{At("2020-03-03T08:00"), At("2020-03-03T08:01")},
                          {At("2020-03-03T09:00"), At("2020-03-03T09:01:30")}};
  const auto e = ExplainDue(State(), At("2020-03-02T09:00"), T("3wd"), {}, pauses);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(Show(e->due), "2020-03-06T17:00");
  EXPECT_EQ(e->pauses[1].together, Micros(std::chrono::seconds(150)));
  EXPECT_EQ(e->pauses[1].due_after, e->pauses[1].due_before);
  const std::string text = DescribeDue(*e);
  EXPECT_NE(text.find("0 h 1 min 30 s of office time, 0 h 2 min 30 s together; due stays"),
            std::string::npos)
      << text;
}

TEST(Faults, C3_TheExplanationOfClockHours) {
  const Pause pauses[] = {{At("2026-11-20T20:00"), At("2026-11-20T20:10")}};
  const auto e = ExplainDue(State(), At("2026-11-20T18:00"), T("12ch"), {}, pauses);
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(Show(e->due), "2026-11-21T06:10");
  EXPECT_EQ(e->counted_from, e->received);
  EXPECT_TRUE(e->skipped.empty());
  const std::string text = DescribeDue(*e);
  EXPECT_NE(text.find("12ch, exact\n"), std::string::npos) << text;
  EXPECT_NE(text.find("hours by the clock from the receipt itself"), std::string::npos) << text;
  EXPECT_NE(text.find("NĐ 301/2026"), std::string::npos) << text;
  EXPECT_NE(text.find("0 h 10 min by the clock; due moved"), std::string::npos) << text;
  // It rests on no day that somebody has still to decide.
  EXPECT_FALSE(ExplainDue(State(), At("2030-05-06T18:00"), T("12ch"), {})->provisional);
  EXPECT_TRUE(ExplainDue(State(), At("2030-05-06T18:00"), T("12h"), {})->provisional);
}

TEST(Faults, C9_C11_TheExplanationSaysWhatADayIsAndWhereItEnds) {
  const auto e = ExplainDue(State(), At("2026-11-26T17:00"), T("8h"), {});
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(e->counted_from, e->received);
  EXPECT_NE(DescribeDue(*e).find("office day:  7.5 office hours (07:30-11:30,13:30-17:00); closing "
                                 "time sharp is still inside, for the receipt as for the result\n"),
            std::string::npos)
      << DescribeDue(*e);
  EXPECT_EQ(FormatDayLength(std::chrono::hours(8)), "8");
  EXPECT_EQ(FormatDayLength(std::chrono::minutes(465)), "7.75");
  EXPECT_EQ(FormatDayLength(std::chrono::minutes(440)), "7 h 20 min");
}

TEST(Explain, RefusesPausesThatCannotBe) {
  const Pause early[] = {{At("2020-01-19T10:00"), At("2020-01-30T10:00")}};
  const Pause crossed[] = {{At("2020-01-21T10:00"), At("2020-01-30T10:00")},
                           {At("2020-01-29T10:00"), At("2020-01-31T10:00")}};
  const Pause turned[] = {{At("2020-01-30T10:00"), At("2020-01-21T10:00")}};
  for (const std::span<const Pause> pauses :
       {std::span<const Pause>(early), std::span<const Pause>(crossed),
        std::span<const Pause>(turned)}) {
    EXPECT_EQ(ExplainDue(State(), At("2020-01-20T09:32"), T("5wd"), {}, pauses).status().reason(),
              Reason::kFieldInvalid);
  }
}

TEST(Explain, AlwaysAgreesWithComputeDue) {
  const auto calendar = SmallCalendar(false);
  Cases cases(6);
  for (int i = 0; i < 2000; ++i) {
    const ZonedTime received = cases.Moment(*calendar, 100);
    const Term term = cases.AnyTerm();
    const DuePolicy policy = cases.AnyPolicy();
    const auto e = ExplainDue(*calendar, received, term, policy);
    ASSERT_TRUE(e.ok());
    ASSERT_EQ(e->due, ComputeDue(*calendar, received, term, policy).value());
    ASSERT_FALSE(DescribeDue(*e).empty());
    for (const SkippedDay& day : e->skipped) ASSERT_FALSE(calendar->IsWorkingDay(day.date));
  }
}

}  // namespace
}  // namespace motcua::deadline
