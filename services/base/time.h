// The two kinds of time (architecture.md §5). An Instant is what happened when; a CivilDate is
// what the law counts. They meet only through an offset from UTC that is handed in as data.
//
// Everything here is pure: nothing reads a clock or a zone database.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/status.h"

namespace motcua {

using Micros = std::chrono::microseconds;

// A point in time, microseconds since 1970-01-01T00:00:00Z, without leap seconds.
struct Instant {
  std::int64_t micros = 0;

  friend bool operator==(Instant, Instant) = default;
  friend auto operator<=>(Instant, Instant) = default;
  friend Instant operator+(Instant at, Micros by) { return {at.micros + by.count()}; }
  friend Instant operator-(Instant at, Micros by) { return {at.micros - by.count()}; }
  friend Micros operator-(Instant a, Instant b) { return Micros(a.micros - b.micros); }
};
inline constexpr Instant kInstantMin{INT64_MIN};
inline constexpr Instant kInstantMax{INT64_MAX};

// A day of the (proleptic Gregorian) civil calendar, as days since 1970-01-01.
struct CivilDate {
  std::int32_t days = 0;

  friend bool operator==(CivilDate, CivilDate) = default;
  friend auto operator<=>(CivilDate, CivilDate) = default;
  friend CivilDate operator+(CivilDate date, int by) { return {date.days + by}; }
  friend CivilDate operator-(CivilDate date, int by) { return {date.days - by}; }
  friend int operator-(CivilDate a, CivilDate b) { return a.days - b.days; }
};

// `month` 1..12, `day` 1..31; a day that does not exist is a defect of the caller (use ParseDate
// for input).
CivilDate MakeDate(int year, int month, int day);
struct YearMonthDay {
  int year;
  int month;  // 1..12
  int day;    // 1..31
};
YearMonthDay Split(CivilDate date);
// 1 = Monday … 7 = Sunday (ISO 8601).
int IsoWeekday(CivilDate date);
int DaysInMonth(int year, int month);

// Local clock time minus UTC, in minutes; -1080..1080 (±18 h).
struct UtcOffset {
  std::int16_t minutes = 0;
  friend bool operator==(UtcOffset, UtcOffset) = default;
};

// A date with the minute-of-day clock reading after it; what a wall clock and a calendar show.
struct CivilTime {
  CivilDate date;
  Micros time_of_day{0};  // 0 ≤ … < 24 h

  friend bool operator==(CivilTime, CivilTime) = default;
  friend auto operator<=>(const CivilTime&, const CivilTime&) = default;
};

// An instant together with the offset that was in force where it counts, so that its civil date
// needs no zone database. Two of them are equal when both parts are; they are ordered as instants.
struct ZonedTime {
  Instant instant;
  UtcOffset offset;

  CivilTime civil() const;
  CivilDate date() const { return civil().date; }

  friend bool operator==(const ZonedTime&, const ZonedTime&) = default;
};
ZonedTime AtOffset(CivilTime civil, UtcOffset offset);
// The first instant of `date` at `offset`.
Instant StartOfDay(CivilDate date, UtcOffset offset);

// "2020-01-20"; years 1900..2199, real days only.
Result<CivilDate> ParseDate(std::string_view text);
std::string FormatDate(CivilDate date);
// "2020-01-20T09:32", "…:05", "….123456"; 'T' or one space; no offset.
Result<CivilTime> ParseCivilTime(std::string_view text);
// As above followed by "Z", "+07:00" or "-05:00".
Result<ZonedTime> ParseZonedTime(std::string_view text);
// "2020-02-03T17:00:00+07:00"; fractions of a second only where there are some.
std::string FormatZonedTime(const ZonedTime& time);
// The same in UTC with "Z".
std::string FormatInstant(Instant instant);

}  // namespace motcua
