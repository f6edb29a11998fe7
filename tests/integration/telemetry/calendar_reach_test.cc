// Goal: who runs a process hears in good time that its calendars end, and is told the right number.
// Method: a catalogue with two calendars, one of them in two versions, asked on days around the end
//         of what is decided; the log written to a pipe in the place of standard error.
#include "services/platform/telemetry/calendar_reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/telemetry/log.h"

namespace motcua::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Instant At(const char* zoned) { return ParseZonedTime(zoned)->instant; }

std::shared_ptr<const calendar::Calendar> Make(const char* id, std::uint32_t version, int decided) {
  calendar::CalendarSpec spec;
  spec.id = calendar::CalendarId(id);
  spec.version = calendar::CalendarVersion(version);
  spec.first = MakeDate(2026, 1, 1);
  spec.last = MakeDate(2030, 12, 31);
  spec.office_hours = {{450, 1020}};
  spec.periods = {{spec.first, MakeDate(decided, 12, 31)},
                  {MakeDate(decided + 1, 1, 1), spec.last, calendar::DayStatus::kProvisional}};
  return *calendar::Calendar::Make(std::move(spec));
}

std::string Readings(const catalogue::Catalogue& catalogue, const char* now) {
  std::string text;
  for (const CalendarReading& reading : ReadCalendars(catalogue, At(now))) {
    text += reading.id + "=" + std::to_string(reading.decided_days) + " ";
  }
  return text;
}

std::string LogOf(const catalogue::Catalogue& catalogue, const char* now) {
  ::testing::internal::CaptureStderr();
  ConfigureLog({});
  LogCalendars(catalogue, At(now));
  return ::testing::internal::GetCapturedStderr();
}

TEST(CalendarReach, CountsFromTodayToTheLastDecidedDayOfTheNewestVersion) {
  const auto catalogue = *catalogue::Catalogue::Make(
      {}, {}, {Make("state", 2, 2027), Make("state", 1, 2026), Make("post", 1, 2026)});
  EXPECT_EQ(Readings(*catalogue, "2026-12-31T23:59:59+07:00"), "post=1 state=366 ");
  EXPECT_EQ(Readings(*catalogue, "2027-01-01T00:00:00+07:00"), "post=0 state=365 ");
  EXPECT_EQ(Readings(*catalogue, "2027-12-31T12:00:00+07:00"), "post=0 state=1 ");
  EXPECT_EQ(Readings(*catalogue, "2040-01-01T12:00:00+07:00"), "post=0 state=0 ") << "beyond all";
  EXPECT_EQ(Readings(*catalogue, "2020-01-01T12:00:00+07:00"), "post=0 state=0 ") << "before all";
}

TEST(CalendarReach, TheStartLineWarnsWhenTheDecidedDaysEndSoon) {
  const auto catalogue = catalogue::BuiltinCatalogue();
  const std::string early = LogOf(*catalogue, "2026-11-27T09:00:00+07:00");
  EXPECT_THAT(early, HasSubstr("calendar=vn-state version=2 decided_days=400 "));
  EXPECT_THAT(early, Not(HasSubstr("end soon")));
  const std::string late = LogOf(*catalogue, "2027-11-03T09:00:00+07:00");
  EXPECT_THAT(late, HasSubstr("decided_days=59"));
  EXPECT_THAT(late, HasSubstr("end soon"));
}

}  // namespace
}  // namespace motcua::telemetry
