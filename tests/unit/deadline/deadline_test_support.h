// Calendars, readings and random cases shared by the tests of this folder.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/deadline/due.h"
#include "services/platform/catalogue/catalogue_files.h"

namespace motcua::deadline {

inline const calendar::Calendar& State() {
  static const auto kCatalogue = catalogue::BuiltinCatalogue();
  return *kCatalogue->FindCalendar(calendar::CalendarId("vn-state"));
}

// A reading of Asia/Ho_Chi_Minh.
inline ZonedTime At(std::string_view text) {
  return State().zone().ToZoned(ParseCivilTime(text).value());
}

inline Term T(std::string_view text) { return ParseTerm(text).value(); }

// "2020-02-03T17:00" (+07:00), or the error.
inline std::string Show(const Result<ZonedTime>& time) {
  if (!time.ok()) return time.status().ToString();
  std::string text = FormatZonedTime(*time);
  return text.ends_with(":00+07:00") ? text.substr(0, 16) : text.substr(0, text.size() - 6);
}

// Three months of 2020 with holidays, swaps, half days, and in `odd` with hours to midnight.
inline std::shared_ptr<const calendar::Calendar> SmallCalendar(bool odd) {
  calendar::CalendarSpec spec;
  spec.id = calendar::CalendarId(odd ? "odd" : "small");
  spec.version = calendar::CalendarVersion(3);
  spec.first = MakeDate(2020, 1, 1);
  spec.last = MakeDate(2020, 12, 31);
  spec.office_hours = {{450, 690}, {810, 1020}};
  if (odd) spec.office_hours = {{0, 30}, {421, 700}, {1200, 1440}};
  for (int day = 20; day <= 29; ++day) {
    if (IsoWeekday(MakeDate(2020, 1, day)) < 6) spec.days_off.push_back(MakeDate(2020, 1, day));
  }
  spec.days_off.push_back(MakeDate(2020, 2, 12));
  spec.worked_days_off = {MakeDate(2020, 2, 1), MakeDate(2020, 2, 16)};
  spec.half_days = {{MakeDate(2020, 1, 17), {{450, 690}}},
                    {MakeDate(2020, 2, 16), {{500, 515}}},
                    {MakeDate(2020, 3, 4), {{810, 1200}}}};
  return calendar::Calendar::Make(std::move(spec)).value();
}

// The random cases of the comparisons with the slow model.
class Cases {
 public:
  explicit Cases(unsigned seed) : random_(seed) {}

  int Int(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  ZonedTime Moment(const calendar::Calendar& calendar, int days) {
    const CivilTime civil{calendar.first() + Int(0, days),
                          Micros(std::chrono::seconds(Int(0, 24 * 60 * 4 - 1) * 15))};
    return calendar.zone().ToZoned(civil);
  }

  Term AnyTerm() {
    switch (Int(0, 5)) {
      case 0:
        return {Int(0, 30) * 1000, TermUnit::kWorkingDays};
      case 1:
        return {Int(0, 40) * 250, TermUnit::kWorkingDays};
      case 2:
        return {Int(0, 60) * 1000, TermUnit::kCalendarDays};
      case 3:
        return {Int(0, 200) * 250, TermUnit::kWorkingHours};
      case 4:
        return {Int(0, 400) * 250, TermUnit::kClockHours};
      default:
        return {Int(0, 3) * 1000, TermUnit::kMonths};
    }
  }

  // Ascending, apart from each other, from `begin` on: most of a few minutes, some of days.
  std::vector<Pause> Pauses(const calendar::Calendar& calendar, Instant begin, int most) {
    std::vector<Pause> pauses;
    Instant at = begin;
    for (int left = Int(0, most); left > 0; --left) {
      const Instant from = at + Micros(std::chrono::minutes(Int(0, 600)));
      const Micros length = Int(0, 5) == 0 ? Micros(std::chrono::minutes(Int(0, 4 * 24 * 60)))
                                           : Micros(std::chrono::seconds(Int(0, 600)));
      at = from + length;
      pauses.push_back({calendar.zone().ToZoned(from), calendar.zone().ToZoned(at)});
    }
    return pauses;
  }

  DuePolicy AnyPolicy() {
    return {Int(0, 1) == 0 ? DueMode::kEndOfDay : DueMode::kKeepHour,
            Int(0, 1) == 0 ? StartMode::kNextDay : StartMode::kAtOnce};
  }

 private:
  std::mt19937 random_;
};

inline std::string Describe(const ZonedTime& at, const Term& term, const DuePolicy& policy) {
  return FormatZonedTime(at) + " " + FormatTerm(term) +
         (policy.mode == DueMode::kKeepHour ? " keep_hour" : " end_of_day") +
         (policy.start == StartMode::kAtOnce ? " at_once" : " next_day");
}

}  // namespace motcua::deadline
