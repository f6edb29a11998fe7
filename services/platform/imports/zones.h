// Time zones with their history, for registers that write local times without an offset. The zone
// database is the system's (tzdata); it is read once per process.
//
//   MOTCUA_ASSIGN_OR_RETURN(const TimeZone zone, TimeZone::Find("America/New_York"));
//   const ZonedTime opened = zone.Resolve(civil);
//
// Immutable; any thread.
#pragma once

#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/base/time.h"

namespace date {
class time_zone;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::imports {

inline constexpr std::string_view kVietnamZone = "Asia/Ho_Chi_Minh";

class TimeZone {
 public:
  // FIELD_INVALID (field "zone") when tzdata has no such zone.
  static Result<TimeZone> Find(std::string_view name);

  // The instant that a clock on the wall means. A reading that comes twice (the clock was set
  // back) means the first; one that never came (it was set forward) is shifted forward by the gap.
  ZonedTime Resolve(const CivilTime& civil) const;
  // What the clock on the wall shows.
  ZonedTime At(Instant instant) const;
  const std::string& name() const { return name_; }

 private:
  TimeZone(std::string name, const date::time_zone* zone) : name_(std::move(name)), zone_(zone) {}

  std::string name_;
  const date::time_zone* zone_;  // owned by the zone database, lives as long as the process
};

// "2016-01-13T00:00" in `zone`, or with an offset of its own, which wins; a day alone is its start.
Result<ZonedTime> ParseTimeInZone(std::string_view text, const TimeZone& zone);

}  // namespace motcua::imports
