// Calendar (lịch làm việc): which days an agency works, its office hours and its zone.
//
// Immutable after Make; safe to share between threads. Pure: days off, worked Saturdays, office
// hours and the zone's offsets are data handed in by the catalogue.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/base/strong.h"
#include "services/base/time.h"

namespace motcua::calendar {

// "vn-state"; one calendar per class of agency, for it is each employer's own (domain.md §6.5).
using CalendarId = Strong<std::string, struct CalendarIdTag>;
// Counts up with each published change of one calendar; from 1.
using CalendarVersion = Strong<std::uint32_t, struct CalendarVersionTag>;

// A time zone as data: its offset from `from` on, ascending; the first row holds for all before.
class Zone {
 public:
  struct Transition {
    Instant from;
    UtcOffset offset;
  };
  static Zone Fixed(UtcOffset offset);
  // At least one transition, strictly ascending.
  static Result<Zone> Make(std::vector<Transition> transitions);

  UtcOffset OffsetAt(Instant instant) const;
  // A wall-clock reading that occurs twice means its first occurrence; one that is skipped means
  // the instant that the clock would have shown without the jump.
  ZonedTime ToZoned(CivilTime civil) const;
  ZonedTime ToZoned(Instant instant) const { return {instant, OffsetAt(instant)}; }

 private:
  std::vector<Transition> transitions_;
};

// Which version of which calendar something was computed by. Version 0: it is not known.
struct CalendarUsed {
  CalendarId id;
  CalendarVersion version;
  friend bool operator==(const CalendarUsed&, const CalendarUsed&) = default;
};

// Half-open span of office hours, minutes since local midnight.
struct OfficeSpan {
  int from_minute;
  int to_minute;

  friend bool operator==(const OfficeSpan&, const OfficeSpan&) = default;
};

enum class DayStatus : std::uint8_t {
  kDecided = 1,      // by a document, or by a law that leaves nothing to decide
  kProvisional = 2,  // computed until a decision comes, which may say otherwise
};

// Days on end that rest on the same document.
struct DayPeriod {
  CivilDate first;
  CivilDate last;
  DayStatus status = DayStatus::kDecided;
  std::string document = {};                 // "CV 10065/VPCP-KGVX", in the words of the law
  std::optional<CivilDate> decided_on = {};  // the day of the document, where it is known
};

struct CalendarSpec {
  CalendarId id;
  CalendarVersion version;
  Zone zone = Zone::Fixed(UtcOffset{7 * 60});
  CivilDate first;                         // first day covered
  CivilDate last;                          // last day covered, at most kCalendarYearsMax later
  std::vector<OfficeSpan> office_hours;    // of a full working day: ascending, disjoint
  std::vector<CivilDate> days_off;         // weekdays that are not worked (holidays, swaps)
  std::vector<CivilDate> worked_days_off;  // Saturdays and Sundays that are worked (swaps)
  std::vector<std::pair<CivilDate, std::vector<OfficeSpan>>> half_days;  // days with other hours
  std::vector<std::pair<CivilDate, std::string>> day_names;  // "Tết Nguyên đán": for explanations
  // What the days rest on: ascending, from `first` to `last` without a gap. None: all are decided,
  // and by which document is not known.
  std::vector<DayPeriod> periods = {};
  std::string employers = {};  // whose days they are: "cơ quan nhà nước"
};
inline constexpr int kCalendarYearsMax = 50;

// What a day is, for explanations.
enum class DayKind : std::uint8_t {
  kWorking,       // Monday to Friday with full hours
  kHalfDay,       // worked with hours of its own
  kWorkedDayOff,  // Saturday or Sunday that is worked (làm bù)
  kWeekend,       // ngày nghỉ hằng tuần
  kHoliday,       // weekday off: public holiday, compensation or swap
};

// Days and office time are answered from tables built once: a question costs an index or one short
// binary search, and allocates nothing.
class Calendar {
 public:
  // FIELD_INVALID naming the part of the spec that contradicts itself.
  static Result<std::shared_ptr<const Calendar>> Make(CalendarSpec spec);

  const CalendarId& id() const { return spec_.id; }
  CalendarVersion version() const { return spec_.version; }
  const Zone& zone() const { return spec_.zone; }
  CivilDate first() const { return spec_.first; }
  CivilDate last() const { return spec_.last; }
  bool Covers(CivilDate date) const { return date >= spec_.first && date <= spec_.last; }
  const CalendarSpec& spec() const { return spec_; }
  CalendarUsed used() const { return {spec_.id, spec_.version}; }

  // Whether a decision covers the day, or all days of [from, to]. What is not covered at all is
  // not decided.
  bool Decided(CivilDate date) const { return Decided(date, date); }
  bool Decided(CivilDate from, CivilDate to) const;
  // The last day of the decided ones on end that `from`, a decided day, is one of.
  CivilDate DecidedUntil(CivilDate from) const;
  // What the days of [from, to] rest on, ascending.
  std::span<const DayPeriod> PeriodsOf(CivilDate from, CivilDate to) const;
  // Office time of a full working day.
  Micros FullDay() const { return full_day_; }

  // The questions below are answered for covered dates only (a CHECK otherwise). Where the answer
  // may lie outside the covered days, it is nullopt then.
  bool IsWorkingDay(CivilDate date) const;
  DayKind KindOf(CivilDate date) const;
  // The name given to the day, if any.
  std::string_view NameOf(CivilDate date) const;
  // Empty on a day off.
  std::span<const OfficeSpan> OfficeHours(CivilDate date) const;
  // Of a working day: when its first span begins, when its last one ends.
  CivilTime Opening(CivilDate date) const;
  CivilTime Closing(CivilDate date) const;

  // Working days in [first(), date).
  int WorkingDaysBefore(CivilDate date) const;
  // `date` itself or the first working day after it.
  std::optional<CivilDate> WorkingDayFrom(CivilDate date) const;
  // The working day `count` (at least 1) working days after `date`; `date` itself is not counted.
  std::optional<CivilDate> WorkingDayAfter(CivilDate date, int count) const;

  // `at` itself inside office hours (half-open), else the next opening.
  std::optional<CivilTime> NextOfficeTime(CivilTime at) const;
  // Office time in [first() 00:00, at).
  Micros WorkedBefore(CivilTime at) const;
  // The earliest instant before which `worked` was worked: a span's end rather than the next
  // span's beginning.
  std::optional<CivilTime> TimeWhenWorked(Micros worked) const;
  // The latest such instant: a span's beginning rather than the end of the one before.
  std::optional<CivilTime> LastTimeWhenWorked(Micros worked) const;

 private:
  explicit Calendar(CalendarSpec spec);
  void BuildTables();
  std::size_t IndexOf(CivilDate date) const;
  CivilDate DateAt(std::size_t index) const { return spec_.first + static_cast<int>(index); }
  CivilTime PlaceInDay(std::size_t day, std::int64_t micros, bool latest) const;

  CalendarSpec spec_;
  Micros full_day_{0};
  // Row 0 is the day off, row 1 the full working day, the others are half days.
  std::vector<std::vector<OfficeSpan>> schedules_;
  std::vector<std::uint32_t> schedule_of_;     // per covered day: row of schedules_
  std::vector<std::int32_t> working_before_;   // per covered day, and one more: working days before
  std::vector<std::int64_t> minutes_before_;   // likewise: office minutes before
  std::vector<std::uint32_t> working_days_;    // the working days, as indices of days
  std::vector<std::int64_t> working_minutes_;  // per working day: office minutes before it
};

}  // namespace motcua::calendar
