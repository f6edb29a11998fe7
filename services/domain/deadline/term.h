// Term (thời hạn giải quyết): how long an agency has, in the units of the procedure sheets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/domain/codes/code_lists.h"

namespace motcua::deadline {

using codes::DueMode;
using codes::StartMode;
using codes::SupplementPolicy;
using codes::TermUnit;

struct Term {
  // Thousandths (kMilli) of the unit (domain.md: quarter and half days exist); 0..kTermMilliMax.
  std::int32_t milli = 0;
  TermUnit unit = TermUnit::kWorkingDays;

  friend bool operator==(const Term&, const Term&) = default;
};
inline constexpr std::int32_t kMilli = 1000;
inline constexpr std::int32_t kTermMilliMax = 4'000'000;

// "5wd", "0.5wd", "15d", "4h", "1mo", "24ch". Calendar days and months take whole numbers.
Result<Term> ParseTerm(std::string_view text);
std::string FormatTerm(const Term& term);

struct DuePolicy {
  DueMode mode = DueMode::kEndOfDay;
  StartMode start = StartMode::kNextDay;

  friend bool operator==(const DuePolicy&, const DuePolicy&) = default;
};

}  // namespace motcua::deadline
