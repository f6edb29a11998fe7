#include <algorithm>

#include "services/domain/calendar/calendar.h"

namespace motcua::calendar {
namespace {

constexpr int kOffsetMinutesMax = 18 * 60;

bool IsOffset(UtcOffset offset) {
  return offset.minutes >= -kOffsetMinutesMax && offset.minutes <= kOffsetMinutesMax;
}

}  // namespace

Zone Zone::Fixed(UtcOffset offset) {
  MOTCUA_CHECK(IsOffset(offset), "an offset is at most 18 hours");
  Zone zone;
  zone.transitions_.push_back({Instant{0}, offset});
  return zone;
}

Result<Zone> Zone::Make(std::vector<Transition> transitions) {
  if (transitions.empty()) return FieldError("zone", "has no transition");
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    if (!IsOffset(transitions[i].offset)) return FieldError("zone", "an offset exceeds 18 hours");
    if (i > 0 && transitions[i].from <= transitions[i - 1].from) {
      return FieldError(
          "zone", "the transitions are not ascending at " + FormatInstant(transitions[i].from));
    }
  }
  Zone zone;
  zone.transitions_ = std::move(transitions);
  return zone;
}

UtcOffset Zone::OffsetAt(Instant instant) const {
  if (transitions_.size() == 1) return transitions_.front().offset;
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), instant,
                                      [](Instant at, const Transition& t) { return at < t.from; });
  return after == transitions_.begin() ? after->offset : std::prev(after)->offset;
}

ZonedTime Zone::ToZoned(CivilTime civil) const {
  const UtcOffset first = transitions_.front().offset;
  if (transitions_.size() == 1) return AtOffset(civil, first);
  // Rows are tried in time's order from the one in force a safe while before the reading: the
  // first whose own reading still precedes the next transition is meant.
  const Instant as_utc = StartOfDay(civil.date, UtcOffset{0}) + civil.time_of_day;
  const Instant safe = as_utc - Micros(std::chrono::minutes(kOffsetMinutesMax));
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), safe,
                                      [](Instant at, const Transition& t) { return at < t.from; });
  auto row = after == transitions_.begin() ? after : std::prev(after);
  for (;; ++row) {
    const ZonedTime reading = AtOffset(civil, row->offset);
    const auto next = std::next(row);
    if (next == transitions_.end() || reading.instant < next->from) return reading;
    // Skipped by the jump at `next`: the clock without the jump.
    if (AtOffset(civil, next->offset).instant < next->from) return ToZoned(reading.instant);
  }
}

}  // namespace motcua::calendar
