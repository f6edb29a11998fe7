#include "services/platform/imports/day_first.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>

#include "services/base/text.h"
#include "services/platform/imports/words.h"

namespace motcua::imports {
namespace {

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2199;
constexpr std::size_t kTokensMax = 24;
constexpr std::size_t kCellBytesMax = 128;  // of a cell that can be a date

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

// A run of figures, a run of letters, or one other character.
struct Token {
  std::string_view text;
  bool number() const { return !text.empty() && IsDigit(text.front()); }
  int value() const {
    int value = -1;
    if (text.size() <= 9) std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
};

struct Tokens {
  std::array<Token, kTokensMax> items;
  std::size_t count = 0;

  const Token* At(std::size_t index) const { return index < count ? &items.at(index) : nullptr; }
  bool Is(std::size_t index, std::string_view text) const {
    return index < count && items.at(index).text == text;
  }
  bool IsAny(std::size_t index, std::initializer_list<std::string_view> texts) const {
    return std::any_of(texts.begin(), texts.end(),
                       [&](std::string_view text) { return Is(index, text); });
  }
  // A number of `digits_min` to `digits_max` figures; -1 otherwise.
  int Number(std::size_t index, std::size_t digits_min, std::size_t digits_max) const {
    const Token* const token = At(index);
    if (token == nullptr || !token->number()) return -1;
    const std::size_t digits = token->text.size();
    return digits < digits_min || digits > digits_max ? -1 : token->value();
  }
};

// Blanks part tokens and are none. False where there are too many.
bool Cut(std::string_view text, Tokens& tokens) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    const auto run = [&](auto belongs) {
      while (end < text.size() && belongs(text[end])) ++end;
    };
    if (IsDigit(text[at])) run(IsDigit);
    if (IsLetter(text[at])) run(IsLetter);
    if (tokens.count == kTokensMax) return false;
    tokens.items.at(tokens.count++).text = text.substr(at, end - at);
    at = end;
  }
  return true;
}

bool Exists(int year, int month, int day) {
  return year >= kYearMin && year <= kYearMax && month >= 1 && month <= 12 && day >= 1 &&
         day <= DaysInMonth(year, month);
}

// One pass over the tokens: a time and a date in either order, with words between them.
class Reader {
 public:
  Reader(const Tokens& tokens, DateOrder order) : tokens_(tokens), order_(order) {}

  std::optional<TimeReading> Read() {
    while (at_ < tokens_.count) {
      if (SkipFiller()) continue;
      if (!date_ && (TakeDate() || TakeWordyDate())) continue;
      if (!time_ && TakeTime()) continue;
      return std::nullopt;
    }
    if (!date_) return std::nullopt;
    return TimeReading{*date_, time_, std::nullopt};
  }

 private:
  bool SkipFiller() {
    if (tokens_.IsAny(at_, {",", ";", "-", "ngay", "luc", "vao", "hoi"})) {
      ++at_;
      return true;
    }
    // "thứ hai", "thứ 2": the weekday is not needed.
    if (tokens_.Is(at_, "thu") &&
        (tokens_.IsAny(at_ + 1, {"hai", "ba", "tu", "nam", "sau", "bay"}) ||
         tokens_.Number(at_ + 1, 1, 1) >= 2)) {
      at_ += 2;
      return true;
    }
    if (tokens_.Is(at_, "chu") && tokens_.Is(at_ + 1, "nhat")) {
      at_ += 2;
      return true;
    }
    return false;
  }

  bool SetDate(int year, int month, int day, std::size_t tokens) {
    if (!Exists(year, month, day)) return false;
    date_ = MakeDate(year, month, day);
    at_ += tokens;
    return true;
  }

  // 20/01/2020, 20-01-2020, 20.01.2020 or 2020-01-20.
  bool TakeDate() {
    const Token* const separator = tokens_.At(at_ + 1);
    if (separator == nullptr || !tokens_.IsAny(at_ + 1, {"/", "-", "."}) ||
        !tokens_.Is(at_ + 3, separator->text)) {
      return false;
    }
    const int middle = tokens_.Number(at_ + 2, 1, 2);
    if (const int year = tokens_.Number(at_, 4, 4); year >= 0) {
      return SetDate(year, middle, tokens_.Number(at_ + 4, 1, 2), 5);
    }
    const int first = tokens_.Number(at_, 1, 2);
    const int year = tokens_.Number(at_ + 4, 4, 4);
    const bool day_first = order_ == DateOrder::kDayFirst;
    return SetDate(year, day_first ? middle : first, day_first ? first : middle, 5);
  }

  // 20 tháng 01 năm 2020, 20 tháng 1, 2020.
  bool TakeWordyDate() {
    if (!tokens_.Is(at_ + 1, "thang")) return false;
    const std::size_t between = tokens_.IsAny(at_ + 3, {"nam", ",", "/"}) ? 1 : 0;
    return SetDate(tokens_.Number(at_ + 3 + between, 4, 4), tokens_.Number(at_ + 2, 1, 2),
                   tokens_.Number(at_, 1, 2), 4 + between);
  }

  // 9:32, 09:32:15.250, 9h32, 9h, 9 giờ 32 phút 15 giây, each with a half of the day or without.
  bool TakeTime() {
    const int hour = tokens_.Number(at_, 1, 2);
    const bool colon = tokens_.Is(at_ + 1, ":");
    if (hour < 0 || (!colon && !tokens_.IsAny(at_ + 1, {"h", "g", "gio"}))) return false;
    std::size_t at = at_ + 2;
    int minute = tokens_.Number(at, 1, 2);
    int second = -1;
    if (minute >= 0) {
      // "9h 20/01/2020": the figures are the day's.
      if (!colon && tokens_.IsAny(at + 1, {"/", "-", ".", "thang"})) {
        minute = -1;
      } else {
        ++at;
        TakeSeconds(colon, at, second);
      }
    } else if (colon) {
      return false;
    }
    return SetTime(hour, std::max(minute, 0), std::max(second, 0), at);
  }

  void TakeSeconds(bool colon, std::size_t& at, int& second) {
    const bool next =
        colon ? tokens_.Is(at, ":") : tokens_.IsAny(at, {"p", "ph", "phut", "m", ":"});
    if (!next) return;
    const int value = tokens_.Number(at + 1, 1, 2);
    // "9 giờ 32 phút" may end here, and the next figures be the day's.
    if (value < 0 || tokens_.IsAny(at + 2, {"/", "-", "thang"}) ||
        (!colon && tokens_.Is(at + 2, "."))) {
      if (!colon) ++at;
      return;
    }
    second = value;
    at += 2;
    if (tokens_.IsAny(at, {"s", "giay"})) ++at;
    // Parts of a second, which say nothing here.
    if (colon && tokens_.Is(at, ".") && tokens_.Number(at + 1, 1, 9) >= 0) at += 2;
  }

  bool SetTime(int hour, int minute, int second, std::size_t at) {
    if (hour > 23 || minute > 59 || second > 59) return false;
    if (tokens_.IsAny(at, {"am", "sa", "sang"})) {
      if (hour > 12) return false;
      hour %= 12;
      ++at;
    } else if (tokens_.IsAny(at, {"pm", "ch", "chieu", "toi"})) {
      if (hour < 12) hour += 12;  // "14:30 CH" says it twice
      ++at;
    }
    time_ = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
    at_ = at;
    return true;
  }

  const Tokens& tokens_;
  const DateOrder order_;
  std::size_t at_ = 0;
  std::optional<CivilDate> date_;
  std::optional<Micros> time_;
};

// Whether `tokens` hold a day as figures with the same separator twice, somewhere.
bool LooksLikeDate(const Tokens& tokens) {
  for (std::size_t i = 0; i + 4 < tokens.count; ++i) {
    const bool separators =
        tokens.IsAny(i + 1, {"/", "-", "."}) && tokens.Is(i + 3, tokens.At(i + 1)->text);
    if (!separators || tokens.Number(i + 2, 1, 2) < 0) continue;
    const bool ends = tokens.Number(i + 4, 1, 4) >= 0 && tokens.Number(i, 1, 4) >= 0;
    if (ends && tokens.At(i)->text.size() + tokens.At(i + 4)->text.size() <= 6) return true;
  }
  return false;
}

// At most `digits_max` figures from the beginning of `text`; -1 where there is none.
int TakeFigures(std::string_view& text, std::size_t digits_max) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < digits_max && digits < text.size() && IsDigit(text[digits])) {
    value = value * 10 + (text[digits++] - '0');
  }
  text.remove_prefix(digits);
  return digits == 0 ? -1 : value;
}

// The way of most rows, "20/01/2020 09:32", read at once. Nothing says nothing of the text.
std::optional<TimeReading> ReadPlainTime(std::string_view text, DateOrder order) {
  const auto take = [&text](char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  };
  const int first = TakeFigures(text, 2);
  if (first < 0 || !take('/')) return std::nullopt;
  const int second = TakeFigures(text, 2);
  if (second < 0 || !take('/')) return std::nullopt;
  const int year = TakeFigures(text, 4);
  const bool day_first = order == DateOrder::kDayFirst;
  const int month = day_first ? second : first;
  const int day = day_first ? first : second;
  if (!Exists(year, month, day)) return std::nullopt;
  TimeReading reading{MakeDate(year, month, day), std::nullopt, std::nullopt};
  if (text.empty()) return reading;
  if (!take(' ')) return std::nullopt;
  const int hour = TakeFigures(text, 2);
  if (hour < 0 || hour > 23 || !take(':')) return std::nullopt;
  const int minute = TakeFigures(text, 2);
  if (minute < 0 || minute > 59 || !text.empty()) return std::nullopt;
  reading.time_of_day = std::chrono::hours(hour) + std::chrono::minutes(minute);
  return reading;
}

}  // namespace

std::optional<TimeReading> ReadWrittenTime(std::string_view text, DateOrder order) {
  if (text.size() > kCellBytesMax) return std::nullopt;
  if (const std::optional<TimeReading> plain = ReadPlainTime(text, order)) return plain;
  std::string folded;
  FoldDateWords(text, folded);
  Tokens tokens;
  if (!Cut(folded, tokens)) return std::nullopt;
  return Reader(tokens, order).Read();
}

std::optional<TimeReading> ReadSerialTime(std::string_view text) {
  constexpr std::int64_t kSecondsPerDay = 24 * 3600;
  constexpr std::int64_t kSecondsPerMinute = 60;
  constexpr double kSerialMin = 20'000;   // 1954
  constexpr double kSerialMax = 100'000;  // 2173
  constexpr std::size_t kMinuteDecimals = 4;
  if (text.size() < 5 || text.size() > 24) return std::nullopt;
  std::string figures(text);
  std::replace(figures.begin(), figures.end(), ',', '.');  // the decimal sign of vi-VN
  double serial = 0;
  const auto [end, error] = std::from_chars(figures.data(), figures.data() + figures.size(), serial,
                                            std::chars_format::fixed);
  if (error != std::errc() || end != figures.data() + figures.size()) return std::nullopt;
  if (!(serial >= kSerialMin && serial <= kSerialMax)) return std::nullopt;
  const std::size_t point = figures.find('.');
  const std::size_t decimals = point == std::string::npos ? 0 : figures.size() - point - 1;
  const std::int64_t step = decimals > kMinuteDecimals ? 1 : kSecondsPerMinute;
  const std::int64_t seconds =
      std::llround(serial * static_cast<double>(kSecondsPerDay) / static_cast<double>(step)) * step;
  const CivilDate base = MakeDate(1899, 12, 30);
  TimeReading reading{CivilDate{base.days + static_cast<std::int32_t>(seconds / kSecondsPerDay)},
                      std::nullopt, std::nullopt};
  if (decimals > 0) reading.time_of_day = std::chrono::seconds(seconds % kSecondsPerDay);
  return reading;
}

OrderSeen SeeOrder(std::string_view text) {
  OrderSeen seen;
  for (std::size_t at = 0; at + 8 <= text.size(); ++at) {
    if (!IsDigit(text[at])) continue;
    // Two numbers of one or two figures, then a year, with the same separator twice.
    std::array<int, 3> parts = {0, 0, 0};
    std::size_t end = at;
    bool fits = true;
    char separator = 0;
    for (std::size_t part = 0; part < parts.size() && fits; ++part) {
      const std::size_t from = end;
      while (end < text.size() && IsDigit(text[end]) && end - from < 5) {
        parts.at(part) = parts.at(part) * 10 + (text[end++] - '0');
      }
      const std::size_t digits = end - from;
      fits = part == 2 ? digits == 4 : digits == 1 || digits == 2;
      if (part == 2 || !fits) continue;
      const char c = end < text.size() ? text[end] : '\0';
      fits = (c == '/' || c == '-' || c == '.') && (separator == 0 || c == separator);
      separator = c;
      ++end;
    }
    if (!fits) {
      while (at + 1 < text.size() && IsDigit(text[at + 1])) ++at;
      continue;
    }
    const auto [first, second, year] = parts;
    if (Exists(year, second, first)) seen.day_first = MakeDate(year, second, first);
    if (Exists(year, first, second)) seen.month_first = MakeDate(year, first, second);
    break;
  }
  if (seen.day_first && seen.month_first) {
    seen.evidence = OrderEvidence::kEither;
  } else if (seen.day_first) {
    seen.evidence = OrderEvidence::kDayFirst;
  } else if (seen.month_first) {
    seen.evidence = OrderEvidence::kMonthFirst;
  }
  return seen;
}

std::string ShowDateCell(std::string_view text) {
  constexpr std::size_t kShownMax = 40;
  std::string folded;
  FoldDateWords(text.substr(0, std::min(text.size(), kCellBytesMax)), folded);
  Tokens tokens;
  const bool cut = Cut(folded, tokens);
  const bool figures = std::all_of(folded.begin(), folded.end(), [](char c) {
    return IsDigit(c) || c == ' ' || c == '/' || c == '-' || c == '.' || c == ':';
  });
  if (cut && figures && folded.size() <= kShownMax && LooksLikeDate(tokens)) return folded;
  std::string shape;
  for (const char c : folded) {
    const bool letter = IsLetter(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
    const char shown = letter ? 'a' : IsDigit(c) ? '9' : c;
    // A run of letters is one: lengths of names are nobody's business.
    if (letter && shape.ends_with('a')) continue;
    shape.push_back(shown);
    if (shape.size() == kShownMax) break;
  }
  return shape;
}

}  // namespace motcua::imports
