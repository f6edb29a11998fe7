// How a register writes its times: a name, or a pattern like "dd/MM/yyyy HH:mm".
//
//   iso          2015-01-01, 2015-01-01T00:20[:09[.123]], with an offset (+07:00, Z) or without
//   day-first    as people write dates, see day_first.h: 20/01/2020 9:32, 9h32 ngày 20/01/2020 …
//   month-first  the same with the month before the day
//   serial       a spreadsheet's count of days, 43850.397
//
//   d M H  one or two digits             dd MM HH mm ss  exactly two digits
//   h hh a twelve hours with AM or PM    yyyy            four digits
//   'text' as it stands; so does everything that is not a letter
//
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"

namespace motcua::imports {

// What a cell says.
struct TimeReading {
  CivilDate date;
  std::optional<Micros> time_of_day;  // absent: the cell names a day only
  std::optional<UtcOffset> offset;    // where the cell names it
};

enum class DateOrder : std::uint8_t { kDayFirst, kMonthFirst };

class TimeFormat {
 public:
  // FIELD_INVALID when the pattern is not as above or names no day, month and year.
  static Result<TimeFormat> Make(std::string_view pattern);

  // Nothing unless the whole text is of this form and the day and time exist.
  std::optional<TimeReading> Read(std::string_view text) const;
  const std::string& pattern() const { return pattern_; }
  // Which of day and month comes first where both are figures; nothing where the year does.
  std::optional<DateOrder> order() const;

 private:
  enum class Part { kLiteral, kYear, kMonth, kDay, kHour, kHour12, kMinute, kSecond, kHalf };
  struct Token {
    Part part = Part::kLiteral;
    std::size_t digits_min = 0;
    std::size_t digits_max = 0;
    std::string literal;
  };
  struct Fields;
  enum class Kind : std::uint8_t { kPattern, kIso, kDayFirst, kMonthFirst, kSerial };

  static Result<Token> ReadLetters(std::string_view letters);
  static bool Take(const Token& token, std::string_view& text, Fields& fields);
  static std::optional<TimeReading> ReadIso(std::string_view text);
  static std::optional<TimeReading> Assemble(const Fields& fields);

  std::string pattern_;
  Kind kind_ = Kind::kPattern;
  std::vector<Token> tokens_;  // of a pattern
};

}  // namespace motcua::imports
