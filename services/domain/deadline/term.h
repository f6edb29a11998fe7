// Term (thời hạn giải quyết): how long an agency has, in the units of the procedure sheets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/status.h"

namespace motcua::deadline {

// Values are stored in events: do not change.
enum class TermUnit : std::uint8_t {
  kWorkingDays = 1,   // ngày làm việc, "5wd", also "0.5wd"; "0wd" = the same day
  kCalendarDays = 2,  // ngày, "15d": days off count inside, the end rolls to a working day
  kWorkingHours = 3,  // giờ làm việc, "4h": run inside office hours
  kMonths = 4,        // tháng, "1mo": same date number, or the last day of a shorter month
  kClockHours = 5,    // giờ, "24ch": by the clock, nights and days off inside (NĐ 301/2026)
};

struct Term {
  // Thousandths of the unit (domain.md: quarter and half days exist); 0..kTermMilliMax.
  std::int32_t milli = 0;
  TermUnit unit = TermUnit::kWorkingDays;

  friend bool operator==(const Term&, const Term&) = default;
};
inline constexpr std::int32_t kTermMilliMax = 4'000'000;

// "5wd", "0.5wd", "15d", "4h", "1mo", "24ch". Calendar days and months take whole numbers.
Result<Term> ParseTerm(std::string_view text);
std::string FormatTerm(const Term& term);

// Values are stored in events: do not change.
enum class DueMode : std::uint8_t {
  kEndOfDay = 1,  // end of office hours of the due day (the default for days)
  kKeepHour = 2,  // the clock reading of the receipt, on the due day
};
enum class StartMode : std::uint8_t {
  kNextDay = 1,  // the first day is not counted (Civil Code 2015, art. 147)
  kAtOnce = 2,   // the day of receipt counts as the first
};
// What a formal supplement request does to the clock (domain.md §12.2).
enum class SupplementPolicy : std::uint8_t {
  kRestart = 1,  // counted anew after the complete dossier (NĐ 61/2018 art. 19.4)
  kPause = 2,    // goes on with what was left
};

struct DuePolicy {
  DueMode mode = DueMode::kEndOfDay;
  StartMode start = StartMode::kNextDay;

  friend bool operator==(const DuePolicy&, const DuePolicy&) = default;
};

}  // namespace motcua::deadline
