// Goal: a local time in a register becomes the instant and the offset that its city's clocks
// showed.
//
// Method: known changes of daylight saving time and of zones' history; tables of patterns.
#include <gtest/gtest.h>

#include "services/platform/imports/time_format.h"
#include "services/platform/imports/zones.h"

namespace motcua::imports {
namespace {

std::string Resolved(const char* zone, const char* civil) {
  const Result<TimeZone> found = TimeZone::Find(zone);
  const Result<CivilTime> time = ParseCivilTime(civil);
  if (!found.ok() || !time.ok()) return "bad test";
  return FormatZonedTime(found->Resolve(*time));
}

TEST(Zones, CarryTheOffsetInForce) {
  EXPECT_EQ(Resolved("America/New_York", "2015-01-01T00:20:09"), "2015-01-01T00:20:09-05:00");
  EXPECT_EQ(Resolved("America/New_York", "2015-06-30T23:54"), "2015-06-30T23:54:00-04:00");
  EXPECT_EQ(Resolved("Asia/Ho_Chi_Minh", "2020-01-20T09:32"), "2020-01-20T09:32:00+07:00");
}

TEST(Zones, AReadingThatNeverCameIsShiftedForwardByTheGap) {
  EXPECT_EQ(Resolved("America/New_York", "2015-03-08T01:59:59"), "2015-03-08T01:59:59-05:00");
  EXPECT_EQ(Resolved("America/New_York", "2015-03-08T02:00"), "2015-03-08T03:00:00-04:00");
  EXPECT_EQ(Resolved("America/New_York", "2015-03-08T02:30"), "2015-03-08T03:30:00-04:00");
  EXPECT_EQ(Resolved("America/New_York", "2015-03-08T03:00"), "2015-03-08T03:00:00-04:00");
}

TEST(Zones, AReadingThatCameTwiceIsTheFirst) {
  EXPECT_EQ(Resolved("America/New_York", "2015-11-01T01:30"), "2015-11-01T01:30:00-04:00");
  EXPECT_EQ(Resolved("America/New_York", "2015-11-01T02:00"), "2015-11-01T02:00:00-05:00");
}

TEST(Zones, KnowTheHistoryOfVietnam) {
  // Sài Gòn kept +08 until 13 June 1975.
  EXPECT_EQ(Resolved("Asia/Ho_Chi_Minh", "1970-01-01T12:00"), "1970-01-01T12:00:00+08:00");
  EXPECT_EQ(Resolved("Asia/Ho_Chi_Minh", "1976-01-01T12:00"), "1976-01-01T12:00:00+07:00");
}

TEST(Zones, AnUnknownNameIsAnErrorThatSaysWhatNamesAreLike) {
  const Result<TimeZone> zone = TimeZone::Find("Asia/Hanoi");
  ASSERT_FALSE(zone.ok());
  EXPECT_NE(zone.status().message().find("Asia/Ho_Chi_Minh"), std::string::npos);
}

TEST(Zones, AnOffsetInTheTextWins) {
  const Result<TimeZone> zone = TimeZone::Find("Asia/Ho_Chi_Minh");
  ASSERT_TRUE(zone.ok());
  const auto parse = [&](const char* text) {
    const Result<ZonedTime> time = ParseTimeInZone(text, *zone);
    return time.ok() ? FormatZonedTime(*time) : time.status().message();
  };
  EXPECT_EQ(parse("2016-01-13T00:00-05:00"), "2016-01-13T00:00:00-05:00");
  EXPECT_EQ(parse("2016-01-13T00:00"), "2016-01-13T00:00:00+07:00");
  EXPECT_EQ(parse("2016-01-13"), "2016-01-13T00:00:00+07:00");
  EXPECT_EQ(parse("13/01/2016"),
            "time: \"13/01/2016\" is not like 2016-01-13T00:00 or 2016-01-13T00:00-05:00");
}

std::string Read(const char* pattern, const char* text) {
  const Result<TimeFormat> format = TimeFormat::Make(pattern);
  if (!format.ok()) return "pattern: " + format.status().message();
  const std::optional<TimeReading> reading = format->Read(text);
  if (!reading) return "-";
  if (!reading->time_of_day) return FormatDate(reading->date);
  const CivilTime civil{reading->date, *reading->time_of_day};
  const std::string shown = FormatZonedTime(AtOffset(civil, reading->offset.value_or(UtcOffset{})));
  return reading->offset ? shown : shown.substr(0, shown.size() - std::string("+00:00").size());
}

TEST(TimeFormats, ReadWhatTheySay) {
  EXPECT_EQ(Read("dd/MM/yyyy HH:mm", "31/10/2020 09:32"), "2020-10-31T09:32:00");
  EXPECT_EQ(Read("dd/MM/yyyy", "31/10/2020"), "2020-10-31");
  EXPECT_EQ(Read("d/M/yyyy", "1/2/2020"), "2020-02-01");
  EXPECT_EQ(Read("d/M/yyyy", "01/02/2020"), "2020-02-01");
  EXPECT_EQ(Read("MM/dd/yyyy hh:mm:ss a", "06/30/2015 12:00:01 AM"), "2015-06-30T00:00:01");
  EXPECT_EQ(Read("MM/dd/yyyy hh:mm a", "06/30/2015 12:15 PM"), "2015-06-30T12:15:00");
  EXPECT_EQ(Read("HH'h'mm 'ngày' dd/MM/yyyy", "09h32 ngày 31/10/2020"), "2020-10-31T09:32:00");
  EXPECT_EQ(Read("iso", "2020-10-31T09:32:05.5"), "2020-10-31T09:32:05.5");
  EXPECT_EQ(Read("iso", "2020-10-31T09:32:05+07:00"), "2020-10-31T09:32:05+07:00");
  EXPECT_EQ(Read("iso", "2020-10-31"), "2020-10-31");
}

TEST(TimeFormats, RefuseWhatIsNotOfTheForm) {
  EXPECT_EQ(Read("dd/MM/yyyy", "1/2/2020"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "31/10/2020 "), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "31/10/20"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "31-10-2020"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "30/02/2020"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "00/02/2020"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "01/13/2020"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy", "01/01/0020"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy HH:mm", "31/10/2020 24:00"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy HH:mm", "31/10/2020 09:60"), "-");
  EXPECT_EQ(Read("dd/MM/yyyy hh:mm a", "31/10/2020 13:00 PM"), "-");
  EXPECT_EQ(Read("iso", "20201031"), "-");
  EXPECT_EQ(Read("iso", ""), "-");
}

TEST(TimeFormats, APatternThatIsWrongIsAnError) {
  EXPECT_NE(Read("dd/MM/yy", "").find("is not one of yyyy"), std::string::npos);
  EXPECT_NE(Read("dd/MM", "").find("must name day, month and year"), std::string::npos);
  EXPECT_NE(Read("dd/MM/yyyy 'x", "").find("open quote"), std::string::npos);
}

}  // namespace
}  // namespace motcua::imports
