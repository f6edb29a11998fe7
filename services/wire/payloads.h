// What payloads are written with and read by; internal to wire. Each topic's file (intake.cc …)
// holds both directions of its payloads, side by side:
//
//   void Write(const cases::LegReturned& e, pb::LegReturned& wire);
//   void Read(Reading& reading, const pb::LegReturned& wire, cases::LegReturned& e);
//
// Both are declared for each payload of the contract (contract_payloads.h), so a forgotten one does
// not link. A payload without fields needs neither.
#pragma once

#include <cstdint>
#include <optional>

#include "motcua/events/v1/case_event.pb.h"
#include "services/domain/cases/events.h"
#include "services/wire/contract_codes.h"

namespace motcua::wire {

namespace pb = motcua::events::v1;
namespace common = motcua::common::v1;

// What a repeated field of legs may hold.
inline constexpr int kLegsWireMax = static_cast<int>(routing::kLegsMax);

// Notes whether a message says something that this program does not know yet: then all of it
// counts as not understood.
class Reading {
 public:
  // The message, if it holds no field of a newer program. Each message that is read passes here.
  template <typename Message>
  const Message& Whole(const Message& message) {
    // Asked once: a message looks for its descriptor each time.
    static const google::protobuf::Reflection& reflection = *message.GetReflection();
    whole_ = whole_ && reflection.GetUnknownFields(message).empty();
    return message;  // NOLINT(bugprone-return-const-ref-from-parameter): see below
  }
  template <typename Message>
  const Message& Whole(const Message&& message) = delete;  // it would be gone
  // The value of that number; where the list has none, the payload counts as unknown.
  template <codes::Code E>
  void Code(typename codes::Contract<E>::Enum wire, E& value) {
    const std::optional<E> known = codes::FromNumber<E>(static_cast<int>(wire));
    Require(known.has_value());
    if (known) value = *known;
  }
  void Leg(std::uint32_t wire, std::uint8_t& leg, std::uint32_t first = 1) {
    Require(wire >= first && wire <= routing::kLegsMax);
    leg = static_cast<std::uint8_t>(wire);
  }
  void Require(bool condition) { values_known_ = values_known_ && condition; }
  // Whether all values that were read have a meaning here, whatever else was said.
  bool values_known() const { return values_known_; }
  bool understood() const { return values_known_ && whole_; }

 private:
  bool values_known_ = true;
  bool whole_ = true;
};

// The contract's enum value.
template <codes::Code E>
typename codes::Contract<E>::Enum Code(E value) {
  return static_cast<typename codes::Contract<E>::Enum>(value);
}

// ---- Parts that payloads share (payloads.cc) ---------------------------------------------------

void ReadInstant(Reading& reading, std::int64_t unix_micros, Instant& instant);

void Write(const ZonedTime& time, common::ZonedTime& wire);
void Read(Reading& reading, const common::ZonedTime& wire, ZonedTime& time);

void Write(const cases::ClockSetting& setting, pb::ClockSetting& wire);
void Read(Reading& reading, const pb::ClockSetting& wire, cases::ClockSetting& setting);

void Write(const deadline::Term& term, pb::Term& wire);
void Read(Reading& reading, const pb::Term& wire, deadline::Term& term);

void ReadDoubts(Reading& reading, std::uint32_t wire, cases::Doubts& doubts);

// Of a message that names a calendar and its version.
template <typename Message>
void WriteCalendar(const cases::CalendarUsed& calendar, Message& wire) {
  wire.set_calendar(calendar.id.value());
  wire.set_calendar_version(calendar.version.value());
}
template <typename Message>
void ReadCalendar(const Message& wire, cases::CalendarUsed& calendar) {
  calendar = {calendar::CalendarId(wire.calendar()),
              calendar::CalendarVersion(wire.calendar_version())};
}

}  // namespace motcua::wire
