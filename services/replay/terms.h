// How long a term is, roughly: for weights and choices, never for due dates. Pure.
#pragma once

#include <cstdint>

#include "services/domain/deadline/term.h"

namespace motcua::replay {

// In thousandths of a working day.
inline std::int64_t RoughDays(const deadline::Term& term) {
  using enum deadline::TermUnit;
  constexpr std::int64_t kDaysOfMonth = 21;
  switch (term.unit) {
    case kWorkingDays:
      return term.milli;
    case kCalendarDays:
      return term.milli * std::int64_t{5} / 7;
    case kMonths:
      return term.milli * kDaysOfMonth;
    case kWorkingHours:
      return term.milli / 8;
    case kClockHours:
      return term.milli / 24;
  }
  return 0;
}

}  // namespace motcua::replay
