#include "services/domain/calendar/calendar.h"

#include <algorithm>
#include <set>

namespace motcua::calendar {
namespace {

constexpr int kMinutesPerDay = 24 * 60;
constexpr int kSaturday = 6;
constexpr int kDaysPerYearMax = 366;
constexpr std::int64_t kMicrosPerMinute = 60'000'000;
constexpr std::uint32_t kOffRow = 0;
constexpr std::uint32_t kFullRow = 1;

std::string Path(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

Status CheckSpans(const std::string& field, const std::vector<OfficeSpan>& spans) {
  if (spans.empty()) return FieldError(field, "has no office hours");
  int end = 0;
  for (const OfficeSpan& span : spans) {
    if (span.from_minute < end) return FieldError(field, "spans overlap or are not ascending");
    if (span.to_minute <= span.from_minute)
      return FieldError(field, "a span ends before it begins");
    if (span.to_minute > kMinutesPerDay) return FieldError(field, "a span ends after 24:00");
    end = span.to_minute;
  }
  return OkStatus();
}

// Dates of one list: covered and not double. Adds them to `seen`.
Status CheckDate(const CalendarSpec& spec, const std::string& field, CivilDate date,
                 std::set<CivilDate>& seen) {
  if (date < spec.first || date > spec.last) {
    return FieldError(field, FormatDate(date) + " lies outside the days covered, " +
                                 FormatDate(spec.first) + " to " + FormatDate(spec.last));
  }
  if (!seen.insert(date).second) return FieldError(field, FormatDate(date) + " stands twice");
  return OkStatus();
}

Status CheckDays(const CalendarSpec& spec) {
  std::set<CivilDate> off;
  std::set<CivilDate> worked;
  std::set<CivilDate> half;
  for (std::size_t i = 0; i < spec.days_off.size(); ++i) {
    MOTCUA_RETURN_IF_ERROR(CheckDate(spec, Path("days_off", i), spec.days_off[i], off));
  }
  for (std::size_t i = 0; i < spec.worked_days_off.size(); ++i) {
    const CivilDate date = spec.worked_days_off[i];
    const std::string field = Path("worked_days_off", i);
    MOTCUA_RETURN_IF_ERROR(CheckDate(spec, field, date, worked));
    if (off.contains(date)) return FieldError(field, FormatDate(date) + " is also a day off");
    if (IsoWeekday(date) < kSaturday) {
      return FieldError(field, FormatDate(date) + " is neither a Saturday nor a Sunday");
    }
  }
  for (std::size_t i = 0; i < spec.half_days.size(); ++i) {
    const auto& [date, spans] = spec.half_days[i];
    const std::string field = Path("half_days", i);
    MOTCUA_RETURN_IF_ERROR(CheckDate(spec, field, date, half));
    MOTCUA_RETURN_IF_ERROR(CheckSpans(field, spans));
    if (off.contains(date)) return FieldError(field, FormatDate(date) + " is also a day off");
    if (IsoWeekday(date) >= kSaturday && !worked.contains(date)) {
      return FieldError(field, FormatDate(date) + " is a weekend day that is not worked");
    }
  }
  return OkStatus();
}

// One after the other over all days, so that each day rests on one thing.
Status CheckPeriods(const CalendarSpec& spec) {
  if (spec.periods.empty()) return OkStatus();
  CivilDate expected = spec.first;
  for (std::size_t i = 0; i < spec.periods.size(); ++i) {
    const DayPeriod& period = spec.periods[i];
    const std::string field = Path("periods", i);
    if (period.first != expected) {
      return FieldError(field, "begins on " + FormatDate(period.first) + ", not on " +
                                   FormatDate(expected) + ": the periods leave no gap");
    }
    if (period.last < period.first) return FieldError(field, "ends before it begins");
    if (period.last > spec.last) return FieldError(field, "ends after the last day covered");
    if (period.decided_on && period.status == DayStatus::kProvisional) {
      return FieldError(field, "is provisional and has a date of decision");
    }
    expected = period.last + 1;
  }
  if (expected != spec.last + 1) {
    return FieldError(Path("periods", spec.periods.size() - 1),
                      "ends before the last day covered, " + FormatDate(spec.last));
  }
  return OkStatus();
}

Status CheckSpec(const CalendarSpec& spec) {
  if (spec.id.empty()) return FieldError("id", "is missing");
  if (spec.version.value() == 0) return FieldError("version", "counts from 1");
  if (spec.last < spec.first) return FieldError("last", "lies before the first day covered");
  if (spec.last - spec.first >= kCalendarYearsMax * kDaysPerYearMax) {
    return FieldError("last", "more than " + std::to_string(kCalendarYearsMax) +
                                  " years are covered (kCalendarYearsMax)");
  }
  MOTCUA_RETURN_IF_ERROR(CheckSpans("office_hours", spec.office_hours));
  MOTCUA_RETURN_IF_ERROR(CheckPeriods(spec));
  return CheckDays(spec);
}

std::int64_t MinutesOf(const std::vector<OfficeSpan>& spans) {
  std::int64_t minutes = 0;
  for (const OfficeSpan& span : spans) minutes += span.to_minute - span.from_minute;
  return minutes;
}

CivilTime AtMinute(CivilDate date, int minute) {
  return {date, Micros(std::int64_t{minute} * kMicrosPerMinute)};
}

}  // namespace

Result<std::shared_ptr<const Calendar>> Calendar::Make(CalendarSpec spec) {
  MOTCUA_RETURN_IF_ERROR(CheckSpec(spec));
  return std::shared_ptr<const Calendar>(new Calendar(std::move(spec)));
}

Calendar::Calendar(CalendarSpec spec) : spec_(std::move(spec)) {
  std::sort(spec_.day_names.begin(), spec_.day_names.end());
  if (spec_.periods.empty()) spec_.periods.push_back({spec_.first, spec_.last});
  BuildTables();
}

void Calendar::BuildTables() {
  const std::size_t days = IndexOf(spec_.last) + 1;
  full_day_ = Micros(MinutesOf(spec_.office_hours) * kMicrosPerMinute);
  schedules_ = {{}, spec_.office_hours};
  schedule_of_.resize(days);
  for (std::size_t i = 0; i < days; ++i) {
    schedule_of_[i] = IsoWeekday(DateAt(i)) < kSaturday ? kFullRow : kOffRow;
  }
  for (const CivilDate date : spec_.days_off) schedule_of_[IndexOf(date)] = kOffRow;
  for (const CivilDate date : spec_.worked_days_off) schedule_of_[IndexOf(date)] = kFullRow;
  for (const auto& [date, spans] : spec_.half_days) {
    schedule_of_[IndexOf(date)] = static_cast<std::uint32_t>(schedules_.size());
    schedules_.push_back(spans);
  }
  working_before_.reserve(days + 1);
  minutes_before_.reserve(days + 1);
  std::int64_t minutes = 0;
  for (std::size_t i = 0; i < days; ++i) {
    working_before_.push_back(static_cast<std::int32_t>(working_days_.size()));
    minutes_before_.push_back(minutes);
    if (schedule_of_[i] == kOffRow) continue;
    working_days_.push_back(static_cast<std::uint32_t>(i));
    working_minutes_.push_back(minutes);
    minutes += MinutesOf(schedules_[schedule_of_[i]]);
  }
  working_before_.push_back(static_cast<std::int32_t>(working_days_.size()));
  minutes_before_.push_back(minutes);
}

std::size_t Calendar::IndexOf(CivilDate date) const {
  MOTCUA_CHECK(Covers(date), "a date outside the days that the calendar covers");
  return static_cast<std::size_t>(date - spec_.first);
}

bool Calendar::Decided(CivilDate from, CivilDate to) const {
  if (from > to || !Covers(from) || !Covers(to)) return false;
  const std::span<const DayPeriod> periods = PeriodsOf(from, to);
  return std::all_of(periods.begin(), periods.end(),
                     [](const DayPeriod& period) { return period.status == DayStatus::kDecided; });
}

CivilDate Calendar::DecidedUntil(CivilDate from) const {
  MOTCUA_CHECK(Decided(from), "a day that is not decided");
  CivilDate until = from;
  for (const DayPeriod& period : PeriodsOf(from, spec_.last)) {
    if (period.status != DayStatus::kDecided) break;
    until = period.last;
  }
  return until;
}

std::span<const DayPeriod> Calendar::PeriodsOf(CivilDate from, CivilDate to) const {
  const auto& periods = spec_.periods;
  const auto begin = std::find_if(periods.begin(), periods.end(),
                                  [from](const DayPeriod& p) { return p.last >= from; });
  const auto end =
      std::find_if(begin, periods.end(), [to](const DayPeriod& p) { return p.first > to; });
  return {begin, end};
}

bool Calendar::IsWorkingDay(CivilDate date) const { return schedule_of_[IndexOf(date)] != kOffRow; }

DayKind Calendar::KindOf(CivilDate date) const {
  const std::uint32_t row = schedule_of_[IndexOf(date)];
  const bool weekend = IsoWeekday(date) >= kSaturday;
  if (row == kOffRow) return weekend ? DayKind::kWeekend : DayKind::kHoliday;
  if (weekend) return DayKind::kWorkedDayOff;
  return row == kFullRow ? DayKind::kWorking : DayKind::kHalfDay;
}

std::string_view Calendar::NameOf(CivilDate date) const {
  const auto found = std::lower_bound(spec_.day_names.begin(), spec_.day_names.end(), date,
                                      [](const auto& row, CivilDate d) { return row.first < d; });
  if (found == spec_.day_names.end() || found->first != date) return {};
  return found->second;
}

std::span<const OfficeSpan> Calendar::OfficeHours(CivilDate date) const {
  return schedules_[schedule_of_[IndexOf(date)]];
}

CivilTime Calendar::Opening(CivilDate date) const {
  const std::span<const OfficeSpan> spans = OfficeHours(date);
  MOTCUA_CHECK(!spans.empty(), "a day off has no opening");
  return AtMinute(date, spans.front().from_minute);
}

CivilTime Calendar::Closing(CivilDate date) const {
  const std::span<const OfficeSpan> spans = OfficeHours(date);
  MOTCUA_CHECK(!spans.empty(), "a day off has no closing");
  // A day whose office hours end at 24:00 closes at the first instant of the next.
  const int minute = spans.back().to_minute;
  return minute == kMinutesPerDay ? AtMinute(date + 1, 0) : AtMinute(date, minute);
}

int Calendar::WorkingDaysBefore(CivilDate date) const { return working_before_[IndexOf(date)]; }

std::optional<CivilDate> Calendar::WorkingDayFrom(CivilDate date) const {
  const auto row = static_cast<std::size_t>(working_before_[IndexOf(date)]);
  if (row >= working_days_.size()) return std::nullopt;
  return DateAt(working_days_[row]);
}

std::optional<CivilDate> Calendar::WorkingDayAfter(CivilDate date, int count) const {
  MOTCUA_CHECK(count >= 1, "counted from the next working day on");
  // Working days up to and including `date`, so that row `before` is the first one after it.
  const std::int64_t before = working_before_[IndexOf(date) + 1];
  const auto row = static_cast<std::size_t>(before + count - 1);
  if (row >= working_days_.size()) return std::nullopt;
  return DateAt(working_days_[row]);
}

std::optional<CivilTime> Calendar::NextOfficeTime(CivilTime at) const {
  for (const OfficeSpan& span : OfficeHours(at.date)) {
    const CivilTime from = AtMinute(at.date, span.from_minute);
    if (at.time_of_day < from.time_of_day) return from;
    if (at.time_of_day.count() < span.to_minute * kMicrosPerMinute) return at;
  }
  const std::optional<CivilDate> next = WorkingDayAfter(at.date, 1);
  if (!next) return std::nullopt;
  return Opening(*next);
}

Micros Calendar::WorkedBefore(CivilTime at) const {
  std::int64_t micros = minutes_before_[IndexOf(at.date)] * kMicrosPerMinute;
  for (const OfficeSpan& span : OfficeHours(at.date)) {
    const std::int64_t from = span.from_minute * kMicrosPerMinute;
    const std::int64_t to = span.to_minute * kMicrosPerMinute;
    micros += std::clamp(at.time_of_day.count(), from, to) - from;
  }
  return Micros(micros);
}

CivilTime Calendar::PlaceInDay(std::size_t day, std::int64_t micros, bool latest) const {
  for (const OfficeSpan& span : schedules_[schedule_of_[day]]) {
    const std::int64_t length = (span.to_minute - span.from_minute) * kMicrosPerMinute;
    if (latest ? micros < length : micros <= length) {
      const std::int64_t at = span.from_minute * kMicrosPerMinute + micros;
      const std::int64_t day_length = kMinutesPerDay * kMicrosPerMinute;
      return at == day_length ? CivilTime{DateAt(day) + 1, Micros(0)}
                              : CivilTime{DateAt(day), Micros(at)};
    }
    micros -= length;
  }
  MOTCUA_CHECK(false, "more office time than the day has");
  return {};
}

std::optional<CivilTime> Calendar::TimeWhenWorked(Micros worked) const {
  if (worked.count() <= 0) return AtMinute(spec_.first, 0);
  if (worked.count() > minutes_before_.back() * kMicrosPerMinute) return std::nullopt;
  // The last working day before whose opening less than `worked` was worked.
  const auto after =
      std::lower_bound(working_minutes_.begin(), working_minutes_.end(), worked.count(),
                       [](std::int64_t minutes, std::int64_t micros) {
                         return minutes * kMicrosPerMinute < micros;
                       });
  const auto row = static_cast<std::size_t>(std::prev(after) - working_minutes_.begin());
  return PlaceInDay(working_days_[row], worked.count() - working_minutes_[row] * kMicrosPerMinute,
                    false);
}

std::optional<CivilTime> Calendar::LastTimeWhenWorked(Micros worked) const {
  if (worked.count() < 0 || worked.count() >= minutes_before_.back() * kMicrosPerMinute) {
    return std::nullopt;
  }
  const auto after =
      std::upper_bound(working_minutes_.begin(), working_minutes_.end(), worked.count(),
                       [](std::int64_t micros, std::int64_t minutes) {
                         return micros < minutes * kMicrosPerMinute;
                       });
  const auto row = static_cast<std::size_t>(std::prev(after) - working_minutes_.begin());
  return PlaceInDay(working_days_[row], worked.count() - working_minutes_[row] * kMicrosPerMinute,
                    true);
}

}  // namespace motcua::calendar
