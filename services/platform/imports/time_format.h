// How a register writes its times: "iso", or a pattern like "dd/MM/yyyy HH:mm".
//
//   iso    2015-01-01, 2015-01-01T00:20[:09[.123]], either with an offset (+07:00, Z) or without
//   d M H  one or two digits             dd MM HH mm ss  exactly two digits
//   h hh a twelve hours with AM or PM    yyyy            four digits
//   'text' as it stands; so does everything that is not a letter
//
// Pure.
#pragma once

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

class TimeFormat {
 public:
  // FIELD_INVALID when the pattern is not as above or names no day, month and year.
  static Result<TimeFormat> Make(std::string_view pattern);

  // Nothing unless the whole text is of this form and the day and time exist.
  std::optional<TimeReading> Read(std::string_view text) const;
  const std::string& pattern() const { return pattern_; }

 private:
  enum class Part { kLiteral, kYear, kMonth, kDay, kHour, kHour12, kMinute, kSecond, kHalf };
  struct Token {
    Part part = Part::kLiteral;
    std::size_t digits_min = 0;
    std::size_t digits_max = 0;
    std::string literal;
  };
  struct Fields;

  static Result<Token> ReadLetters(std::string_view letters);
  static bool Take(const Token& token, std::string_view& text, Fields& fields);
  static std::optional<TimeReading> ReadIso(std::string_view text);
  static std::optional<TimeReading> Assemble(const Fields& fields);

  std::string pattern_;
  std::vector<Token> tokens_;  // empty: iso
};

}  // namespace motcua::imports
