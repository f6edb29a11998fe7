// Days off by the Labour Code alone (Bộ luật Lao động 2019 art. 111, 112): what a year looks like
// before the government has decided how Tết is split and which days are swapped. A guess at the
// decision, good to count by and never to be taken for it: the days are provisional.
//
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"

namespace motcua::calendar {

// The years whose lunar days are known here.
inline constexpr int kLunarYearFirst = 2018;
inline constexpr int kLunarYearLast = 2050;

struct NamedDay {
  CivilDate date;
  std::string name;
  friend bool operator==(const NamedDay&, const NamedDay&) = default;
};

// The weekdays off of `year`, ascending: holidays, and the days that compensate those on a weekly
// day off. Without Tết and Giỗ Tổ outside the years whose lunar days are known.
std::vector<NamedDay> LabourCodeDaysOff(int year);

// The lunar days by the clock of Việt Nam, UTC+7: mùng 1 Tết and Giỗ Tổ Hùng Vương (10/3 lunar).
// Of a year from kLunarYearFirst to kLunarYearLast.
struct LunarDays {
  CivilDate new_year;
  CivilDate hung_kings;
};
LunarDays LunarDaysOf(int year);

// Adds provisional days to `spec`, from the day after its last one to `until`.
void ExtendByLabourCode(CalendarSpec& spec, CivilDate until);

}  // namespace motcua::calendar
