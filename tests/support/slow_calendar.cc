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

// Whether the office has closed at this very moment, at noon or for the day.
bool JustClosed(const CalendarSpec& spec, Wall wall) {
  if (wall % kMinute != 0) return false;
  const CivilDate day = DayOf(wall - 1);
  if (day < spec.first) return false;
  return IsOpen(HoursOf(spec, day), static_cast<int>((wall - 1) % kDay / kMinute));
}

// Where a term begins. A moment at which the office just closes still belongs to the day that ends,
// so that a midnight may be 24:00 of the day before.
struct Start {
  Wall wall;
  CivilDate day;
  std::int64_t reading() const { return wall - StartOf(day); }
};

Start StartFrom(const CalendarSpec& spec, Wall wall) {
  if (JustClosed(spec, wall)) return {wall, DayOf(wall - 1)};
  const Wall open = NextOpen(spec, wall);
  return {open, DayOf(open)};
}

// A term without pauses: its last day as counted, and when it is due.
struct Plain {
  CivilDate last;
  Wall due;
};

Plain DueInWorkingDays(const CalendarSpec& spec, const Start& start, int milli,
                       const DuePolicy& policy) {
  const bool at_once = policy.start == StartMode::kAtOnce;
  int whole = milli / 1000;
  const int fraction = milli % 1000;
  const bool less_than_a_day = whole == 0;
  if (at_once && whole > 0) --whole;
  const CivilDate day = WorkingDaysLater(spec, start.day, whole);
  if (policy.mode == DueMode::kKeepHour) {
    const Wall reading = ReadingOn(spec, day, start.reading());
    if (fraction == 0) return {day, reading};
    const Wall whole_day = ReadingOn(spec, WorkingDaysLater(spec, day, 1), start.reading());
    return {day, std::min(Run(spec, reading, FractionOf(spec, fraction)), whole_day)};
  }
  if (fraction == 0) return {day, Closing(spec, day)};
  if (at_once && less_than_a_day) {
    return {day, std::min(Run(spec, start.wall, FractionOf(spec, fraction)), Closing(spec, day))};
  }
  return {day, std::min(Run(spec, StartOf(day + 1), FractionOf(spec, fraction)),
                        Closing(spec, WorkingDaysLater(spec, day, 1)))};
}

Plain DueInCalendarUnits(const CalendarSpec& spec, const Start& start, const Term& term,
                         const DuePolicy& policy) {
  const int count = term.milli / 1000;
  const bool day_before = policy.start == StartMode::kAtOnce;
  const CivilDate last = term.unit == TermUnit::kMonths ? MonthsLater(start.day, count, day_before)
                                                        : start.day + count - (day_before ? 1 : 0);
  const CivilDate day = Rolled(spec, last);
  return {last, policy.mode == DueMode::kKeepHour ? ReadingOn(spec, day, start.reading())
                                                  : Closing(spec, day)};
}

Plain DueWithoutPauses(const CalendarSpec& spec, const Start& start, const Term& term,
                       const DuePolicy& policy) {
  if (term.unit == TermUnit::kWorkingHours) {
    if (term.milli == 0) return {start.day, start.wall};
    return {start.day, Run(spec, start.wall, std::int64_t{term.milli} * 60 * kMinute / 1000)};
  }
  if (term.milli == 0) {
    const bool late = start.reading() > 15 * 60 * kMinute;
    const CivilDate day = WorkingDaysLater(spec, start.day, late ? 1 : 0);
    return {day, Closing(spec, day)};
  }
  return term.unit == TermUnit::kWorkingDays ? DueInWorkingDays(spec, start, term.milli, policy)
                                             : DueInCalendarUnits(spec, start, term, policy);
}

// The first closing at or after `wall`.
Wall ClosingFrom(const CalendarSpec& spec, Wall wall) {
  // From the day before: an office that works until 24:00 closes on the next date.
  CivilDate day = Rolled(spec, std::max(spec.first, DayOf(wall) - 1));
  while (Closing(spec, day) < wall) day = Rolled(spec, day + 1);
  return Closing(spec, day);
}

// The due date of a term whose clock has stood still for `stopped` by its own way of counting.
Wall Later(const CalendarSpec& spec, const Start& start, const Plain& plain, const Term& term,
           const DuePolicy& policy, std::int64_t stopped) {
  if (stopped == 0) return plain.due;
  const bool hours = term.unit == TermUnit::kWorkingHours;
  const bool closing =
      !hours && (term.milli == 0 || (policy.mode == DueMode::kEndOfDay && term.milli % 1000 == 0));
  if (hours || term.unit == TermUnit::kWorkingDays) {
    const Wall at = Run(spec, plain.due, stopped);
    return closing ? ClosingFrom(spec, at) : at;
  }
  if (closing) {
    CivilDate last = plain.last;
    for (std::int64_t left = stopped; left > 0; left -= kDay) last = last + 1;
    return std::max(plain.due, Closing(spec, Rolled(spec, last)));
  }
  const Wall end = StartOf(plain.last) + start.reading() + stopped;
  const CivilDate day = Rolled(spec, DayOf(end));
  const Wall at = StartOf(day) + end % kDay;
  // Just closed is as good as open.
  const bool inside = at % kDay != 0 && JustClosed(spec, at);
  return std::max(plain.due, inside ? at : NextOpen(spec, at));
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
                  const DuePolicy& policy, const std::vector<deadline::Pause>& pauses) {
  if (term.unit == TermUnit::kClockHours) {
    Instant due = received.instant;
    for (int milli = 0; milli < term.milli; ++milli) due = due + Micros(60 * kMinute / 1000);
    for (const deadline::Pause& pause : pauses) {
      if (pause.from.instant < due) due = due + (pause.to.instant - pause.from.instant);
    }
    return spec.zone.ToZoned(due);
  }
  const Start start = StartFrom(spec, ToWall(spec, received));
  const Plain plain = DueWithoutPauses(spec, start, term, policy);
  const bool office_time =
      term.unit == TermUnit::kWorkingDays || term.unit == TermUnit::kWorkingHours;
  ZonedTime due = FromWall(spec, plain.due);
  std::int64_t stopped = 0;
  for (const deadline::Pause& pause : pauses) {
    if (pause.from.instant >= due.instant) continue;
    stopped += office_time
                   ? SlowOfficeTime(spec, pause.from, pause.to).count()
                   : std::max<std::int64_t>(0, ToWall(spec, pause.to) -
                                                   std::max(start.wall, ToWall(spec, pause.from)));
    const ZonedTime later = FromWall(spec, Later(spec, start, plain, term, policy, stopped));
    // A date that was given out is not taken back by a further pause.
    if (later.instant > due.instant) due = later;
  }
  return due;
}

ZonedTime SlowRecordedDue(const CalendarSpec& spec, const ZonedTime& due,
                          const std::vector<deadline::Pause>& pauses) {
  const Wall recorded = ToWall(spec, due);
  Wall moved = recorded;
  std::int64_t stopped = 0;
  for (const deadline::Pause& pause : pauses) {
    if (ToWall(spec, pause.from) >= moved) continue;
    stopped += SlowOfficeTime(spec, pause.from, pause.to).count();
    if (stopped != 0) moved = ClosingFrom(spec, Run(spec, recorded, stopped));
  }
  return FromWall(spec, moved);
}

}  // namespace motcua::testing
