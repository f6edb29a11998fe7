#include "services/domain/deadline/due.h"

#include <algorithm>
#include <optional>
#include <string>

namespace motcua::deadline {
namespace {

using calendar::Calendar;
using calendar::OfficeSpan;

constexpr std::int32_t kMilli = 1000;
constexpr std::int64_t kMicrosPerMilliHour = 3'600'000;
constexpr Micros kDay{86'400'000'000};
constexpr int kMonthsPerYear = 12;

Status OutOfRange(const Calendar& calendar, std::string_view what) {
  const std::string last = FormatDate(calendar.last());
  return Status(Reason::kCalendarOutOfRange,
                std::string(what) + " lies outside the days that calendar " +
                    calendar.id().value() + " version " +
                    std::to_string(calendar.version().value()) + " covers, " +
                    FormatDate(calendar.first()) + " to " + last,
                {{"calendar", calendar.id().value()}, {"last", last}});
}

// Wall-clock time between two readings.
Micros Between(CivilTime from, CivilTime to) {
  return (to.date - from.date) * kDay + to.time_of_day - from.time_of_day;
}

CivilTime After(CivilTime at, Micros elapsed) {
  const std::int64_t total = (at.time_of_day + elapsed).count();  // never negative here
  return {at.date + static_cast<int>(total / kDay.count()), Micros(total % kDay.count())};
}

// `reading` on `day`, or the last office instant before it; the opening where there is none.
CivilTime ReadingOn(const Calendar& calendar, CivilDate day, Micros reading) {
  CivilTime found = calendar.Opening(day);
  for (const OfficeSpan& span : calendar.OfficeHours(day)) {
    const Micros from = std::chrono::minutes(span.from_minute);
    const Micros to = std::chrono::minutes(span.to_minute);
    if (reading >= from) found.time_of_day = std::min(reading, to);
  }
  return found;
}

CivilTime EndOn(const Calendar& calendar, CivilDate day, Micros reading, const DuePolicy& policy) {
  return policy.mode == DueMode::kKeepHour ? ReadingOn(calendar, day, reading)
                                           : calendar.Closing(day);
}

// The end of a term and its last day before rolling; nullopt beyond the calendar.
struct End {
  CivilDate last_day;
  CivilTime due;
};
using MaybeEnd = std::optional<End>;

MaybeEnd AfterWork(const Calendar& calendar, Micros worked) {
  const std::optional<CivilTime> due = calendar.TimeWhenWorked(worked);
  if (!due) return std::nullopt;
  return End{due->date, *due};
}

MaybeEnd EndOfHours(const Calendar& calendar, CivilTime start, std::int32_t milli) {
  if (milli == 0) return End{start.date, start};
  return AfterWork(calendar, calendar.WorkedBefore(start) + Micros(milli * kMicrosPerMilliHour));
}

MaybeEnd EndOfSameDay(const Calendar& calendar, CivilTime start) {
  std::optional<CivilDate> day = start.date;
  if (start.time_of_day >= kSameDayCutoff) day = calendar.WorkingDayAfter(start.date, 1);
  if (!day) return std::nullopt;
  return End{*day, calendar.Closing(*day)};
}

MaybeEnd EndOfWorkingDays(const Calendar& calendar, CivilTime start, std::int32_t milli,
                          const DuePolicy& policy) {
  const int whole = milli / kMilli;
  const bool at_once = policy.start == StartMode::kAtOnce;
  const int steps = at_once && whole > 0 ? whole - 1 : whole;
  const std::optional<CivilDate> day =
      steps == 0 ? start.date : calendar.WorkingDayAfter(start.date, steps);
  if (!day) return std::nullopt;
  const std::int32_t rest = milli % kMilli;
  if (rest == 0) return End{*day, EndOn(calendar, *day, start.time_of_day, policy)};

  const Micros fraction = calendar.FullDay() * rest / kMilli;
  if (policy.mode == DueMode::kKeepHour) {
    const CivilTime from = ReadingOn(calendar, *day, start.time_of_day);
    return AfterWork(calendar, calendar.WorkedBefore(from) + fraction);
  }
  if (at_once && whole == 0) {
    MaybeEnd end = AfterWork(calendar, calendar.WorkedBefore(start) + fraction);
    const CivilTime closing = calendar.Closing(start.date);
    return end && end->due < closing ? end : End{start.date, closing};
  }
  return AfterWork(calendar, calendar.WorkedBefore(CivilTime{*day, kDay}) + fraction);
}

// The last day of a term in calendar days or months that is longer than nothing.
CivilDate LastCalendarDay(CivilDate from, const Term& term, StartMode start) {
  const int count = term.milli / kMilli;
  const int earlier = start == StartMode::kAtOnce ? 1 : 0;
  if (term.unit == TermUnit::kCalendarDays) return from + count - earlier;
  const YearMonthDay ymd = Split(from);
  const int months = ymd.month - 1 + count;
  const int year = ymd.year + months / kMonthsPerYear;
  const int month = months % kMonthsPerYear + 1;
  // A month without the date number ends on its last day (Civil Code art. 148.3).
  const int days = DaysInMonth(year, month);
  if (ymd.day > days) return MakeDate(year, month, days);
  return MakeDate(year, month, ymd.day) - earlier;
}

MaybeEnd EndOfCalendarTerm(const Calendar& calendar, CivilTime start, const Term& term,
                           const DuePolicy& policy) {
  const CivilDate last = LastCalendarDay(start.date, term, policy.start);
  if (!calendar.Covers(last)) return std::nullopt;
  const std::optional<CivilDate> day = calendar.WorkingDayFrom(last);
  if (!day) return std::nullopt;
  return End{last, EndOn(calendar, *day, start.time_of_day, policy)};
}

MaybeEnd EndOf(const Calendar& calendar, CivilTime start, const Term& term,
               const DuePolicy& policy) {
  if (term.unit == TermUnit::kWorkingHours) return EndOfHours(calendar, start, term.milli);
  if (term.milli == 0) return EndOfSameDay(calendar, start);
  if (term.unit == TermUnit::kWorkingDays) {
    return EndOfWorkingDays(calendar, start, term.milli, policy);
  }
  return EndOfCalendarTerm(calendar, start, term, policy);
}

// The first closing not before `at`.
std::optional<CivilTime> ClosingFrom(const Calendar& calendar, CivilTime at) {
  // An office that works until 24:00 closes on the next date.
  const CivilDate before = at.date - 1;
  if (at.time_of_day == Micros(0) && calendar.Covers(before) && calendar.IsWorkingDay(before) &&
      calendar.Closing(before) == at) {
    return at;
  }
  if (!calendar.Covers(at.date)) return std::nullopt;
  std::optional<CivilDate> day = calendar.WorkingDayFrom(at.date);
  if (day && calendar.Closing(*day) < at) day = calendar.WorkingDayAfter(*day, 1);
  if (!day) return std::nullopt;
  return calendar.Closing(*day);
}

// `at` moved to a working day with its clock reading, and there to an opening if it is outside
// office hours; the end of a span is inside.
std::optional<CivilTime> OfficeTimeFrom(const Calendar& calendar, CivilTime at) {
  if (!calendar.Covers(at.date)) return std::nullopt;
  const std::optional<CivilDate> day = calendar.WorkingDayFrom(at.date);
  if (!day) return std::nullopt;
  at.date = *day;
  for (const OfficeSpan& span : calendar.OfficeHours(*day)) {
    if (at.time_of_day == std::chrono::minutes(span.to_minute)) return at;
  }
  return calendar.NextOfficeTime(at);
}

bool EndsAtClosing(const Term& term, const DuePolicy& policy) {
  return policy.mode == DueMode::kEndOfDay && term.unit != TermUnit::kWorkingHours &&
         term.milli % kMilli == 0;
}

// Working units: what was left of the office time runs on after the pause.
std::optional<CivilTime> ResumeWork(const Calendar& calendar, CivilTime due, CivilTime paused,
                                    CivilTime resumed, bool to_closing) {
  const Micros left = calendar.WorkedBefore(due) - calendar.WorkedBefore(paused);
  const std::optional<CivilTime> at =
      left == Micros(0) ? calendar.NextOfficeTime(resumed)
                        : calendar.TimeWhenWorked(calendar.WorkedBefore(resumed) + left);
  if (!at || !to_closing) return at;
  return ClosingFrom(calendar, *at);
}

// Calendar units: what was left of the elapsed time runs on after the pause.
std::optional<CivilTime> ResumeElapsed(const Calendar& calendar, CivilTime due, CivilTime paused,
                                       CivilTime resumed, bool to_closing) {
  const CivilTime at = After(resumed, Between(paused, due));
  return to_closing ? ClosingFrom(calendar, at) : OfficeTimeFrom(calendar, at);
}

}  // namespace

Result<DueParts> ComputeDueParts(const Calendar& calendar, const ZonedTime& received,
                                 const Term& term, const DuePolicy& policy) {
  MOTCUA_CHECK(term.milli >= 0 && term.milli <= kTermMilliMax, "a term out of its range");
  const CivilTime at = calendar.zone().ToZoned(received.instant).civil();
  if (!calendar.Covers(at.date)) return OutOfRange(calendar, "the receipt, " + FormatDate(at.date));
  const std::optional<CivilTime> start = calendar.NextOfficeTime(at);
  if (!start) return OutOfRange(calendar, "the first working day after the receipt");
  const MaybeEnd end = EndOf(calendar, *start, term, policy);
  if (!end) return OutOfRange(calendar, "the end of the term " + FormatTerm(term));
  return DueParts{*start, end->last_day, calendar.zone().ToZoned(end->due)};
}

Result<ZonedTime> ComputeDue(const Calendar& calendar, const ZonedTime& received, const Term& term,
                             const DuePolicy& policy) {
  const Result<DueParts> parts = ComputeDueParts(calendar, received, term, policy);
  if (!parts.ok()) return parts.status();
  return parts->due;
}

Result<ZonedTime> DueAfterPause(const Calendar& calendar, const ZonedTime& due, const Term& term,
                                const DuePolicy& policy, const ZonedTime& paused,
                                const ZonedTime& resumed) {
  if (resumed.instant < paused.instant) {
    return FieldError("resumed", "lies before the beginning of the pause");
  }
  const calendar::Zone& zone = calendar.zone();
  const ZonedTime unchanged = zone.ToZoned(due.instant);
  if (paused.instant >= due.instant || resumed.instant == paused.instant) return unchanged;
  const CivilTime due_at = unchanged.civil();
  const CivilTime paused_at = zone.ToZoned(paused.instant).civil();
  const CivilTime resumed_at = zone.ToZoned(resumed.instant).civil();
  if (!calendar.Covers(paused_at.date)) return OutOfRange(calendar, "the pause");
  if (!calendar.Covers(resumed_at.date)) return OutOfRange(calendar, "the end of the pause");
  if (!calendar.Covers(due_at.date)) return OutOfRange(calendar, "the due date");

  const bool working = term.unit == TermUnit::kWorkingDays || term.unit == TermUnit::kWorkingHours;
  const bool to_closing = EndsAtClosing(term, policy);
  const std::optional<CivilTime> at =
      working ? ResumeWork(calendar, due_at, paused_at, resumed_at, to_closing)
              : ResumeElapsed(calendar, due_at, paused_at, resumed_at, to_closing);
  if (!at) return OutOfRange(calendar, "the end of the term after the pause");
  const ZonedTime later = zone.ToZoned(*at);
  return later.instant > unchanged.instant ? later : unchanged;
}

Result<ZonedTime> WorkingBefore(const Calendar& calendar, const ZonedTime& due,
                                std::chrono::minutes lead) {
  const ZonedTime end = calendar.zone().ToZoned(due.instant);
  if (lead <= std::chrono::minutes(0)) return end;
  const CivilTime at = end.civil();
  if (!calendar.Covers(at.date)) return OutOfRange(calendar, "the due date");
  const std::optional<CivilTime> before =
      calendar.LastTimeWhenWorked(calendar.WorkedBefore(at) - Micros(lead));
  if (!before) return OutOfRange(calendar, "the beginning of the lead");
  return calendar.zone().ToZoned(*before);
}

}  // namespace motcua::deadline
