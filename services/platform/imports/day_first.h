// Dates as people write them into a tracking book or as a spreadsheet shows them, the day before
// the month (or, for registers from elsewhere, the month before the day):
//
//   20/01/2020 9:32   20-1-2020   20.01.2020 09:32:15   9h32 ngày 20/01/2020   20/01/2020 9:32 SA
//   09 giờ 32 phút, ngày 20 tháng 01 năm 2020   2020-01-20 09:32   Thứ hai, 20/01/2020 14h
//
// A year has four digits. Words are known with and without their marks. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/platform/imports/time_format.h"

namespace motcua::imports {

// Nothing unless the whole text is one day, with a time of day or without, that exists.
std::optional<TimeReading> ReadWrittenTime(std::string_view text, DateOrder order);

// A spreadsheet's count of days since 1899-12-30, "43850" or "43850.397"; only from 1954 to 2173,
// so that no other number is taken for one. Few decimals mean a minute, more a second.
std::optional<TimeReading> ReadSerialTime(std::string_view text);

// What a date with figures only says about the order in which it was written.
enum class OrderEvidence : std::uint8_t { kNone, kEither, kDayFirst, kMonthFirst };
struct OrderSeen {
  OrderEvidence evidence = OrderEvidence::kNone;
  std::optional<CivilDate> day_first;  // where the date exists when read so
  std::optional<CivilDate> month_first;
};
OrderSeen SeeOrder(std::string_view text);

// What a cell of a date column looks like, for a message. A cell of figures and separators that is
// shaped like a date is shown; of everything else only the shape, for it could be a name or a
// number of a telephone: "a 99, 9999".
std::string ShowDateCell(std::string_view text);

}  // namespace motcua::imports
