// Payloads of deadline: the clock that stands and goes on, and alerts.
#include "services/wire/contract_payloads.h"

namespace motcua::wire {
namespace {

void WriteLeg(const cases::LegDue& leg, pb::LegDue& wire) {
  wire.set_leg(leg.leg);
  Write(leg.clock, *wire.mutable_clock());
  WriteCalendar(leg.calendar, wire);
}
void ReadLeg(Reading& reading, const pb::LegDue& wire, cases::LegDue& leg) {
  reading.Whole(wire);
  reading.Leg(wire.leg(), leg.leg);
  Read(reading, wire.clock(), leg.clock);
  ReadCalendar(wire, leg.calendar);
}

void WriteKey(const cases::AlertKey& key, pb::AlertKey& wire) {
  wire.set_kind(Code(key.kind));
  wire.set_leg(key.leg);
  wire.set_due_unix_micros(key.due.micros);
}
void ReadKey(Reading& reading, const pb::AlertKey& wire, cases::AlertKey& key) {
  reading.Whole(wire);
  reading.Code(wire.kind(), key.kind);
  reading.Leg(wire.leg(), key.leg, 0);
  ReadInstant(reading, wire.due_unix_micros(), key.due);
}

}  // namespace

void Write(const cases::ClockPaused& e, pb::ClockPaused& wire) { wire.set_reason(Code(e.reason)); }
void Read(Reading& reading, const pb::ClockPaused& wire, cases::ClockPaused& e) {
  reading.Code(wire.reason(), e.reason);
}

void Write(const cases::ClockResumed& e, pb::ClockResumed& wire) {
  wire.set_reason(Code(e.reason));
  wire.set_restarted(e.restarted);
  Write(e.paused_from, *wire.mutable_paused_from());
  Write(e.resumed, *wire.mutable_resumed());
  Write(e.clock, *wire.mutable_clock());
  for (const cases::LegDue& leg : e.legs) WriteLeg(leg, *wire.add_legs());
  WriteCalendar(e.calendar, wire);
}
void Read(Reading& reading, const pb::ClockResumed& wire, cases::ClockResumed& e) {
  reading.Code(wire.reason(), e.reason);
  e.restarted = wire.restarted();
  Read(reading, wire.paused_from(), e.paused_from);
  Read(reading, wire.resumed(), e.resumed);
  Read(reading, wire.clock(), e.clock);
  reading.Require(wire.legs_size() <= kLegsWireMax);
  for (const pb::LegDue& leg : wire.legs()) ReadLeg(reading, leg, e.legs.emplace_back());
  ReadCalendar(wire, e.calendar);
}

void Write(const cases::AlertRaised& e, pb::AlertRaised& wire) {
  WriteKey(e.alert, *wire.mutable_alert());
}
void Read(Reading& reading, const pb::AlertRaised& wire, cases::AlertRaised& e) {
  ReadKey(reading, wire.alert(), e.alert);
}

void Write(const cases::AlertAcknowledged& e, pb::AlertAcknowledged& wire) {
  WriteKey(e.alert, *wire.mutable_alert());
}
void Read(Reading& reading, const pb::AlertAcknowledged& wire, cases::AlertAcknowledged& e) {
  ReadKey(reading, wire.alert(), e.alert);
}

}  // namespace motcua::wire
