#include "services/base/time.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "services/base/text_cut.h"

namespace motcua {
namespace {

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
constexpr int kYearMin = 1900;
constexpr int kYearMax = 2199;
constexpr int kOffsetMinutesMax = 18 * 60;

constexpr std::int64_t FloorDiv(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Reads exactly `width` digits from `text` at `position`.
std::optional<int> Digits(std::string_view text, std::size_t position, std::size_t width) {
  if (position + width > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = position; i < position + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

Status Malformed(std::string_view text, std::string_view expected) {
  constexpr std::size_t kShownBytesMax = 40;
  return Status(Reason::kFieldInvalid, "\"" + std::string(CutText(text, kShownBytesMax)) +
                                           "\" is not " + std::string(expected));
}

// Splits the offset from the end of `text`; nullopt if there is none or it is malformed.
std::optional<UtcOffset> TakeOffset(std::string_view& text) {
  if (!text.empty() && (text.back() == 'Z' || text.back() == 'z')) {
    text.remove_suffix(1);
    return UtcOffset{0};
  }
  constexpr std::size_t kOffsetBytes = 6;  // ±hh:mm
  if (text.size() < kOffsetBytes) return std::nullopt;
  const std::string_view tail = text.substr(text.size() - kOffsetBytes);
  const auto hours = Digits(tail, 1, 2);
  const auto minutes = Digits(tail, 4, 2);
  if ((tail[0] != '+' && tail[0] != '-') || tail[3] != ':' || !hours || !minutes || *minutes > 59 ||
      *hours * 60 + *minutes > kOffsetMinutesMax) {
    return std::nullopt;
  }
  text.remove_suffix(kOffsetBytes);
  const int total = *hours * 60 + *minutes;
  return UtcOffset{static_cast<std::int16_t>(tail[0] == '-' ? -total : total)};
}

std::string FormatCivil(CivilTime civil) {
  const YearMonthDay ymd = Split(civil.date);
  const std::int64_t micros = civil.time_of_day.count();
  const auto seconds = static_cast<int>(micros / 1'000'000);
  const auto fraction = static_cast<int>(micros % 1'000'000);
  std::array<char, 40> buffer{};
  int written =
      std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02dT%02d:%02d:%02d", ymd.year,
                    ymd.month, ymd.day, seconds / 3600, seconds / 60 % 60, seconds % 60);
  std::string text(buffer.data(), static_cast<std::size_t>(written));
  if (fraction != 0) {
    written = std::snprintf(buffer.data(), buffer.size(), ".%06d", fraction);
    text.append(buffer.data(), static_cast<std::size_t>(written));
    while (text.back() == '0') text.pop_back();
  }
  return text;
}

}  // namespace

CivilDate MakeDate(int year, int month, int day) {
  const std::chrono::year_month_day ymd{std::chrono::year{year},
                                        std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  MOTCUA_CHECK(ymd.ok(), "no such day");
  return {static_cast<std::int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

YearMonthDay Split(CivilDate date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{date.days}}};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

int IsoWeekday(CivilDate date) {
  // 1970-01-01 was a Thursday.
  return ((date.days + 3) % 7 + 7) % 7 + 1;
}

int DaysInMonth(int year, int month) {
  const std::chrono::year_month_day_last last{
      std::chrono::year{year},
      std::chrono::month_day_last{std::chrono::month{static_cast<unsigned>(month)}}};
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

CivilTime ZonedTime::civil() const {
  const std::int64_t local = instant.micros + std::int64_t{offset.minutes} * 60'000'000;
  const std::int64_t day = FloorDiv(local, kMicrosPerDay);
  return {CivilDate{static_cast<std::int32_t>(day)}, Micros(local - day * kMicrosPerDay)};
}

ZonedTime AtOffset(CivilTime civil, UtcOffset offset) {
  return {StartOfDay(civil.date, offset) + civil.time_of_day, offset};
}

Instant StartOfDay(CivilDate date, UtcOffset offset) {
  return {std::int64_t{date.days} * kMicrosPerDay - std::int64_t{offset.minutes} * 60'000'000};
}

Result<CivilDate> ParseDate(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !year || !month || !day ||
      *year < kYearMin || *year > kYearMax || *month < 1 || *month > 12 || *day < 1 ||
      *day > DaysInMonth(*year, *month)) {
    return Malformed(text, "a date like 2020-01-31");
  }
  return MakeDate(*year, *month, *day);
}

std::string FormatDate(CivilDate date) {
  const YearMonthDay ymd = Split(date);
  std::array<char, 16> buffer{};
  const int written =
      std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02d", ymd.year, ymd.month, ymd.day);
  return {buffer.data(), static_cast<std::size_t>(written)};
}

Result<CivilTime> ParseCivilTime(std::string_view text) {
  constexpr std::string_view kExpected = "a time like 2020-01-31T09:32 or 2020-01-31T09:32:05";
  constexpr std::size_t kMinuteBytes = 16;
  if (text.size() < kMinuteBytes || (text[10] != 'T' && text[10] != ' ')) {
    return Malformed(text, kExpected);
  }
  const Result<CivilDate> date = ParseDate(text.substr(0, 10));
  const auto hour = Digits(text, 11, 2);
  const auto minute = Digits(text, 14, 2);
  if (!date.ok() || text[13] != ':' || !hour || !minute || *hour > 23 || *minute > 59) {
    return Malformed(text, kExpected);
  }
  std::int64_t micros = (std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60) * 1'000'000;
  std::string_view rest = text.substr(kMinuteBytes);
  if (!rest.empty()) {
    const auto second = Digits(rest, 1, 2);
    if (rest[0] != ':' || !second || *second > 59) return Malformed(text, kExpected);
    micros += std::int64_t{*second} * 1'000'000;
    rest.remove_prefix(3);
  }
  if (!rest.empty()) {
    constexpr std::size_t kFractionDigitsMax = 6;
    if (rest[0] != '.' || rest.size() < 2 || rest.size() > 1 + kFractionDigitsMax) {
      return Malformed(text, kExpected);
    }
    const auto fraction = Digits(rest, 1, rest.size() - 1);
    if (!fraction) return Malformed(text, kExpected);
    std::int64_t scaled = *fraction;
    for (std::size_t i = rest.size() - 1; i < kFractionDigitsMax; ++i) scaled *= 10;
    micros += scaled;
  }
  return CivilTime{*date, Micros(micros)};
}

Result<ZonedTime> ParseZonedTime(std::string_view text) {
  constexpr std::string_view kExpected = "a time with offset like 2020-01-31T09:32:00+07:00";
  std::string_view civil_text = text;
  const auto offset = TakeOffset(civil_text);
  if (!offset) return Malformed(text, kExpected);
  const Result<CivilTime> civil = ParseCivilTime(civil_text);
  if (!civil.ok()) return Malformed(text, kExpected);
  return AtOffset(*civil, *offset);
}

std::string FormatZonedTime(const ZonedTime& time) {
  const int minutes = std::abs(int{time.offset.minutes});
  std::array<char, 16> buffer{};
  const int written =
      std::snprintf(buffer.data(), buffer.size(), "%c%02d:%02d",
                    time.offset.minutes < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return FormatCivil(time.civil()) + std::string(buffer.data(), static_cast<std::size_t>(written));
}

std::string FormatInstant(Instant instant) {
  return FormatCivil(ZonedTime{instant, UtcOffset{0}}.civil()) + "Z";
}

}  // namespace motcua
