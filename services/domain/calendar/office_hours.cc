#include "services/domain/calendar/office_hours.h"

#include <charconv>

#include "services/base/text.h"

namespace motcua::calendar {
namespace {

constexpr int kMinutesPerHour = 60;
constexpr int kMinutesPerDay = 24 * kMinutesPerHour;

// "07:30" to "24:00".
std::optional<int> MinuteOf(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  int hour = 0;
  int minute = 0;
  const char* const begin = text.data();
  if (std::from_chars(begin, begin + 2, hour).ptr != begin + 2 ||
      std::from_chars(begin + 3, begin + 5, minute).ptr != begin + 5 || hour < 0 || minute < 0 ||
      minute >= kMinutesPerHour || hour * kMinutesPerHour + minute > kMinutesPerDay) {
    return std::nullopt;
  }
  return hour * kMinutesPerHour + minute;
}

std::string FormatMinute(int minute) {
  constexpr int kTen = 10;
  const int hour = minute / kMinutesPerHour;
  const int rest = minute % kMinutesPerHour;
  return (hour < kTen ? "0" : "") + std::to_string(hour) + (rest < kTen ? ":0" : ":") +
         std::to_string(rest);
}

}  // namespace

std::optional<OfficeSpan> ParseOfficeSpan(std::string_view text) {
  const auto parts = SplitText(text, '-');
  if (parts.size() != 2) return std::nullopt;
  const auto from = MinuteOf(parts[0]);
  const auto to = MinuteOf(parts[1]);
  if (!from || !to) return std::nullopt;
  return OfficeSpan{*from, *to};
}

Result<std::vector<OfficeSpan>> ParseOfficeHours(std::string_view text) {
  std::vector<OfficeSpan> spans;
  for (const std::string_view part : SplitText(text, ',')) {
    const std::optional<OfficeSpan> span = ParseOfficeSpan(Trim(part));
    if (!span) {
      return FieldError("office_hours",
                        "\"" + std::string(part) + "\" is not a span of hours like 07:30-11:30");
    }
    spans.push_back(*span);
  }
  return spans;
}

std::string FormatOfficeHours(std::span<const OfficeSpan> spans) {
  std::string text;
  for (const OfficeSpan& span : spans) {
    if (!text.empty()) text += ",";
    text += FormatMinute(span.from_minute) + "-" + FormatMinute(span.to_minute);
  }
  return text;
}

}  // namespace motcua::calendar
