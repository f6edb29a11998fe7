#include "services/platform/imports/zones.h"

#include <date/tz.h>

#include <chrono>
#include <exception>

namespace motcua::imports {
namespace {

UtcOffset OffsetOf(const date::sys_info& info) {
  return {static_cast<std::int16_t>(
      std::chrono::duration_cast<std::chrono::minutes>(info.offset).count())};
}

// A day alone is its start; otherwise as ParseCivilTime.
Result<CivilTime> ParseDayOrTime(std::string_view text) {
  constexpr std::size_t kDayBytes = 10;
  if (text.size() > kDayBytes) return ParseCivilTime(text);
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate day, ParseDate(text));
  return CivilTime{day, Micros(0)};
}

}  // namespace

Result<TimeZone> TimeZone::Find(std::string_view name) {
  try {
    return TimeZone(std::string(name), date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return FieldError("zone", "\"" + std::string(name) +
                                  "\" is not in the time zone database; names are like "
                                  "Asia/Ho_Chi_Minh or America/New_York");
  }
}

ZonedTime TimeZone::Resolve(const CivilTime& civil) const {
  const date::local_time<Micros> local{date::days(civil.date.days) + civil.time_of_day};
  const date::local_info info = zone_->get_info(local);
  if (info.result != date::local_info::nonexistent) return AtOffset(civil, OffsetOf(info.first));
  // Reckoned with the offset before the gap, shown with the one after it.
  const ZonedTime shifted = AtOffset(civil, OffsetOf(info.first));
  return {shifted.instant, OffsetOf(info.second)};
}

ZonedTime TimeZone::At(Instant instant) const {
  const date::sys_time<Micros> at{Micros(instant.micros)};
  return {instant, OffsetOf(zone_->get_info(at))};
}

Result<ZonedTime> ParseTimeInZone(std::string_view text, const TimeZone& zone) {
  if (Result<ZonedTime> zoned = ParseZonedTime(text); zoned.ok()) return zoned;
  const Result<CivilTime> civil = ParseDayOrTime(text);
  if (civil.ok()) return zone.Resolve(*civil);
  return FieldError("time", "\"" + std::string(text.substr(0, 40)) +
                                "\" is not like 2016-01-13T00:00 or 2016-01-13T00:00-05:00");
}

}  // namespace motcua::imports
