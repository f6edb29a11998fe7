// Goal: office hours are read as people write them, and come back as they were.
// Method: tables.
#include "services/domain/calendar/office_hours.h"

#include <gtest/gtest.h>

namespace motcua::calendar {
namespace {

TEST(OfficeHours, ReadAndWritten) {
  for (const char* text : {"07:30-11:30,13:30-17:00", "00:00-24:00", "08:05-08:06"}) {
    const auto hours = ParseOfficeHours(text);
    ASSERT_TRUE(hours.ok()) << text;
    EXPECT_EQ(FormatOfficeHours(*hours), text);
  }
  const auto spaced = ParseOfficeHours("07:30-11:30, 13:00-17:00");
  ASSERT_TRUE(spaced.ok());
  EXPECT_EQ(FormatOfficeHours(*spaced), "07:30-11:30,13:00-17:00");
}

TEST(OfficeHours, RefusedWithTheReason) {
  for (const char* text : {"", "7:30-11:30", "07:30", "07:30-11:60", "07:30-24:01", "07.30-11.30",
                           "07:30-11:30,", "07:30-11:30;13:00-17:00", "-7:30-11:30"}) {
    const auto hours = ParseOfficeHours(text);
    ASSERT_FALSE(hours.ok()) << text;
    EXPECT_EQ(hours.status().reason(), Reason::kFieldInvalid);
  }
}

}  // namespace
}  // namespace motcua::calendar
