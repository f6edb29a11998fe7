#include "services/platform/imports/time_format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "services/platform/imports/day_first.h"

namespace motcua::imports {
namespace {

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2199;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

Status PatternError(std::string_view pattern, std::string_view what) {
  return FieldError("formats", "the pattern \"" + std::string(pattern) + "\" " + std::string(what));
}

}  // namespace

struct TimeFormat::Fields {
  int year = -1;
  int month = -1;
  int day = -1;
  int hour = -1;
  int hour12 = -1;
  int minute = -1;
  int second = -1;
  int half = -1;  // 0 = AM, 1 = PM
};

Result<TimeFormat::Token> TimeFormat::ReadLetters(std::string_view letters) {
  struct Row {
    std::string_view letters;
    Token token;
  };
  static const std::array<Row, 12> kRows = {
      Row{"yyyy", {Part::kYear, 4, 4, ""}}, Row{"MM", {Part::kMonth, 2, 2, ""}},
      Row{"M", {Part::kMonth, 1, 2, ""}},   Row{"dd", {Part::kDay, 2, 2, ""}},
      Row{"d", {Part::kDay, 1, 2, ""}},     Row{"HH", {Part::kHour, 2, 2, ""}},
      Row{"H", {Part::kHour, 1, 2, ""}},    Row{"hh", {Part::kHour12, 2, 2, ""}},
      Row{"h", {Part::kHour12, 1, 2, ""}},  Row{"mm", {Part::kMinute, 2, 2, ""}},
      Row{"ss", {Part::kSecond, 2, 2, ""}}, Row{"a", {Part::kHalf, 0, 0, ""}},
  };
  const auto* const row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.letters == letters; });
  if (row == kRows.end()) {
    return PatternError(letters, "is not one of yyyy M MM d dd H HH h hh mm ss a");
  }
  return row->token;
}

Result<TimeFormat> TimeFormat::Make(std::string_view pattern) {
  TimeFormat format;
  format.pattern_ = std::string(pattern);
  static constexpr std::array kNames = {
      std::pair{std::string_view("iso"), Kind::kIso},
      std::pair{std::string_view("day-first"), Kind::kDayFirst},
      std::pair{std::string_view("month-first"), Kind::kMonthFirst},
      std::pair{std::string_view("serial"), Kind::kSerial},
  };
  for (const auto& [name, kind] : kNames) {
    if (pattern != name) continue;
    format.kind_ = kind;
    return format;
  }
  for (std::size_t at = 0; at < pattern.size();) {
    std::size_t end = at + 1;
    if (pattern[at] == '\'') {
      end = pattern.find('\'', at + 1);
      if (end == std::string_view::npos) return PatternError(pattern, "has an open quote");
      format.tokens_.push_back(
          {Part::kLiteral, 0, 0, std::string(pattern.substr(at + 1, end - at - 1))});
      at = end + 1;
      continue;
    }
    if (!IsLetter(pattern[at])) {
      format.tokens_.push_back({Part::kLiteral, 0, 0, std::string(1, pattern[at])});
      at = end;
      continue;
    }
    while (end < pattern.size() && pattern[end] == pattern[at]) ++end;
    Result<Token> token = ReadLetters(pattern.substr(at, end - at));
    if (!token.ok()) return token.status();
    format.tokens_.push_back(std::move(token).value());
    at = end;
  }
  for (const Part part : {Part::kYear, Part::kMonth, Part::kDay}) {
    const bool named = std::any_of(format.tokens_.begin(), format.tokens_.end(),
                                   [part](const Token& token) { return token.part == part; });
    if (!named) return PatternError(pattern, "must name day, month and year");
  }
  return format;
}

bool TimeFormat::Take(const Token& token, std::string_view& text, Fields& fields) {
  if (token.part == Part::kLiteral) {
    if (!text.starts_with(token.literal)) return false;
    text.remove_prefix(token.literal.size());
    return true;
  }
  if (token.part == Part::kHalf) {
    if (text.size() < 2 || ToUpper(text[1]) != 'M') return false;
    const char half = ToUpper(text[0]);
    if (half != 'A' && half != 'P') return false;
    fields.half = half == 'P' ? 1 : 0;
    text.remove_prefix(2);
    return true;
  }
  int value = 0;
  std::size_t digits = 0;
  while (digits < token.digits_max && digits < text.size() && IsDigit(text[digits])) {
    value = value * 10 + (text[digits++] - '0');
  }
  if (digits < token.digits_min) return false;
  text.remove_prefix(digits);
  constexpr std::array kFields = {&Fields::year,   &Fields::month,  &Fields::day,   &Fields::hour,
                                  &Fields::hour12, &Fields::minute, &Fields::second};
  fields.*kFields.at(static_cast<std::size_t>(token.part) - 1) = value;
  return true;
}

std::optional<TimeReading> TimeFormat::Assemble(const Fields& fields) {
  if (fields.year < kYearMin || fields.year > kYearMax) return std::nullopt;
  if (fields.month < 1 || fields.month > 12) return std::nullopt;
  if (fields.day < 1 || fields.day > DaysInMonth(fields.year, fields.month)) return std::nullopt;
  TimeReading reading{MakeDate(fields.year, fields.month, fields.day), {}, {}};
  int hour = fields.hour;
  if (fields.hour12 >= 0) {
    if (fields.hour12 < 1 || fields.hour12 > 12 || fields.half < 0) return std::nullopt;
    hour = fields.hour12 % 12 + 12 * fields.half;
  }
  if (hour < 0) return reading;
  const int minute = std::max(fields.minute, 0);
  const int second = std::max(fields.second, 0);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  reading.time_of_day =
      std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  return reading;
}

std::optional<TimeReading> TimeFormat::ReadIso(std::string_view text) {
  if (const Result<CivilTime> civil = ParseCivilTime(text); civil.ok()) {
    return TimeReading{civil->date, civil->time_of_day, std::nullopt};
  }
  if (const Result<CivilDate> day = ParseDate(text); day.ok()) {
    return TimeReading{*day, std::nullopt, std::nullopt};
  }
  if (const Result<ZonedTime> zoned = ParseZonedTime(text); zoned.ok()) {
    const CivilTime civil = zoned->civil();
    return TimeReading{civil.date, civil.time_of_day, zoned->offset};
  }
  return std::nullopt;
}

std::optional<TimeReading> TimeFormat::Read(std::string_view text) const {
  switch (kind_) {
    case Kind::kIso:
      return ReadIso(text);
    case Kind::kDayFirst:
      return ReadWrittenTime(text, DateOrder::kDayFirst);
    case Kind::kMonthFirst:
      return ReadWrittenTime(text, DateOrder::kMonthFirst);
    case Kind::kSerial:
      return ReadSerialTime(text);
    case Kind::kPattern:
      break;
  }
  Fields fields;
  for (const Token& token : tokens_) {
    if (!Take(token, text, fields)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return Assemble(fields);
}

std::optional<DateOrder> TimeFormat::order() const {
  if (kind_ == Kind::kDayFirst) return DateOrder::kDayFirst;
  if (kind_ == Kind::kMonthFirst) return DateOrder::kMonthFirst;
  for (const Token& token : tokens_) {
    if (token.part == Part::kYear) return std::nullopt;
    if (token.part == Part::kDay) return DateOrder::kDayFirst;
    if (token.part == Part::kMonth) return DateOrder::kMonthFirst;
  }
  return std::nullopt;
}

}  // namespace motcua::imports
