// Why a due date is what it is: the rule with its law, the calendar's version, the days that were
// skipped and why, the pauses that counted (architecture.md §6: a due date can always be
// explained).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/deadline/due.h"
#include "services/domain/deadline/term.h"

namespace motcua::deadline {

enum class SkipReason : std::uint8_t {
  kWeekend,  // ngày nghỉ hằng tuần
  kHoliday,  // nghỉ lễ, nghỉ bù, hoán đổi
};

struct SkippedDay {
  CivilDate date;
  SkipReason reason;
  std::string name;  // of the holiday, where the calendar names it
};

struct DueExplanation {
  ZonedTime received;      // in the calendar's zone
  ZonedTime counted_from;  // differs from `received` outside office hours
  Term term;
  DuePolicy policy;
  std::string_view rule;  // one sentence
  std::string_view law;   // the articles behind it
  calendar::CalendarId calendar;
  calendar::CalendarVersion calendar_version;
  std::vector<calendar::OfficeSpan> office_hours;  // of a full working day
  Micros office_day{0};                            // and their length: what a day is in hours
  ZonedTime due_without_pauses;
  ZonedTime due;
  // Days between receipt and due date that did not count, ascending: of terms in calendar days and
  // months only those over which the receipt or the end rolled.
  std::vector<SkippedDay> skipped;
  std::vector<CivilDate> worked_days_off;  // Saturdays and Sundays that did count
  // What the days from the receipt to the due date rest on, ascending.
  std::vector<calendar::DayPeriod> periods;
  bool provisional = false;  // a day of them is not decided yet, so the due date may change
  std::vector<CountedPause> pauses;
};

// `pauses` ascending and apart from each other, none before the receipt: FIELD_INVALID otherwise.
Result<DueExplanation> ExplainDue(const calendar::Calendar& calendar, const ZonedTime& received,
                                  const Term& term, const DuePolicy& policy,
                                  std::span<const Pause> pauses = {});

// "7.5": the office hours of a day, or "7 h 20 min" where that is no fraction of a few digits.
std::string FormatDayLength(Micros office_day);

// The same for people, several lines.
std::string DescribeDue(const DueExplanation& explanation);

}  // namespace motcua::deadline
