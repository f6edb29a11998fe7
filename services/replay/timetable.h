// Timetable: the instants at which something may happen, from December 2019 to the end of January
// 2021. Half-hours of office time (07:45, 08:15 … 11:15, 13:45 … 16:45), and a few between them for
// what comes online while nobody is there. The clock of the services stands at one of them while
// all acts of that instant are done.
//
// Pure; immutable; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"

namespace motcua::replay {

// Index into Timetable::steps().
using Step = std::uint16_t;
inline constexpr Step kNever = UINT16_MAX;

// Of the life that is replayed, and of the period that is reported on.
inline constexpr const char* kLifeFirst = "2019-12-02";
inline constexpr const char* kPeriodFirst = "2020-01-01";
inline constexpr const char* kPeriodLast = "2020-10-31";
// Beyond the period: what is still open at its end has an end in mind.
inline constexpr const char* kLifeLast = "2021-01-29";

class Timetable {
 public:
  struct Entry {
    Instant at;
    CivilDate date;
    int minute = 0;       // of the day, by the city's clocks
    bool office = false;  // somebody is there
    int office_before = 0;
  };

  // Of the days that `calendar` says are worked; FIELD_INVALID when it does not cover them.
  static Result<Timetable> Make(const calendar::Calendar& calendar);

  const std::vector<Entry>& steps() const { return steps_; }
  const Entry& operator[](Step step) const { return steps_[step]; }

  CivilDate first_day() const { return first_day_; }  // of the period
  CivilDate last_day() const { return last_day_; }
  Step end() const { return end_; }  // the last step of the period
  // When the services' clock begins, and where it is left.
  Instant start() const { return start_; }
  Instant finish() const { return finish_; }

  // The step itself inside office hours, else the next one that is.
  Step OfficeFrom(Step step) const;
  // `count` office steps after OfficeFrom(step); the last one where there are not so many.
  Step OfficeAfter(Step step, int count) const;
  // How many office steps lie in [from, to).
  int OfficeBetween(Step from, Step to) const;
  // First and last office step of the day, or of the next working day (the last one before it).
  Step FirstOfficeFrom(CivilDate day) const;
  Step LastOfficeUntil(CivilDate day) const;
  // The office step `place` (0 = the first) of the `days`-th working day after the day of `step`.
  Step WorkingDayAfter(Step step, int days, int place) const;
  // Of a working day.
  int steps_a_day() const { return steps_a_day_; }

 private:
  std::vector<Entry> steps_;
  std::vector<Step> office_;            // ascending
  std::vector<int> office_before_day_;  // per day from kLifeFirst, and one more
  CivilDate origin_;
  CivilDate first_day_;
  CivilDate last_day_;
  Step end_ = 0;
  Instant start_;
  Instant finish_;
  int steps_a_day_ = 0;
};

}  // namespace motcua::replay
