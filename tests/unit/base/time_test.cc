// Goal: civil days, instants and their texts are exact over the whole range, and what is no date or
//       time is refused.
// Method: every day of 1900..2199 against a calendar that counts day by day; tables of texts; round
//         trips as properties.
#include "services/base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

namespace motcua {
namespace {

bool IsLeap(int year) { return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0); }

TEST(CivilDateTest, EveryDayOfThreeCenturiesFollowsTheOneBefore) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  CivilDate expected = MakeDate(1900, 1, 1);
  int weekday = 1;  // 1900-01-01 was a Monday
  for (int year = 1900; year <= 2199; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const int days =
          kDays.at(static_cast<std::size_t>(month - 1)) + (month == 2 && IsLeap(year) ? 1 : 0);
      ASSERT_EQ(DaysInMonth(year, month), days) << year << "-" << month;
      for (int day = 1; day <= days; ++day) {
        const CivilDate date = MakeDate(year, month, day);
        ASSERT_EQ(date, expected) << FormatDate(date);
        ASSERT_EQ(IsoWeekday(date), weekday) << FormatDate(date);
        const Result<CivilDate> parsed = ParseDate(FormatDate(date));
        ASSERT_TRUE(parsed.ok());
        ASSERT_EQ(*parsed, date);
        const YearMonthDay parts = Split(date);
        ASSERT_TRUE(parts.year == year && parts.month == month && parts.day == day);
        expected = expected + 1;
        weekday = weekday % 7 + 1;
      }
    }
  }
}

TEST(CivilDateTest, TheEpochIsAThursday) {
  EXPECT_EQ(MakeDate(1970, 1, 1).days, 0);
  EXPECT_EQ(IsoWeekday(CivilDate{0}), 4);
  EXPECT_EQ(FormatDate(CivilDate{-1}), "1969-12-31");
  EXPECT_EQ(MakeDate(2020, 3, 1) - MakeDate(2020, 2, 1), 29);
}

TEST(CivilDateTest, ADayThatDoesNotExistIsADefect) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(MakeDate(2021, 2, 29), "no such day");
}

TEST(ParseDateTest, RefusesWhatIsNoDate) {
  for (const char* const text : {"",
                                 "2020",
                                 "2020-1-31",
                                 "2020-01-1",
                                 "2020/01/31",
                                 "2020-01-31 ",
                                 " 2020-01-31",
                                 "2020-00-10",
                                 "2020-13-10",
                                 "2020-01-00",
                                 "2020-01-32",
                                 "2020-04-31",
                                 "2021-02-29",
                                 "1900-02-29",
                                 "2100-02-29",
                                 "1899-12-31",
                                 "2200-01-01",
                                 "20-01-2020",
                                 "2020-01-3x",
                                 "+020-01-31",
                                 "2020-01-31T00:00"}) {
    const Result<CivilDate> date = ParseDate(text);
    ASSERT_FALSE(date.ok()) << text;
    EXPECT_EQ(date.status().reason(), Reason::kFieldInvalid) << text;
  }
  EXPECT_TRUE(ParseDate("2000-02-29").ok());
  EXPECT_TRUE(ParseDate("2020-02-29").ok());
}

TEST(ParseDateTest, ShowsAtMostFortyBytesOfWhatItRefuses) {
  EXPECT_LT(ParseDate(std::string(10'000, 'x')).status().message().size(), 100U);
}

TEST(ParseCivilTimeTest, ReadsMinutesSecondsAndFractions) {
  struct Row {
    const char* text;
    std::int64_t micros;
  };
  constexpr std::int64_t kMinute = 60'000'000;
  for (const Row& row : {Row{"2020-01-20T00:00", 0}, Row{"2020-01-20T09:32", 572 * kMinute},
                         Row{"2020-01-20 09:32", 572 * kMinute},
                         Row{"2020-01-20T09:32:05", 572 * kMinute + 5'000'000},
                         Row{"2020-01-20T09:32:05.5", 572 * kMinute + 5'500'000},
                         Row{"2020-01-20T09:32:05.000001", 572 * kMinute + 5'000'001},
                         Row{"2020-01-20T23:59:59.999999", 1440 * kMinute - 1}}) {
    const Result<CivilTime> time = ParseCivilTime(row.text);
    ASSERT_TRUE(time.ok()) << row.text;
    EXPECT_EQ(time->date, MakeDate(2020, 1, 20)) << row.text;
    EXPECT_EQ(time->time_of_day.count(), row.micros) << row.text;
  }
}

TEST(ParseCivilTimeTest, RefusesWhatIsNoTime) {
  for (const char* const text :
       {"", "2020-01-20", "2020-01-20T", "2020-01-20T9:32", "2020-01-20T24:00", "2020-01-20T09:60",
        "2020-01-20T09:32:", "2020-01-20T09:32:60", "2020-01-20T09:32:05.",
        "2020-01-20T09:32:05.1234567", "2020-01-20T09:32:05,5", "2020-01-20t09:32",
        "2020-01-20  09:32", "2020-01-20T09.32", "2020-02-30T09:32", "2020-01-20T-9:32",
        "2020-01-20T09:32Z", "2020-01-20T09:32 PM"}) {
    EXPECT_FALSE(ParseCivilTime(text).ok()) << text;
  }
}

TEST(ParseZonedTimeTest, ReadsTheOffset) {
  const Result<ZonedTime> hanoi = ParseZonedTime("2020-02-03T17:00:00+07:00");
  ASSERT_TRUE(hanoi.ok());
  EXPECT_EQ(hanoi->offset.minutes, 420);
  EXPECT_EQ(FormatInstant(hanoi->instant), "2020-02-03T10:00:00Z");
  EXPECT_EQ(FormatZonedTime(*hanoi), "2020-02-03T17:00:00+07:00");

  const Result<ZonedTime> boston = ParseZonedTime("2016-01-13T00:00-05:00");
  ASSERT_TRUE(boston.ok());
  EXPECT_EQ(boston->offset.minutes, -300);
  EXPECT_EQ(boston->date(), MakeDate(2016, 1, 13));
  EXPECT_EQ(FormatInstant(boston->instant), "2016-01-13T05:00:00Z");

  EXPECT_EQ(ParseZonedTime("2020-02-03T17:00:00Z")->offset.minutes, 0);
  EXPECT_EQ(ParseZonedTime("2020-02-03T17:00+18:00")->offset.minutes, 1080);
}

TEST(ParseZonedTimeTest, RefusesAnOffsetThatIsNone) {
  for (const char* const text :
       {"2020-02-03T17:00:00", "2020-02-03T17:00:00+7:00", "2020-02-03T17:00:00+0700",
        "2020-02-03T17:00:00+07", "2020-02-03T17:00:00+18:01", "2020-02-03T17:00:00+07:60",
        "2020-02-03T17:00:00 07:00", "2020-02-03T17:00:00UTC", "2020-02-03T17:00:00ZZ",
        "2020-02-03+07:00", "Z", "+07:00", ""}) {
    EXPECT_FALSE(ParseZonedTime(text).ok()) << text;
  }
}

TEST(ZonedTimeTest, TheCivilDayChangesAtLocalMidnight) {
  const UtcOffset hanoi{420};
  const Instant midnight = StartOfDay(MakeDate(2020, 1, 20), hanoi);
  EXPECT_EQ((ZonedTime{midnight, hanoi}.date()), MakeDate(2020, 1, 20));
  EXPECT_EQ((ZonedTime{midnight - Micros(1), hanoi}.date()), MakeDate(2020, 1, 19));
  EXPECT_EQ((ZonedTime{Instant{-1}, UtcOffset{0}}.civil().time_of_day.count()), 86'399'999'999);
}

TEST(ZonedTimeTest, TextAndBackIsTheSame) {
  rc::check("parse(format(time)) == time", [] {
    constexpr std::int64_t kFirst = -2'208'900'000'000'000;  // 1900-01-02
    constexpr std::int64_t kLast = 7'258'000'000'000'000;    // 2199-12
    const ZonedTime time{Instant{*rc::gen::inRange<std::int64_t>(kFirst, kLast)},
                         UtcOffset{*rc::gen::inRange<std::int16_t>(-1080, 1081)}};
    const Result<ZonedTime> parsed = ParseZonedTime(FormatZonedTime(time));
    RC_ASSERT(parsed.ok());
    RC_ASSERT(*parsed == time);
    RC_ASSERT(AtOffset(time.civil(), time.offset) == time);
  });
}

TEST(InstantTest, AddsAndSubtracts) {
  const Instant instant{5};
  EXPECT_EQ((instant + Micros(3)).micros, 8);
  EXPECT_EQ((instant - Micros(7)).micros, -2);
  EXPECT_EQ((instant - Instant{2}).count(), 3);
  EXPECT_LT(instant, kInstantMax);
}

}  // namespace
}  // namespace motcua
