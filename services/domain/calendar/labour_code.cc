#include "services/domain/calendar/labour_code.h"

#include <array>
#include <map>

namespace motcua::calendar {
namespace {

constexpr int kSaturday = 6;
// Quốc khánh has a second day, the one before or after it (art. 112.1 d, in force from 2021 on).
constexpr int kTwoNationalDaysFrom = 2021;
// Ngày Văn hóa Việt Nam (NQ 28/2026/QH16).
constexpr int kCultureDayFrom = 2026;

constexpr std::string_view kDocument = "Bộ luật Lao động 2019 Điều 111, 112 (tạm tính)";

struct LunarRow {
  int tet_month;
  int tet_day;
  int hung_month;
  int hung_day;
};

// Months begin with the new moon of UTC+7, so that this is no Chinese table: in 2030 the year
// begins on 2 February here and on 3 February there. Computed from the positions of sun and moon
// and compared with the package `holidays` 0.109; both agree on every day.
constexpr std::array<LunarRow, kLunarYearLast - kLunarYearFirst + 1> kLunarDays = {{
    {2, 16, 4, 25},  // 2018
    {2, 5, 4, 14},   // 2019
    {1, 25, 4, 2},   // 2020
    {2, 12, 4, 21},  // 2021
    {2, 1, 4, 10},   // 2022
    {1, 22, 4, 29},  // 2023
    {2, 10, 4, 18},  // 2024
    {1, 29, 4, 7},   // 2025
    {2, 17, 4, 26},  // 2026
    {2, 6, 4, 16},   // 2027
    {1, 26, 4, 4},   // 2028
    {2, 13, 4, 23},  // 2029
    {2, 2, 4, 12},   // 2030
    {1, 23, 4, 1},   // 2031
    {2, 11, 4, 19},  // 2032
    {1, 31, 4, 9},   // 2033
    {2, 19, 4, 28},  // 2034
    {2, 8, 4, 17},   // 2035
    {1, 28, 4, 6},   // 2036
    {2, 15, 4, 24},  // 2037
    {2, 4, 4, 13},   // 2038
    {1, 24, 4, 3},   // 2039
    {2, 12, 4, 20},  // 2040
    {2, 1, 4, 10},   // 2041
    {1, 22, 4, 29},  // 2042
    {2, 10, 4, 19},  // 2043
    {1, 30, 4, 7},   // 2044
    {2, 17, 4, 26},  // 2045
    {2, 6, 4, 15},   // 2046
    {1, 26, 4, 4},   // 2047
    {2, 14, 4, 22},  // 2048
    {2, 2, 4, 11},   // 2049
    {1, 23, 4, 1},   // 2050
}};

using Holidays = std::map<CivilDate, std::string>;

// Which day Quốc khánh is joined with is decided each year; in all years decided so far it was the
// one that makes the longer holiday with the weekend.
CivilDate BesideNationalDay(CivilDate national_day) {
  constexpr int kMonday = 1;
  constexpr int kThursday = 4;
  const int weekday = IsoWeekday(national_day);
  return weekday == kMonday || weekday == kThursday ? national_day + 1 : national_day - 1;
}

Holidays HolidaysOf(int year) {
  Holidays days;
  days.emplace(MakeDate(year, 1, 1), "Tết Dương lịch");
  if (year >= kLunarYearFirst && year <= kLunarYearLast) {
    const LunarDays lunar = LunarDaysOf(year);
    // Five days: two before the new year (or one, where that day is a Sunday: compensated, it makes
    // the same days off), as in all years decided so far.
    for (int offset = -2; offset <= 2; ++offset) {
      days.emplace(lunar.new_year + offset, "Tết Nguyên đán");
    }
    days.emplace(lunar.hung_kings, "Giỗ Tổ Hùng Vương");
  }
  days.emplace(MakeDate(year, 4, 30), "Ngày Chiến thắng 30/4");
  days.emplace(MakeDate(year, 5, 1), "Ngày Quốc tế lao động 1/5");
  const CivilDate national_day = MakeDate(year, 9, 2);
  days.emplace(national_day, "Quốc khánh");
  if (year >= kTwoNationalDaysFrom) {
    days.emplace(BesideNationalDay(national_day), "Quốc khánh (ngày liền kề)");
  }
  if (year >= kCultureDayFrom) days.emplace(MakeDate(year, 11, 24), "Ngày Văn hóa Việt Nam");
  return days;
}

bool IsWeeklyDayOff(CivilDate date) { return IsoWeekday(date) >= kSaturday; }

}  // namespace

LunarDays LunarDaysOf(int year) {
  MOTCUA_CHECK(year >= kLunarYearFirst && year <= kLunarYearLast, "a year without lunar days");
  const LunarRow& row = kLunarDays[static_cast<std::size_t>(year - kLunarYearFirst)];
  return {MakeDate(year, row.tet_month, row.tet_day), MakeDate(year, row.hung_month, row.hung_day)};
}

std::vector<NamedDay> LabourCodeDaysOff(int year) {
  const Holidays holidays = HolidaysOf(year);
  Holidays off;
  for (const auto& [date, name] : holidays) {
    if (!IsWeeklyDayOff(date)) off.emplace(date, name);
  }
  for (const auto& [date, name] : holidays) {
    if (!IsWeeklyDayOff(date)) continue;
    // Art. 111.3: the next working day, of which each compensates one holiday.
    CivilDate instead = date + 1;
    while (IsWeeklyDayOff(instead) || off.contains(instead)) instead = instead + 1;
    off.emplace(instead, name + " (nghỉ bù)");
  }
  std::vector<NamedDay> days;
  days.reserve(off.size());
  for (const auto& [date, name] : off) days.push_back({date, name});
  return days;
}

void ExtendByLabourCode(CalendarSpec& spec, CivilDate until) {
  if (until <= spec.last) return;
  const CivilDate from = spec.last + 1;
  for (int year = Split(from).year; year <= Split(until).year; ++year) {
    for (NamedDay& day : LabourCodeDaysOff(year)) {
      if (day.date < from || day.date > until) continue;
      spec.days_off.push_back(day.date);
      spec.day_names.emplace_back(day.date, std::move(day.name));
    }
  }
  if (spec.periods.empty()) spec.periods.push_back({spec.first, spec.last});
  spec.periods.push_back({from, until, DayStatus::kProvisional, std::string(kDocument), {}});
  spec.last = until;
}

}  // namespace motcua::calendar
