// Goal: the days off of a year that nobody has decided yet are those of the Labour Code.
// Method: every year against the package `holidays` of PyPI, whose lunar days and rules are its own
//         (tests/vectors/due/days_off.csv); the decided years against the catalogue, of which only
//         the swapped days may differ; a calendar that was extended against the slow model.
#include "services/domain/calendar/labour_code.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "services/domain/deadline/due.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "tests/support/slow_calendar.h"

namespace motcua::calendar {
namespace {

CivilDate D(std::string_view text) { return ParseDate(text).value(); }

const Calendar& State() {
  static const auto kCatalogue = catalogue::BuiltinCatalogue();
  return *kCatalogue->FindCalendar(CalendarId("vn-state"));
}

// "01-01 02-04 …"
std::string DaysOffText(int year) {
  std::string text;
  for (const NamedDay& day : LabourCodeDaysOff(year)) {
    text += (text.empty() ? "" : " ") + FormatDate(day.date).substr(5);
  }
  return text;
}

TEST(LabourCode, EveryYearAsAPackageHasIt) {
  std::ifstream file(MOTCUA_SOURCE_DIR "/tests/vectors/due/days_off.csv");
  std::string line;
  ASSERT_TRUE(std::getline(file, line)) << "the vectors are missing";
  int years = 0;
  for (; std::getline(file, line); ++years) {
    const int year = std::stoi(line.substr(0, 4));
    EXPECT_EQ(DaysOffText(year), line.substr(5)) << year;
  }
  EXPECT_EQ(years, kLunarYearLast - 2027 + 1);
}

// What the government decided differs from the bare law by swaps alone.
TEST(LabourCode, DecidedYearsDifferByTheirSwapsAlone) {
  const std::map<int, std::set<std::string>> swaps = {{2018, {"2018-12-31"}},
                                                      {2019, {"2019-04-29"}},
                                                      {2024, {"2024-04-29"}},
                                                      {2025, {"2025-05-02"}},
                                                      {2026, {"2026-01-02", "2026-08-31"}}};
  for (int year = 2018; year <= 2027; ++year) {
    std::set<CivilDate> decided;
    for (CivilDate d = MakeDate(year, 1, 1); d <= MakeDate(year, 12, 31); d = d + 1) {
      if (State().KindOf(d) == DayKind::kHoliday) decided.insert(d);
    }
    std::set<std::string> more;
    std::set<CivilDate> by_law;
    for (const NamedDay& day : LabourCodeDaysOff(year)) by_law.insert(day.date);
    for (const CivilDate d : decided) {
      if (!by_law.contains(d)) more.insert(FormatDate(d));
    }
    for (const CivilDate d : by_law) {
      EXPECT_TRUE(decided.contains(d)) << FormatDate(d) << " is off by law alone";
    }
    EXPECT_EQ(more, swaps.contains(year) ? swaps.at(year) : std::set<std::string>()) << year;
  }
}

// The new moon of 2/2/2030 is before midnight here and after it in China.
TEST(LabourCode, LunarDaysAreThoseOfVietNam) {
  EXPECT_EQ(LunarDaysOf(2030).new_year, D("2030-02-02"));
  EXPECT_EQ(LunarDaysOf(2027).new_year, D("2027-02-06"));
  EXPECT_EQ(LunarDaysOf(2027).hung_kings, D("2027-04-16"));
  for (int year = kLunarYearFirst; year <= kLunarYearLast; ++year) {
    const LunarDays lunar = LunarDaysOf(year);
    EXPECT_GE(lunar.new_year, MakeDate(year, 1, 21)) << year;
    EXPECT_LE(lunar.new_year, MakeDate(year, 2, 20)) << year;
    // Two or three lunar months and nine days.
    const int apart = lunar.hung_kings - lunar.new_year;
    EXPECT_TRUE(apart == 67 || apart == 68 || apart == 69 || (apart >= 97 && apart <= 99))
        << year << " " << apart;
    if (year == kLunarYearFirst) continue;
    // Twelve or thirteen lunar months.
    const int length = lunar.new_year - LunarDaysOf(year - 1).new_year;
    EXPECT_TRUE((length >= 353 && length <= 355) || (length >= 383 && length <= 385))
        << year << " " << length;
  }
}

TEST(LabourCode, NamesItsDays) {
  const std::vector<NamedDay> days = LabourCodeDaysOff(2028);
  ASSERT_FALSE(days.empty());
  EXPECT_EQ(days.front(), (NamedDay{D("2028-01-03"), "Tết Dương lịch (nghỉ bù)"}));
  EXPECT_EQ(days.back(), (NamedDay{D("2028-11-24"), "Ngày Văn hóa Việt Nam"}));
  EXPECT_EQ(LabourCodeDaysOff(2060).size(), 6U) << "fixed days, where no lunar day is known";
}

TEST(LabourCode, ExtendsACalendarFromItsLastDayOn) {
  CalendarSpec spec;
  spec.id = CalendarId("short");
  spec.version = CalendarVersion(1);
  spec.first = D("2027-01-01");
  spec.last = D("2027-04-16");  // the days after it are not its own, those until then are
  spec.office_hours = {{450, 690}, {810, 1020}};
  ExtendByLabourCode(spec, D("2028-12-31"));
  const auto made = Calendar::Make(spec);
  ASSERT_TRUE(made.ok()) << made.status().message();
  const Calendar& c = **made;
  EXPECT_TRUE(c.IsWorkingDay(D("2027-02-08"))) << "as its own days say";
  EXPECT_TRUE(c.IsWorkingDay(D("2027-04-16")));
  EXPECT_FALSE(c.IsWorkingDay(D("2027-04-30")));
  EXPECT_EQ(c.DecidedUntil(D("2027-01-01")), D("2027-04-16"));
  EXPECT_EQ(c.last(), D("2028-12-31"));
  ExtendByLabourCode(spec, D("2028-06-30"));
  EXPECT_EQ(spec.last, D("2028-12-31")) << "it is that long already";
}

TEST(LabourCode, DueDatesOverProvisionalYearsAgreeWithTheSlowModel) {
  const Calendar& c = State();
  std::mt19937 random(11);
  std::uniform_int_distribution<int> day(0, D("2036-06-30") - D("2027-06-01"));
  std::uniform_int_distribution<int> minute(0, 24 * 60 - 1);
  std::uniform_int_distribution<int> count(0, 40);
  std::uniform_int_distribution<int> unit(0, 3);
  constexpr deadline::TermUnit kUnits[] = {
      deadline::TermUnit::kWorkingDays, deadline::TermUnit::kCalendarDays,
      deadline::TermUnit::kWorkingHours, deadline::TermUnit::kMonths};
  for (int i = 0; i < 600; ++i) {
    const ZonedTime received = c.zone().ToZoned(
        CivilTime{D("2027-06-01") + day(random), Micros(std::chrono::minutes(minute(random)))});
    deadline::Term term{count(random) * 1000, kUnits[unit(random)]};
    if (term.unit == deadline::TermUnit::kMonths) term.milli /= 10;
    term.milli -= term.milli % 1000;
    const auto due = deadline::ComputeDue(c, received, term, {});
    ASSERT_TRUE(due.ok()) << due.status().message();
    ASSERT_EQ(FormatZonedTime(*due),
              FormatZonedTime(testing::SlowDue(c.spec(), received, term, {})))
        << FormatZonedTime(received) << " " << deadline::FormatTerm(term);
  }
}

}  // namespace
}  // namespace motcua::calendar
