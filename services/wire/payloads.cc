#include "services/wire/payloads.h"

#include "services/wire/rows.h"

namespace motcua::wire {

void ReadInstant(Reading& reading, std::int64_t unix_micros, Instant& instant) {
  reading.Require(unix_micros >= -kRowInstantMax && unix_micros <= kRowInstantMax);
  instant = Instant{unix_micros};
}

void Write(const ZonedTime& time, common::ZonedTime& wire) {
  wire.set_unix_micros(time.instant.micros);
  wire.set_utc_offset_minutes(time.offset.minutes);
}
void Read(Reading& reading, const common::ZonedTime& wire, ZonedTime& time) {
  reading.Whole(wire);
  constexpr int kOffsetMax = 18 * 60;
  reading.Require(wire.utc_offset_minutes() >= -kOffsetMax &&
                  wire.utc_offset_minutes() <= kOffsetMax);
  ReadInstant(reading, wire.unix_micros(), time.instant);
  time.offset = UtcOffset{static_cast<std::int16_t>(wire.utc_offset_minutes())};
}

void Write(const cases::ClockSetting& setting, pb::ClockSetting& wire) {
  if (setting.due) Write(*setting.due, *wire.mutable_due());
  if (setting.due_soon) wire.set_due_soon_unix_micros(setting.due_soon->micros);
  wire.set_provisional(setting.provisional);
}
void Read(Reading& reading, const pb::ClockSetting& wire, cases::ClockSetting& setting) {
  reading.Whole(wire);
  if (wire.has_due()) Read(reading, wire.due(), setting.due.emplace());
  if (wire.due_soon_unix_micros() != 0) {
    ReadInstant(reading, wire.due_soon_unix_micros(), setting.due_soon.emplace());
  }
  setting.provisional = wire.provisional();
}

void Write(const deadline::Term& term, pb::Term& wire) {
  wire.set_milli(term.milli);
  wire.set_unit(Code(term.unit));
}
void Read(Reading& reading, const pb::Term& wire, deadline::Term& term) {
  reading.Whole(wire);
  reading.Require(wire.milli() >= 0 && wire.milli() <= deadline::kTermMilliMax);
  term.milli = wire.milli();
  reading.Code(wire.unit(), term.unit);
}

void ReadDoubts(Reading& reading, std::uint32_t wire, cases::Doubts& doubts) {
  reading.Require((wire & ~std::uint32_t{cases::kDoubtsAll}) == 0);
  doubts = static_cast<cases::Doubts>(wire);
}

}  // namespace motcua::wire
