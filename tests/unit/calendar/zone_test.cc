// Goal: local readings and instants agree also where a zone jumps.
// Method: New York around both jumps of 2020, and round trips every 15 minutes over them.
#include <gtest/gtest.h>

#include "services/domain/calendar/calendar.h"

namespace motcua::calendar {
namespace {

Instant At(std::string_view text) { return ParseZonedTime(text).value().instant; }

Zone NewYork() {
  return Zone::Make({{At("2019-11-03T06:00:00Z"), UtcOffset{-300}},
                     {At("2020-03-08T07:00:00Z"), UtcOffset{-240}},
                     {At("2020-11-01T06:00:00Z"), UtcOffset{-300}}})
      .value();
}

std::string Local(std::string_view civil) {
  return FormatZonedTime(NewYork().ToZoned(ParseCivilTime(civil).value()));
}

TEST(Zone, FixedKnowsOneOffset) {
  const Zone zone = Zone::Fixed(UtcOffset{7 * 60});
  EXPECT_EQ(FormatZonedTime(zone.ToZoned(At("2020-01-20T02:32:00Z"))), "2020-01-20T09:32:00+07:00");
}

TEST(Zone, TheFirstRowHoldsForAllBefore) {
  EXPECT_EQ(NewYork().OffsetAt(At("1999-07-01T00:00:00Z")), UtcOffset{-300});
}

TEST(Zone, SkippedAndRepeatedReadings) {
  EXPECT_EQ(Local("2020-03-08T01:59"), "2020-03-08T01:59:00-05:00");
  // 02:30 does not occur: without the jump it would have been 07:30 UTC.
  EXPECT_EQ(Local("2020-03-08T02:30"), "2020-03-08T03:30:00-04:00");
  EXPECT_EQ(Local("2020-03-08T03:00"), "2020-03-08T03:00:00-04:00");
  // 01:30 occurs twice: the first.
  EXPECT_EQ(Local("2020-11-01T01:30"), "2020-11-01T01:30:00-04:00");
  EXPECT_EQ(Local("2020-11-01T02:00"), "2020-11-01T02:00:00-05:00");
}

TEST(Zone, ReadingsOfInstantsComeBackButInTheRepeatedHour) {
  const Zone zone = NewYork();
  for (const char* from : {"2020-03-07T00:00:00Z", "2020-10-31T00:00:00Z"}) {
    for (int quarter = 0; quarter < 3 * 96; ++quarter) {
      const Instant at = At(from) + Micros(std::chrono::minutes(15 * quarter));
      const ZonedTime zoned = zone.ToZoned(at);
      const bool repeated = at >= At("2020-11-01T06:00:00Z") && at < At("2020-11-01T07:00:00Z");
      const Instant expected = repeated ? at - Micros(std::chrono::hours(1)) : at;
      EXPECT_EQ(zone.ToZoned(zoned.civil()).instant, expected) << FormatInstant(at);
    }
  }
}

TEST(Zone, RefusesWhatIsNotAscending) {
  EXPECT_FALSE(Zone::Make({}).ok());
  EXPECT_FALSE(Zone::Make({{Instant{5}, UtcOffset{0}}, {Instant{5}, UtcOffset{60}}}).ok());
  EXPECT_FALSE(Zone::Make({{Instant{5}, UtcOffset{2000}}}).ok());
}

}  // namespace
}  // namespace motcua::calendar
