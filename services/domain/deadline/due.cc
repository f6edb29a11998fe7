#include "services/domain/deadline/due.h"

#include <algorithm>
#include <optional>
#include <string>

namespace motcua::deadline {
namespace {

using calendar::Calendar;
using calendar::OfficeSpan;

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
  if (start.time_of_day > kSameDayCutoff) day = calendar.WorkingDayAfter(start.date, 1);
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

  const bool keep_hour = policy.mode == DueMode::kKeepHour;
  // Where the fraction begins, and the day on which a whole one would end.
  CivilTime from{*day, kDay};
  std::optional<CivilDate> whole_ends = calendar.WorkingDayAfter(*day, 1);
  if (keep_hour) {
    from = ReadingOn(calendar, *day, start.time_of_day);
  } else if (at_once && whole == 0) {
    from = start;
    whole_ends = start.date;
  }
  const Micros fraction = calendar.FullDay() * rest / kMilli;
  const MaybeEnd end = AfterWork(calendar, calendar.WorkedBefore(from) + fraction);
  if (!whole_ends) return end;
  const CivilTime most = EndOn(calendar, *whole_ends, start.time_of_day, policy);
  return end && end->due < most ? end : End{*whole_ends, most};
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

// Whether a span of office hours ends at `at`.
bool EndsSpan(const Calendar& calendar, CivilTime at) {
  const auto spans = calendar.OfficeHours(at.date);
  return std::any_of(spans.begin(), spans.end(), [at](const OfficeSpan& span) {
    return at.time_of_day == std::chrono::minutes(span.to_minute);
  });
}

// `at` moved to a working day with its clock reading, and there to an opening if it is outside
// office hours; the end of a span is inside.
std::optional<CivilTime> OfficeTimeFrom(const Calendar& calendar, CivilTime at) {
  if (!calendar.Covers(at.date)) return std::nullopt;
  const std::optional<CivilDate> day = calendar.WorkingDayFrom(at.date);
  if (!day) return std::nullopt;
  at.date = *day;
  return EndsSpan(calendar, at) ? at : calendar.NextOfficeTime(at);
}

bool EndsAtClosing(const Term& term, const DuePolicy& policy) {
  if (CountsHours(term.unit)) return false;
  return term.milli == 0 || (policy.mode == DueMode::kEndOfDay && term.milli % kMilli == 0);
}

// Rule 1: the moment that the term is counted from.
std::optional<CivilTime> CountedFrom(const Calendar& calendar, CivilTime at) {
  const CivilDate before = at.date - 1;
  if (at.time_of_day == Micros(0) && calendar.Covers(before) && calendar.IsWorkingDay(before) &&
      calendar.Closing(before) == at) {
    return CivilTime{before, kDay};
  }
  return EndsSpan(calendar, at) ? at : calendar.NextOfficeTime(at);
}

Result<DueParts> ClockHours(const Calendar& calendar, Instant received, const Term& term) {
  const ZonedTime due =
      calendar.zone().ToZoned(received + Micros(term.milli * kMicrosPerMilliHour));
  return DueParts{calendar.zone().ToZoned(received).civil(), due.date(), due};
}

Status CheckPauses(Instant earliest, std::span<const Pause> pauses) {
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    const std::string field = "pauses[" + std::to_string(i) + "]";
    if (pauses[i].from.instant < earliest) {
      return FieldError(field, i == 0 ? "begins before the receipt"
                                      : "overlaps the pause before it or is out of order");
    }
    if (pauses[i].to.instant < pauses[i].from.instant) {
      return FieldError(field, "ends before it begins");
    }
    earliest = pauses[i].to.instant;
  }
  return OkStatus();
}

// What a pause takes out of the term, by the term's own way of counting.
Result<Micros> TimeOf(const Calendar& calendar, CivilTime counted_from, TermUnit unit,
                      const Pause& pause) {
  if (unit == TermUnit::kClockHours) return pause.to.instant - pause.from.instant;
  const CivilTime from = calendar.zone().ToZoned(pause.from.instant).civil();
  const CivilTime to = calendar.zone().ToZoned(pause.to.instant).civil();
  if (CountsWallTime(unit)) {
    // Before the term is counted there is nothing to stop.
    return std::max(Micros(0), Between(std::max(from, counted_from), to));
  }
  if (!calendar.Covers(from.date)) return OutOfRange(calendar, "the pause");
  if (!calendar.Covers(to.date)) return OutOfRange(calendar, "the end of the pause");
  return std::max(Micros(0), calendar.WorkedBefore(to) - calendar.WorkedBefore(from));
}

// Calendar days and months whose clock stood still for `stopped` in all.
MaybeEnd MovedCalendarEnd(const Calendar& calendar, const DueParts& unpaused, const Term& term,
                          const DuePolicy& policy, Micros stopped) {
  if (!EndsAtClosing(term, policy)) {
    const CivilTime at =
        After(CivilTime{unpaused.last_day, unpaused.counted_from.time_of_day}, stopped);
    const std::optional<CivilTime> due = OfficeTimeFrom(calendar, at);
    if (!due) return std::nullopt;
    return End{at.date, *due};
  }
  const CivilDate last = unpaused.last_day + static_cast<int>((stopped + kDay - Micros(1)) / kDay);
  if (!calendar.Covers(last)) return std::nullopt;
  const std::optional<CivilDate> day = calendar.WorkingDayFrom(last);
  if (!day) return std::nullopt;
  return End{last, calendar.Closing(*day)};
}

// Working units likewise.
MaybeEnd MovedWorkingEnd(const Calendar& calendar, CivilTime due, bool to_closing, Micros stopped) {
  std::optional<CivilTime> at = calendar.TimeWhenWorked(calendar.WorkedBefore(due) + stopped);
  if (at && to_closing) at = ClosingFrom(calendar, *at);
  if (!at) return std::nullopt;
  return End{at->date, *at};
}

Result<DueParts> MoveBy(const Calendar& calendar, const DueParts& unpaused, const Term& term,
                        const DuePolicy& policy, Micros stopped) {
  DueParts moved = unpaused;
  if (stopped == Micros(0)) return moved;
  if (term.unit == TermUnit::kClockHours) {
    moved.due = calendar.zone().ToZoned(unpaused.due.instant + stopped);
    moved.last_day = moved.due.date();
    return moved;
  }
  const CivilTime due = unpaused.due.civil();
  const bool wall = CountsWallTime(term.unit);
  if (!wall && !calendar.Covers(due.date)) return OutOfRange(calendar, "the due date");
  const MaybeEnd end = wall ? MovedCalendarEnd(calendar, unpaused, term, policy, stopped)
                            : MovedWorkingEnd(calendar, due, EndsAtClosing(term, policy), stopped);
  if (!end) return OutOfRange(calendar, "the end of the term after the pause");
  const ZonedTime later = calendar.zone().ToZoned(end->due);
  if (later.instant < unpaused.due.instant) return moved;
  return DueParts{unpaused.counted_from, end->last_day, later};
}

}  // namespace

bool CountsWallTime(TermUnit unit) {
  switch (unit) {
    case TermUnit::kCalendarDays:
    case TermUnit::kMonths:
    case TermUnit::kClockHours:
      return true;
    case TermUnit::kWorkingDays:
    case TermUnit::kWorkingHours:
      return false;
  }
  return false;
}

bool CountsHours(TermUnit unit) {
  return unit == TermUnit::kWorkingHours || unit == TermUnit::kClockHours;
}

Result<DueParts> ComputeDueParts(const Calendar& calendar, const ZonedTime& received,
                                 const Term& term, const DuePolicy& policy) {
  MOTCUA_CHECK(term.milli >= 0 && term.milli <= kTermMilliMax, "a term out of its range");
  if (term.unit == TermUnit::kClockHours) return ClockHours(calendar, received.instant, term);
  const CivilTime at = calendar.zone().ToZoned(received.instant).civil();
  if (!calendar.Covers(at.date)) return OutOfRange(calendar, "the receipt, " + FormatDate(at.date));
  const std::optional<CivilTime> start = CountedFrom(calendar, at);
  if (!start) return OutOfRange(calendar, "the first working day after the receipt");
  const MaybeEnd end = EndOf(calendar, *start, term, policy);
  if (!end) return OutOfRange(calendar, "the end of the term " + FormatTerm(term));
  return DueParts{*start, end->last_day, calendar.zone().ToZoned(end->due)};
}

Result<DueParts> MoveByPauses(const Calendar& calendar, const DueParts& unpaused, const Term& term,
                              const DuePolicy& policy, std::span<const Pause> pauses,
                              std::vector<CountedPause>* counted) {
  if (!pauses.empty()) {
    MOTCUA_RETURN_IF_ERROR(CheckPauses(pauses.front().from.instant, pauses));
  }
  DueParts moved = unpaused;
  Micros stopped{0};
  for (const Pause& pause : pauses) {
    const ZonedTime before = moved.due;
    Micros time{0};
    if (pause.from.instant < before.instant) {
      MOTCUA_ASSIGN_OR_RETURN(time, TimeOf(calendar, unpaused.counted_from, term.unit, pause));
      stopped += time;
      MOTCUA_ASSIGN_OR_RETURN(const DueParts later,
                              MoveBy(calendar, unpaused, term, policy, stopped));
      // With the hour kept, an end on a Sunday evening rolls beyond one on Monday morning: what was
      // promised between two pauses stays.
      if (later.due.instant >= before.instant) moved = later;
    }
    if (counted != nullptr) {
      const calendar::Zone& zone = calendar.zone();
      counted->push_back({{zone.ToZoned(pause.from.instant), zone.ToZoned(pause.to.instant)},
                          time,
                          stopped,
                          before,
                          moved.due});
    }
  }
  return moved;
}

Result<ZonedTime> ComputeDue(const Calendar& calendar, const ZonedTime& received, const Term& term,
                             const DuePolicy& policy, std::span<const Pause> pauses) {
  MOTCUA_RETURN_IF_ERROR(CheckPauses(received.instant, pauses));
  const Result<DueParts> parts = ComputeDueParts(calendar, received, term, policy);
  if (!parts.ok()) return parts.status();
  if (pauses.empty()) return parts->due;
  const Result<DueParts> moved = MoveByPauses(calendar, *parts, term, policy, pauses);
  if (!moved.ok()) return moved.status();
  return moved->due;
}

Result<ZonedTime> MoveRecordedDue(const Calendar& calendar, const ZonedTime& due,
                                  std::span<const Pause> pauses) {
  const ZonedTime recorded = calendar.zone().ToZoned(due.instant);
  constexpr Term kUnknownTerm{0, TermUnit::kWorkingDays};
  const Result<DueParts> moved = MoveByPauses(
      calendar, DueParts{recorded.civil(), recorded.date(), recorded}, kUnknownTerm, {}, pauses);
  if (!moved.ok()) return moved.status();
  return moved->due;
}

std::chrono::minutes LeadMinutes(const Calendar& calendar, const Term& lead) {
  const std::int64_t hour = std::chrono::minutes(std::chrono::hours(1)).count();
  const std::int64_t day =
      std::chrono::duration_cast<std::chrono::minutes>(calendar.FullDay()).count();
  return std::chrono::minutes(lead.milli * (lead.unit == TermUnit::kWorkingDays ? day : hour) /
                              kMilli);
}

Result<ZonedTime> LeadBefore(const Calendar& calendar, const ZonedTime& due, TermUnit unit,
                             std::chrono::minutes lead) {
  if (unit != TermUnit::kClockHours) return WorkingBefore(calendar, due, lead);
  return calendar.zone().ToZoned(due.instant - Micros(lead));
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
