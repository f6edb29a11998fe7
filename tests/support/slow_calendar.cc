#include "tests/support/slow_calendar.h"

#include <algorithm>

namespace motcua::testing {
namespace {

using calendar::CalendarSpec;
using calendar::OfficeSpan;
using deadline::DueMode;
using deadline::DuePolicy;
using deadline::StartMode;
using deadline::Term;
using deadline::TermUnit;

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kDay = 24 * 60 * kMinute;

// Wall-clock microseconds since 1970-01-01T00:00 of the zone.
using Wall = std::int64_t;

Wall ToWall(const CalendarSpec& spec, const ZonedTime& time) {
  const CivilTime civil = spec.zone.ToZoned(time.instant).civil();
  return civil.date.days * kDay + civil.time_of_day.count();
}

CivilDate DayOf(Wall wall) { return {static_cast<std::int32_t>(wall / kDay)}; }
Wall StartOf(CivilDate date) { return date.days * kDay; }

ZonedTime FromWall(const CalendarSpec& spec, Wall wall) {
  return spec.zone.ToZoned(CivilTime{DayOf(wall), Micros(wall % kDay)});
}

template <typename T>
bool Contains(const std::vector<T>& list, T item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::vector<OfficeSpan> HoursOf(const CalendarSpec& spec, CivilDate date) {
  MOTCUA_CHECK(date >= spec.first && date <= spec.last, "the slow model left the calendar");
  if (!SlowWorks(spec, date)) return {};
  for (const auto& [day, hours] : spec.half_days) {
    if (day == date) return hours;
  }
  return spec.office_hours;
}

bool IsOpen(const std::vector<OfficeSpan>& hours, int minute) {
  return std::any_of(hours.begin(), hours.end(), [minute](const OfficeSpan& s) {
    return minute >= s.from_minute && minute < s.to_minute;
  });
}

// The first open minute at or after `wall`; `wall` itself when it lies in one.
Wall NextOpen(const CalendarSpec& spec, Wall wall) {
  for (CivilDate day = DayOf(wall);; day = day + 1) {
    const auto hours = HoursOf(spec, day);
    for (int minute = 0; minute < 24 * 60; ++minute) {
      const Wall begin = StartOf(day) + minute * kMinute;
      if (begin + kMinute > wall && IsOpen(hours, minute)) return std::max(begin, wall);
    }
  }
}

// Lets `amount` (more than nothing) of office time pass from `wall` on.
Wall Run(const CalendarSpec& spec, Wall wall, std::int64_t amount) {
  for (CivilDate day = DayOf(wall);; day = day + 1) {
    const auto hours = HoursOf(spec, day);
    for (int minute = 0; minute < 24 * 60; ++minute) {
      const Wall begin = std::max(StartOf(day) + minute * kMinute, wall);
      const Wall end = StartOf(day) + (minute + 1) * kMinute;
      if (begin >= end || !IsOpen(hours, minute)) continue;
      if (amount <= end - begin) return begin + amount;
      amount -= end - begin;
    }
  }
}

Wall Closing(const CalendarSpec& spec, CivilDate day) {
  const auto hours = HoursOf(spec, day);
  for (int minute = 24 * 60; minute > 0; --minute) {
    if (IsOpen(hours, minute - 1)) return StartOf(day) + minute * kMinute;
  }
  MOTCUA_CHECK(false, "a day off has no closing");
  return 0;
}

// The last moment of `day` not after `reading` at which the office is open or has just closed.
Wall ReadingOn(const CalendarSpec& spec, CivilDate day, std::int64_t reading) {
  const auto hours = HoursOf(spec, day);
  Wall last = -1;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    if (!IsOpen(hours, minute)) continue;
    if (last < 0) last = StartOf(day) + minute * kMinute;
    if (minute * kMinute <= reading) {
      last = StartOf(day) + std::min(reading, (minute + 1) * kMinute);
    }
  }
  return last;
}

CivilDate Rolled(const CalendarSpec& spec, CivilDate day) {
  while (!SlowWorks(spec, day)) day = day + 1;
  return day;
}

CivilDate WorkingDaysLater(const CalendarSpec& spec, CivilDate day, int count) {
  while (count > 0) {
    day = day + 1;
    if (SlowWorks(spec, day)) --count;
  }
  return day;
}

CivilDate MonthsLater(CivilDate day, int months, bool day_before) {
  YearMonthDay at = Split(day);
  for (; months > 0; --months) {
    at.year += at.month == 12 ? 1 : 0;
    at.month = at.month % 12 + 1;
  }
  if (at.day > DaysInMonth(at.year, at.month)) {
    return MakeDate(at.year, at.month, DaysInMonth(at.year, at.month));
  }
  return MakeDate(at.year, at.month, at.day) - (day_before ? 1 : 0);
}

std::int64_t FractionOf(const CalendarSpec& spec, int milli) {
  std::int64_t minutes = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    if (IsOpen(spec.office_hours, minute)) ++minutes;
  }
  return minutes * kMinute * milli / 1000;
}

Wall DueInWorkingDays(const CalendarSpec& spec, Wall start, int milli, const DuePolicy& policy) {
  const bool at_once = policy.start == StartMode::kAtOnce;
  int whole = milli / 1000;
  const int fraction = milli % 1000;
  const bool less_than_a_day = whole == 0;
  if (at_once && whole > 0) --whole;
  const CivilDate day = WorkingDaysLater(spec, DayOf(start), whole);
  if (policy.mode == DueMode::kKeepHour) {
    const Wall reading = ReadingOn(spec, day, start % kDay);
    return fraction == 0 ? reading : Run(spec, reading, FractionOf(spec, fraction));
  }
  if (fraction == 0) return Closing(spec, day);
  if (at_once && less_than_a_day) {
    return std::min(Run(spec, start, FractionOf(spec, fraction)), Closing(spec, day));
  }
  return Run(spec, StartOf(day + 1), FractionOf(spec, fraction));
}

}  // namespace

bool SlowWorks(const CalendarSpec& spec, CivilDate date) {
  if (IsoWeekday(date) >= 6) return Contains(spec.worked_days_off, date);
  return !Contains(spec.days_off, date);
}

Micros SlowOfficeTime(const CalendarSpec& spec, const ZonedTime& from, const ZonedTime& to) {
  const Wall first = ToWall(spec, from);
  const Wall last = ToWall(spec, to);
  std::int64_t total = 0;
  for (CivilDate day = DayOf(first); StartOf(day) < last; day = day + 1) {
    const auto hours = HoursOf(spec, day);
    for (int minute = 0; minute < 24 * 60; ++minute) {
      if (!IsOpen(hours, minute)) continue;
      const Wall begin = std::max(first, StartOf(day) + minute * kMinute);
      const Wall end = std::min(last, StartOf(day) + (minute + 1) * kMinute);
      total += std::max<std::int64_t>(0, end - begin);
    }
  }
  return Micros(total);
}

ZonedTime SlowDue(const CalendarSpec& spec, const ZonedTime& received, const Term& term,
                  const DuePolicy& policy) {
  const Wall start = NextOpen(spec, ToWall(spec, received));
  const int count = term.milli / 1000;
  if (term.unit == TermUnit::kWorkingHours) {
    if (term.milli == 0) return FromWall(spec, start);
    return FromWall(spec, Run(spec, start, std::int64_t{term.milli} * 60 * kMinute / 1000));
  }
  if (term.milli == 0) {
    const bool late = start % kDay >= 15 * 60 * kMinute;
    return FromWall(spec, Closing(spec, WorkingDaysLater(spec, DayOf(start), late ? 1 : 0)));
  }
  if (term.unit == TermUnit::kWorkingDays) {
    return FromWall(spec, DueInWorkingDays(spec, start, term.milli, policy));
  }
  const bool day_before = policy.start == StartMode::kAtOnce;
  CivilDate last = DayOf(start);
  if (term.unit == TermUnit::kMonths) {
    last = MonthsLater(last, count, day_before);
  } else {
    last = last + count - (day_before ? 1 : 0);
  }
  const CivilDate day = Rolled(spec, last);
  return FromWall(spec, policy.mode == DueMode::kKeepHour ? ReadingOn(spec, day, start % kDay)
                                                          : Closing(spec, day));
}

ZonedTime SlowDueAfterPause(const CalendarSpec& spec, const ZonedTime& due, const Term& term,
                            const DuePolicy& policy, const ZonedTime& paused,
                            const ZonedTime& resumed) {
  if (paused.instant >= due.instant || paused.instant == resumed.instant) {
    return spec.zone.ToZoned(due.instant);
  }
  const bool working = term.unit == TermUnit::kWorkingDays || term.unit == TermUnit::kWorkingHours;
  const bool closing = policy.mode == DueMode::kEndOfDay && term.unit != TermUnit::kWorkingHours &&
                       term.milli % 1000 == 0;
  Wall at = ToWall(spec, resumed);
  if (working) {
    const std::int64_t left = SlowOfficeTime(spec, paused, due).count();
    at = left == 0 ? NextOpen(spec, at) : Run(spec, at, left);
  } else {
    at += ToWall(spec, due) - ToWall(spec, paused);
  }
  if (closing) {
    // From the day before: an office that works until 24:00 closes on the next date.
    CivilDate day = Rolled(spec, DayOf(at) - 1);
    while (Closing(spec, day) < at) day = Rolled(spec, day + 1);
    at = Closing(spec, day);
  } else if (!working) {
    const CivilDate day = Rolled(spec, DayOf(at));
    at = StartOf(day) + at % kDay;
    // Just closed is as good as open.
    const bool just_closed = at % kMinute == 0 && at % kDay != 0 &&
                             IsOpen(HoursOf(spec, day), static_cast<int>(at % kDay / kMinute) - 1);
    if (!just_closed) at = NextOpen(spec, at);
  }
  return FromWall(spec, std::max(at, ToWall(spec, due)));
}

}  // namespace motcua::testing
