// Goal: the calendar's tables say what its list of days says; what contradicts itself is named.
// Method: the published counts of working days; each kind of day; every question compared with the
//         slow model over small calendars with half days and odd hours; table of refusals.
#include "services/domain/calendar/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/platform/catalogue/catalogue_files.h"
#include "tests/support/slow_calendar.h"

namespace motcua::calendar {
namespace {

CivilDate D(std::string_view text) { return ParseDate(text).value(); }
CivilTime T(std::string_view text) { return ParseCivilTime(text).value(); }
std::string Show(std::optional<CivilTime> at) {
  return at ? FormatZonedTime(AtOffset(*at, UtcOffset{0})).substr(0, 16) : "none";
}

CalendarSpec Spec() {
  CalendarSpec spec;
  spec.id = CalendarId("test");
  spec.version = CalendarVersion(1);
  spec.first = D("2020-01-01");
  spec.last = D("2020-03-31");
  spec.office_hours = {{450, 690}, {810, 1020}};
  spec.days_off = {D("2020-01-01"), D("2020-01-23")};
  spec.worked_days_off = {D("2020-02-01")};
  spec.half_days = {{D("2020-01-22"), {{450, 690}}}};
  spec.day_names = {{D("2020-01-23"), "Tết"}};
  return spec;
}

const Calendar& State() {
  static const auto kCatalogue = catalogue::BuiltinCatalogue();
  return *kCatalogue->FindCalendar(CalendarId("vn-state"));
}

TEST(Calendar, WorkingDaysPerYearAsPublished) {
  const int expected[] = {250, 252, 252, 250, 249, 249, 251, 250, 249, 249};
  for (int year = 2018; year <= 2027; ++year) {
    int days = 0;
    for (CivilDate d = MakeDate(year, 1, 1); d <= MakeDate(year, 12, 31); d = d + 1) {
      days += State().IsWorkingDay(d) ? 1 : 0;
    }
    EXPECT_EQ(days, expected[year - 2018]) << year;
  }
}

TEST(Calendar, WorkingDaysByMonthOf2020) {
  const int expected[] = {17, 20, 22, 20, 20, 22, 23, 21, 21, 22};
  for (int month = 1; month <= 10; ++month) {
    EXPECT_EQ(State().WorkingDaysBefore(MakeDate(2020, month + 1, 1)) -
                  State().WorkingDaysBefore(MakeDate(2020, month, 1)),
              expected[month - 1])
        << month;
  }
}

TEST(Faults, C1_WorkingDaysByMonthOf2027) {
  const int expected[] = {20, 15, 23, 20, 20, 22, 22, 22, 20, 21, 21, 23};
  for (int month = 1; month <= 12; ++month) {
    const CivilDate next = month == 12 ? MakeDate(2028, 1, 1) : MakeDate(2027, month + 1, 1);
    EXPECT_EQ(State().WorkingDaysBefore(next) - State().WorkingDaysBefore(MakeDate(2027, month, 1)),
              expected[month - 1])
        << month;
  }
  EXPECT_TRUE(State().IsWorkingDay(D("2026-11-23"))) << "the swap of Monday was not adopted";
  EXPECT_FALSE(State().IsWorkingDay(D("2026-11-24")));
  EXPECT_FALSE(State().IsWorkingDay(D("2026-11-28"))) << "an ordinary Saturday";
}

// A published version keeps its meaning: events name it.
TEST(Calendar, Version2SaysOfTheYearsOfVersion1WhatVersion1Says) {
  const auto catalogue = catalogue::BuiltinCatalogue();
  const Calendar& first = *catalogue->FindCalendar(CalendarId("vn-state"), CalendarVersion(1));
  EXPECT_EQ(State().version(), CalendarVersion(2));
  EXPECT_EQ(first.first(), State().first());
  for (CivilDate d = first.first(); d <= D("2026-12-31"); d = d + 1) {
    ASSERT_EQ(first.KindOf(d), State().KindOf(d)) << FormatDate(d);
    ASSERT_EQ(first.NameOf(d), State().NameOf(d)) << FormatDate(d);
    ASSERT_TRUE(first.Decided(d) && State().Decided(d)) << FormatDate(d);
  }
  EXPECT_FALSE(first.Decided(D("2027-01-01")));
}

TEST(Calendar, SaysWhatIsDecidedAndByWhat) {
  const Calendar& c = State();
  EXPECT_TRUE(c.Decided(D("2018-01-01"), D("2027-12-31")));
  EXPECT_FALSE(c.Decided(D("2028-01-01")));
  EXPECT_FALSE(c.Decided(D("2027-12-31"), D("2028-01-01")));
  EXPECT_FALSE(c.Decided(D("2017-12-31"), D("2018-01-02"))) << "not covered";
  EXPECT_EQ(c.DecidedUntil(D("2026-11-27")), D("2027-12-31"));
  EXPECT_TRUE(c.Covers(D("2036-12-31")));
  const auto periods = c.PeriodsOf(D("2026-11-20"), D("2028-01-05"));
  ASSERT_EQ(periods.size(), 3U);
  EXPECT_THAT(periods[0].document, ::testing::HasSubstr("CV 12729/VPCP-KGVX"));
  EXPECT_EQ(periods[1].document, "CV 10065/VPCP-KGVX");
  EXPECT_EQ(periods[1].decided_on, D("2026-10-02"));
  EXPECT_EQ(periods[1].first, D("2026-11-23"));
  EXPECT_EQ(periods[2].status, DayStatus::kProvisional);
  EXPECT_EQ(periods[2].first, D("2028-01-01"));
}

TEST(Calendar, WithoutPeriodsAllIsDecided) {
  const auto made = Calendar::Make(Spec());
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE((*made)->Decided((*made)->first(), (*made)->last()));
  EXPECT_EQ((*made)->DecidedUntil((*made)->first()), (*made)->last());
}

TEST(Calendar, KindsOfDays) {
  const auto made = Calendar::Make(Spec());
  ASSERT_TRUE(made.ok());
  const Calendar& c = **made;
  EXPECT_EQ(c.KindOf(D("2020-01-02")), DayKind::kWorking);
  EXPECT_EQ(c.KindOf(D("2020-01-22")), DayKind::kHalfDay);
  EXPECT_EQ(c.KindOf(D("2020-01-23")), DayKind::kHoliday);
  EXPECT_EQ(c.KindOf(D("2020-01-25")), DayKind::kWeekend);
  EXPECT_EQ(c.KindOf(D("2020-02-01")), DayKind::kWorkedDayOff);
  EXPECT_EQ(c.NameOf(D("2020-01-23")), "Tết");
  EXPECT_EQ(c.NameOf(D("2020-01-22")), "");
  EXPECT_EQ(Show(c.Closing(D("2020-01-22"))), "2020-01-22T11:30");
  EXPECT_EQ(c.FullDay(), Micros(std::chrono::minutes(450)));
}

TEST(Calendar, NextOfficeTime) {
  const auto made = Calendar::Make(Spec());
  const Calendar& c = **made;
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-02T05:00"))), "2020-01-02T07:30");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-02T07:30"))), "2020-01-02T07:30");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-02T11:30"))), "2020-01-02T13:30");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-02T16:59"))), "2020-01-02T16:59");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-02T17:00"))), "2020-01-03T07:30");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-22T12:00"))), "2020-01-24T07:30");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-01-31T18:00"))), "2020-02-01T07:30");
  EXPECT_EQ(Show(c.NextOfficeTime(T("2020-03-31T18:00"))), "none");
}

TEST(Calendar, BordersOfOfficeTime) {
  const auto made = Calendar::Make(Spec());
  const Calendar& c = **made;
  const Micros morning = Micros(std::chrono::minutes(240));
  EXPECT_EQ(Show(c.TimeWhenWorked(morning)), "2020-01-02T11:30");
  EXPECT_EQ(Show(c.LastTimeWhenWorked(morning)), "2020-01-02T13:30");
  EXPECT_EQ(Show(c.TimeWhenWorked(c.FullDay())), "2020-01-02T17:00");
  EXPECT_EQ(Show(c.LastTimeWhenWorked(c.FullDay())), "2020-01-03T07:30");
  const Micros all = c.WorkedBefore({D("2020-03-31"), Micros(std::chrono::hours(24))});
  EXPECT_EQ(Show(c.TimeWhenWorked(all)), "2020-03-31T17:00");
  EXPECT_EQ(Show(c.LastTimeWhenWorked(all)), "none");
  EXPECT_EQ(Show(c.TimeWhenWorked(all + Micros(1))), "none");
  EXPECT_EQ(Show(c.LastTimeWhenWorked(Micros(-1))), "none");
}

TEST(Calendar, AgreesWithTheSlowModel) {
  CalendarSpec odd = Spec();
  odd.office_hours = {{0, 61}, {300, 301}, {1380, 1440}};
  odd.half_days.emplace_back(D("2020-02-01"), std::vector<OfficeSpan>{{600, 1440}});
  for (const CalendarSpec& spec : {Spec(), odd}) {
    const auto made = Calendar::Make(spec);
    ASSERT_TRUE(made.ok());
    const Calendar& c = **made;
    std::mt19937 random(7);
    std::uniform_int_distribution<int> minute(0, 80 * 24 * 60);
    for (int i = 0; i < 300; ++i) {
      const int a = minute(random);
      const CivilTime at{spec.first + a / 1440, Micros(std::chrono::minutes(a % 1440))};
      EXPECT_EQ(c.IsWorkingDay(at.date), testing::SlowWorks(spec, at.date));
      const ZonedTime start = spec.zone.ToZoned(CivilTime{spec.first, Micros(0)});
      const Micros worked = c.WorkedBefore(at);
      EXPECT_EQ(worked, testing::SlowOfficeTime(spec, start, spec.zone.ToZoned(at)));
      EXPECT_EQ(c.WorkedBefore(*c.TimeWhenWorked(worked)), worked);
      EXPECT_EQ(c.WorkedBefore(*c.LastTimeWhenWorked(worked)), worked);
      EXPECT_LE(*c.TimeWhenWorked(worked), at);
      EXPECT_GE(*c.LastTimeWhenWorked(worked), at);
    }
  }
}

struct Refusal {
  const char* part;
  void (*spoil)(CalendarSpec&);
};

TEST(Calendar, NamesWhatContradictsItself) {
  const Refusal refusals[] = {
      {"id", [](CalendarSpec& s) { s.id = CalendarId(); }},
      {"version", [](CalendarSpec& s) { s.version = CalendarVersion(0); }},
      {"last", [](CalendarSpec& s) { s.last = s.first - 1; }},
      {"last", [](CalendarSpec& s) { s.last = s.first + 60 * 366; }},
      {"office_hours", [](CalendarSpec& s) { s.office_hours.clear(); }},
      {"office_hours", [](CalendarSpec& s) { s.office_hours = {{600, 600}}; }},
      {"office_hours", [](CalendarSpec& s) { s.office_hours = {{600, 700}, {650, 800}}; }},
      {"office_hours", [](CalendarSpec& s) { s.office_hours = {{-5, 700}}; }},
      {"office_hours", [](CalendarSpec& s) { s.office_hours = {{600, 1441}}; }},
      {"days_off[2]", [](CalendarSpec& s) { s.days_off.push_back(D("2021-01-01")); }},
      {"days_off[2]", [](CalendarSpec& s) { s.days_off.push_back(D("2020-01-01")); }},
      {"worked_days_off[1]", [](CalendarSpec& s) { s.worked_days_off.push_back(D("2020-01-02")); }},
      {"worked_days_off[1]", [](CalendarSpec& s) { s.worked_days_off.push_back(D("2020-01-23")); }},
      {"half_days[1]", [](CalendarSpec& s) { s.half_days.push_back({D("2020-01-02"), {}}); }},
      {"half_days[1]", [](CalendarSpec& s) { s.half_days.push_back({D("2020-01-23"), {{1, 2}}}); }},
      {"half_days[1]", [](CalendarSpec& s) { s.half_days.push_back({D("2020-01-25"), {{1, 2}}}); }},
      {"half_days[1]", [](CalendarSpec& s) { s.half_days.push_back({D("2020-01-22"), {{1, 2}}}); }},
  };
  for (const Refusal& refusal : refusals) {
    CalendarSpec spec = Spec();
    refusal.spoil(spec);
    const Status status = Calendar::Make(spec).status();
    EXPECT_EQ(status.reason(), Reason::kFieldInvalid) << refusal.part;
    EXPECT_THAT(status.metadata(), ::testing::Contains(::testing::Pair("field", refusal.part)))
        << status.message();
  }
}

}  // namespace
}  // namespace motcua::calendar
