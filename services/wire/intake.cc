// Payloads of intake: from the receipt to the citizen's hands, and registers taken over.
#include "services/domain/cases/dossier.h"
#include "services/wire/contract_payloads.h"

namespace motcua::wire {
namespace {

void WritePlan(const routing::Leg& leg, pb::LegPlan& wire) {
  wire.set_unit(leg.unit.value());
  wire.set_stage(leg.stage);
  wire.set_lead(leg.lead);
  Write(leg.term, *wire.mutable_term());
}
void ReadPlan(Reading& reading, const pb::LegPlan& wire, routing::Leg& leg) {
  reading.Whole(wire);
  leg.unit = cases::UnitCode(wire.unit());
  reading.Leg(wire.stage(), leg.stage);
  leg.lead = wire.lead();
  Read(reading, wire.term(), leg.term);
}

// What an import and a later state of it say alike.
template <typename Recorded, typename Message>
void WriteRecorded(const Recorded& e, Message& wire) {
  if (e.due) Write(*e.due, *wire.mutable_due());
  if (e.closed) Write(*e.closed, *wire.mutable_closed());
  wire.set_outcome(Code(e.outcome));
  wire.set_source(e.source);
  wire.set_line(e.line);
  wire.set_source_id(e.source_id);
  wire.set_doubts(e.doubts);
}
template <typename Recorded, typename Message>
void ReadRecorded(Reading& reading, const Message& wire, Recorded& e) {
  if (wire.has_due()) Read(reading, wire.due(), e.due.emplace());
  if (wire.has_closed()) Read(reading, wire.closed(), e.closed.emplace());
  reading.Code(wire.outcome(), e.outcome);
  e.source = wire.source();
  e.line = wire.line();
  e.source_id = wire.source_id();
  ReadDoubts(reading, wire.doubts(), e.doubts);
}

}  // namespace

void Write(const cases::DossierReceived& e, pb::DossierReceived& wire) {
  wire.set_procedure(e.procedure.value());
  wire.set_procedure_version(e.procedure_version);
  wire.set_field(e.field);
  wire.set_channel(Code(e.channel));
  wire.set_return_mode(Code(e.return_mode));
  wire.set_register_year(e.register_year);
  wire.set_register_number(e.register_number);
  wire.set_calendar(e.calendar.value());
  wire.set_calendar_version(e.calendar_version.value());
  Write(e.term, *wire.mutable_term());
  wire.set_due_mode(Code(e.due_policy.mode));
  wire.set_start_mode(Code(e.due_policy.start));
  wire.set_supplement_policy(Code(e.supplement));
  wire.set_due_soon_lead_minutes(e.due_soon_lead_minutes);
  Write(e.clock_start, *wire.mutable_clock_start());
  Write(e.clock, *wire.mutable_clock());
  for (const routing::Leg& leg : e.legs) WritePlan(leg, *wire.add_legs());
  wire.set_tier(Code(e.tier));
  wire.set_interconnection(Code(e.interconnection));
}
void Read(Reading& reading, const pb::DossierReceived& wire, cases::DossierReceived& e) {
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.procedure_version = wire.procedure_version();
  e.field = wire.field();
  reading.Code(wire.channel(), e.channel);
  reading.Code(wire.return_mode(), e.return_mode);
  e.register_year = wire.register_year();
  e.register_number = wire.register_number();
  e.calendar = calendar::CalendarId(wire.calendar());
  e.calendar_version = calendar::CalendarVersion(wire.calendar_version());
  Read(reading, wire.term(), e.term);
  reading.Code(wire.due_mode(), e.due_policy.mode);
  reading.Code(wire.start_mode(), e.due_policy.start);
  reading.Code(wire.supplement_policy(), e.supplement);
  e.due_soon_lead_minutes = wire.due_soon_lead_minutes();
  Read(reading, wire.clock_start(), e.clock_start);
  Read(reading, wire.clock(), e.clock);
  reading.Require(wire.legs_size() <= kLegsWireMax);
  for (const pb::LegPlan& plan : wire.legs()) ReadPlan(reading, plan, e.legs.emplace_back());
  reading.Code(wire.tier(), e.tier);
  reading.Code(wire.interconnection(), e.interconnection);
}

void Write(const cases::DossierRefused& e, pb::DossierRefused& wire) {
  wire.set_procedure(e.procedure.value());
  wire.set_field(e.field);
  wire.set_channel(Code(e.channel));
  wire.set_reason(Code(e.reason));
}
void Read(Reading& reading, const pb::DossierRefused& wire, cases::DossierRefused& e) {
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.field = wire.field();
  reading.Code(wire.channel(), e.channel);
  reading.Code(wire.reason(), e.reason);
}

void Write(const cases::DossierImported& e, pb::DossierImported& wire) {
  wire.set_procedure(e.procedure.value());
  wire.set_procedure_name(e.procedure_name);
  wire.set_field(e.field);
  wire.set_unit_name(e.unit_name);
  wire.set_channel(Code(e.channel));
  wire.set_register_year(e.register_year);
  wire.set_register_number(e.register_number);
  Write(e.opened, *wire.mutable_opened());
  wire.set_calendar(e.calendar.value());
  wire.set_calendar_version(e.calendar_version.value());
  WriteRecorded(e, wire);
}
void Read(Reading& reading, const pb::DossierImported& wire, cases::DossierImported& e) {
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.procedure_name = wire.procedure_name();
  e.field = wire.field();
  e.unit_name = wire.unit_name();
  reading.Code(wire.channel(), e.channel);
  e.register_year = wire.register_year();
  e.register_number = wire.register_number();
  reading.Require(wire.has_opened());
  Read(reading, wire.opened(), e.opened);
  e.calendar = calendar::CalendarId(wire.calendar());
  e.calendar_version = calendar::CalendarVersion(wire.calendar_version());
  ReadRecorded(reading, wire, e);
}

void Write(const cases::RecordUpdated& e, pb::RecordUpdated& wire) { WriteRecorded(e, wire); }
void Read(Reading& reading, const pb::RecordUpdated& wire, cases::RecordUpdated& e) {
  ReadRecorded(reading, wire, e);
}

void Write(const cases::SupplementRequested& e, pb::SupplementRequested& wire) {
  for (const std::uint32_t paper : e.papers) wire.add_papers(paper);
}
void Read(Reading&, const pb::SupplementRequested& wire, cases::SupplementRequested& e) {
  e.papers.assign(wire.papers().begin(), wire.papers().end());
}

void Write(const cases::ResultRecorded& e, pb::ResultRecorded& wire) {
  wire.set_outcome(Code(e.outcome));
}
void Read(Reading& reading, const pb::ResultRecorded& wire, cases::ResultRecorded& e) {
  reading.Code(wire.outcome(), e.outcome);
  // A withdrawal has an event of its own.
  reading.Require(e.outcome == cases::Outcome::kGranted || e.outcome == cases::Outcome::kRejected);
}

void Write(const cases::DossierClosed& e, pb::DossierClosed& wire) { wire.set_way(Code(e.way)); }
void Read(Reading& reading, const pb::DossierClosed& wire, cases::DossierClosed& e) {
  reading.Code(wire.way(), e.way);
}

void Write(const cases::EventTakenBack& e, pb::EventTakenBack& wire) {
  wire.set_version(e.version);
  wire.set_reason(Code(e.reason));
  for (const cases::Version version : e.with) wire.add_with(version);
}
void Read(Reading& reading, const pb::EventTakenBack& wire, cases::EventTakenBack& e) {
  e.version = wire.version();
  reading.Code(wire.reason(), e.reason);
  reading.Require(e.version != 0);
  reading.Require(wire.with_size() < static_cast<int>(cases::kUndoMax));
  // What followed came later, and each is named once.
  cases::Version before = e.version;
  for (const std::uint32_t version : wire.with()) {
    reading.Require(version > before);
    before = version;
  }
  e.with.assign(wire.with().begin(), wire.with().end());
}

}  // namespace motcua::wire
