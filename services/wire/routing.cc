// Payloads of routing: legs between units.
#include "services/wire/contract_payloads.h"

namespace motcua::wire {

void Write(const cases::HandOverSent& e, pb::HandOverSent& wire) {
  wire.set_leg(e.leg);
  wire.set_from(e.from.value());
}
void Read(Reading& reading, const pb::HandOverSent& wire, cases::HandOverSent& e) {
  reading.Leg(wire.leg(), e.leg);
  e.from = cases::UnitCode(wire.from());
}

void Write(const cases::HandOverAcknowledged& e, pb::HandOverAcknowledged& wire) {
  wire.set_leg(e.leg);
  Write(e.clock, *wire.mutable_clock());
  WriteCalendar(e.calendar, wire);
}
void Read(Reading& reading, const pb::HandOverAcknowledged& wire, cases::HandOverAcknowledged& e) {
  reading.Leg(wire.leg(), e.leg);
  Read(reading, wire.clock(), e.clock);
  ReadCalendar(wire, e.calendar);
}

void Write(const cases::LegAccepted& e, pb::LegAccepted& wire) { wire.set_leg(e.leg); }
void Read(Reading& reading, const pb::LegAccepted& wire, cases::LegAccepted& e) {
  reading.Leg(wire.leg(), e.leg);
}

void Write(const cases::LegCompleted& e, pb::LegCompleted& wire) {
  wire.set_leg(e.leg);
  wire.set_outcome(Code(e.outcome));
}
void Read(Reading& reading, const pb::LegCompleted& wire, cases::LegCompleted& e) {
  reading.Leg(wire.leg(), e.leg);
  reading.Code(wire.outcome(), e.outcome);
}

void Write(const cases::LegReturned& e, pb::LegReturned& wire) {
  wire.set_leg(e.leg);
  wire.set_reason(Code(e.reason));
}
void Read(Reading& reading, const pb::LegReturned& wire, cases::LegReturned& e) {
  reading.Leg(wire.leg(), e.leg);
  reading.Code(wire.reason(), e.reason);
}

void Write(const cases::LegReminded& e, pb::LegReminded& wire) { wire.set_leg(e.leg); }
void Read(Reading& reading, const pb::LegReminded& wire, cases::LegReminded& e) {
  reading.Leg(wire.leg(), e.leg);
}

}  // namespace motcua::wire
