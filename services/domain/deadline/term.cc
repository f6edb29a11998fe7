#include "services/domain/deadline/term.h"

#include <algorithm>
#include <array>

#include "services/base/text_cut.h"

namespace motcua::deadline {
namespace {

constexpr std::size_t kFractionDigitsMax = 3;

struct UnitRow {
  TermUnit unit;
  std::string_view suffix;
  bool whole;  // fractions are not allowed
};
constexpr std::array kUnits = {
    UnitRow{TermUnit::kWorkingDays, "wd", false}, UnitRow{TermUnit::kCalendarDays, "d", true},
    UnitRow{TermUnit::kWorkingHours, "h", false}, UnitRow{TermUnit::kMonths, "mo", true},
    UnitRow{TermUnit::kClockHours, "ch", false},
};

Status Malformed(std::string_view text, std::string_view what) {
  constexpr std::size_t kShownBytesMax = 40;
  return Status(Reason::kFieldInvalid,
                "\"" + std::string(CutText(text, kShownBytesMax)) + "\" " + std::string(what));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Result<Term> ParseTerm(std::string_view text) {
  constexpr std::string_view kExpected = "is not a term like 5wd, 0.5wd, 15d, 4h, 1mo or 24ch";
  constexpr std::size_t kWholeDigitsMax = 7;
  std::size_t at = 0;
  std::int64_t milli = 0;
  for (; at < text.size() && IsDigit(text[at]); ++at) {
    if (at == kWholeDigitsMax) return Malformed(text, "is longer than 4000 units");
    milli = milli * 10 + (text[at] - '0');
  }
  if (at == 0) return Malformed(text, kExpected);
  milli *= kMilli;
  if (at < text.size() && text[at] == '.') {
    const std::size_t begin = ++at;
    std::int32_t scale = kMilli / 10;
    for (; at < text.size() && IsDigit(text[at]); ++at, scale /= 10) {
      if (at - begin == kFractionDigitsMax) return Malformed(text, "has more than three decimals");
      milli += std::int64_t{scale} * (text[at] - '0');
    }
    if (at == begin) return Malformed(text, kExpected);
  }
  const std::string_view suffix = text.substr(at);
  const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                        [suffix](const UnitRow& r) { return r.suffix == suffix; });
  if (unit == kUnits.end()) return Malformed(text, kExpected);
  if (unit->whole && milli % kMilli != 0) {
    return Malformed(text, "has a fraction; calendar days and months are whole");
  }
  if (milli > kTermMilliMax) return Malformed(text, "is longer than 4000 units");
  return Term{static_cast<std::int32_t>(milli), unit->unit};
}

std::string FormatTerm(const Term& term) {
  std::string text = std::to_string(term.milli / kMilli);
  if (const std::int32_t fraction = term.milli % kMilli; fraction != 0) {
    const std::string digits = std::to_string(kMilli + fraction);
    text += "." + digits.substr(1);
    while (text.back() == '0') text.pop_back();
  }
  for (const UnitRow& row : kUnits) {
    if (row.unit == term.unit) text += row.suffix;
  }
  return text;
}

}  // namespace motcua::deadline
