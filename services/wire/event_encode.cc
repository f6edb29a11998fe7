// Domain event -> motcua.events.v1.CaseEvent (codec.h).
#include <google/protobuf/arena.h>

#include <algorithm>
#include <array>

#include "motcua/events/v1/case_event.pb.h"
#include "services/base/overloaded.h"
#include "services/wire/codec.h"
#include "services/wire/event_steps.h"

namespace motcua::wire {
namespace {

namespace pb = motcua::events::v1;
namespace common = motcua::common::v1;

// The schemas and what came with them (README.md).
constexpr std::uint32_t kSchemaFirst = 1;
constexpr std::uint32_t kSchemaOfTrace = 2;
constexpr std::uint32_t kSchemaOfCalendars = 3;
static_assert(kEventSchema == kSchemaOfCalendars, "a new schema is listed here and in README.md");

// Whether a payload says something that came with schema 3.
struct SaysCalendars {
  static bool In(const cases::ClockSetting& clock) { return clock.provisional; }
  static bool In(const cases::CalendarUsed& calendar) { return calendar != cases::CalendarUsed{}; }
  static bool In(const deadline::Term& term) {
    return term.unit == deadline::TermUnit::kClockHours;
  }
  static bool In(cases::Doubts doubts) {
    constexpr unsigned kDoubtsOfSchema1 = 7;
    return (doubts & ~kDoubtsOfSchema1) != 0;
  }

  bool operator()(const cases::DossierReceived& e) const {
    return In(e.clock) || In(e.term) ||
           std::any_of(e.legs.begin(), e.legs.end(),
                       [](const routing::Leg& leg) { return In(leg.term); });
  }
  bool operator()(const cases::DossierImported& e) const { return In(e.doubts); }
  bool operator()(const cases::ClockResumed& e) const {
    return In(e.clock) || In(e.calendar) ||
           std::any_of(e.legs.begin(), e.legs.end(),
                       [](const cases::LegDue& leg) { return In(leg.clock) || In(leg.calendar); });
  }
  bool operator()(const cases::HandOverAcknowledged& e) const {
    return In(e.clock) || In(e.calendar);
  }
  bool operator()(const cases::DeliveryFailed& e) const { return e.same_attempt; }
  bool operator()(const cases::RecordUpdated&) const { return true; }
  // Payloads that have gained nothing since.
  template <typename Unchanged>
  bool operator()(const Unchanged&) const {
    return false;
  }
};

// Domain enums carry the wire's numbers; the casts below are checked by a round-trip test.
template <typename Wire, typename Domain>
Wire ToWire(Domain value) {
  return static_cast<Wire>(static_cast<int>(value));
}

void Fill(common::ZonedTime* wire, const ZonedTime& time) {
  wire->set_unix_micros(time.instant.micros);
  wire->set_utc_offset_minutes(time.offset.minutes);
}

void Fill(pb::ClockSetting* wire, const cases::ClockSetting& setting) {
  if (setting.due) Fill(wire->mutable_due(), *setting.due);
  if (setting.due_soon) wire->set_due_soon_unix_micros(setting.due_soon->micros);
  wire->set_provisional(setting.provisional);
}

// Of a message that names a calendar and its version.
template <typename Message>
void FillCalendar(Message* wire, const cases::CalendarUsed& calendar) {
  wire->set_calendar(calendar.id.value());
  wire->set_calendar_version(calendar.version.value());
}

void Fill(pb::Term* wire, const deadline::Term& term) {
  wire->set_milli(term.milli);
  wire->set_unit(ToWire<pb::TermUnit>(term.unit));
}

void Fill(pb::AlertKey* wire, const cases::AlertKey& key) {
  wire->set_kind(ToWire<common::AlertKind>(key.kind));
  wire->set_leg(key.leg);
  wire->set_due_unix_micros(key.due.micros);
}

void Fill(pb::DossierReceived* wire, const cases::DossierReceived& e) {
  wire->set_procedure(e.procedure.value());
  wire->set_procedure_version(e.procedure_version);
  wire->set_field(e.field);
  wire->set_channel(ToWire<common::Channel>(e.channel));
  wire->set_return_mode(ToWire<common::ReturnMode>(e.return_mode));
  wire->set_register_year(e.register_year);
  wire->set_register_number(e.register_number);
  wire->set_calendar(e.calendar.value());
  wire->set_calendar_version(e.calendar_version.value());
  Fill(wire->mutable_term(), e.term);
  wire->set_due_mode(ToWire<pb::DueMode>(e.due_policy.mode));
  wire->set_start_mode(ToWire<pb::StartMode>(e.due_policy.start));
  wire->set_supplement_policy(ToWire<pb::SupplementPolicy>(e.supplement));
  wire->set_due_soon_lead_minutes(e.due_soon_lead_minutes);
  Fill(wire->mutable_clock_start(), e.clock_start);
  Fill(wire->mutable_clock(), e.clock);
  for (const routing::Leg& leg : e.legs) {
    pb::LegPlan* plan = wire->add_legs();
    plan->set_unit(leg.unit.value());
    plan->set_stage(leg.stage);
    plan->set_lead(leg.lead);
    Fill(plan->mutable_term(), leg.term);
  }
}

void Fill(pb::DossierImported* wire, const cases::DossierImported& e) {
  wire->set_procedure(e.procedure.value());
  wire->set_procedure_name(e.procedure_name);
  wire->set_field(e.field);
  wire->set_unit_name(e.unit_name);
  wire->set_channel(ToWire<common::Channel>(e.channel));
  wire->set_register_year(e.register_year);
  wire->set_register_number(e.register_number);
  Fill(wire->mutable_opened(), e.opened);
  if (e.due) Fill(wire->mutable_due(), *e.due);
  if (e.closed) Fill(wire->mutable_closed(), *e.closed);
  wire->set_outcome(ToWire<common::Outcome>(e.outcome));
  wire->set_calendar(e.calendar.value());
  wire->set_calendar_version(e.calendar_version.value());
  wire->set_source(e.source);
  wire->set_line(e.line);
  wire->set_source_id(e.source_id);
  wire->set_doubts(e.doubts);
}

void Fill(pb::RecordUpdated* wire, const cases::RecordUpdated& e) {
  if (e.due) Fill(wire->mutable_due(), *e.due);
  if (e.closed) Fill(wire->mutable_closed(), *e.closed);
  wire->set_outcome(ToWire<common::Outcome>(e.outcome));
  wire->set_source(e.source);
  wire->set_line(e.line);
  wire->set_source_id(e.source_id);
  wire->set_doubts(e.doubts);
}

void Fill(pb::ClockResumed* wire, const cases::ClockResumed& e) {
  wire->set_reason(ToWire<common::PauseReason>(e.reason));
  wire->set_restarted(e.restarted);
  Fill(wire->mutable_paused_from(), e.paused_from);
  Fill(wire->mutable_resumed(), e.resumed);
  Fill(wire->mutable_clock(), e.clock);
  for (const cases::LegDue& leg : e.legs) {
    pb::LegDue* due = wire->add_legs();
    due->set_leg(leg.leg);
    Fill(due->mutable_clock(), leg.clock);
    FillCalendar(due, leg.calendar);
  }
  FillCalendar(wire, e.calendar);
}

// One overload for each payload; a new alternative does not compile until it has one.
struct PayloadWriter {
  pb::CaseEvent* wire;

  void operator()(const cases::UnknownPayload&) const {}
  void operator()(const cases::DossierReceived& e) const {
    Fill(wire->mutable_dossier_received(), e);
  }
  void operator()(const cases::DossierRefused& e) const {
    pb::DossierRefused* refused = wire->mutable_dossier_refused();
    refused->set_procedure(e.procedure.value());
    refused->set_field(e.field);
    refused->set_channel(ToWire<common::Channel>(e.channel));
    refused->set_reason(ToWire<common::RefusalReason>(e.reason));
  }
  void operator()(const cases::DossierImported& e) const {
    Fill(wire->mutable_dossier_imported(), e);
  }
  void operator()(const cases::SupplementRequested& e) const {
    pb::SupplementRequested* requested = wire->mutable_supplement_requested();
    for (const std::uint32_t paper : e.papers) requested->add_papers(paper);
  }
  void operator()(const cases::ClockPaused& e) const {
    wire->mutable_clock_paused()->set_reason(ToWire<common::PauseReason>(e.reason));
  }
  void operator()(const cases::ClockResumed& e) const { Fill(wire->mutable_clock_resumed(), e); }
  void operator()(const cases::ResultRecorded& e) const {
    wire->mutable_result_recorded()->set_outcome(ToWire<common::Outcome>(e.outcome));
  }
  void operator()(const cases::ResultReleasedToPost&) const {
    wire->mutable_result_released_to_post();
  }
  void operator()(const cases::DossierClosed& e) const {
    wire->mutable_dossier_closed()->set_way(ToWire<common::ReturnMode>(e.way));
  }
  void operator()(const cases::DossierWithdrawn&) const { wire->mutable_dossier_withdrawn(); }
  void operator()(const cases::HandOverSent& e) const {
    wire->mutable_hand_over_sent()->set_leg(e.leg);
    wire->mutable_hand_over_sent()->set_from(e.from.value());
  }
  void operator()(const cases::HandOverAcknowledged& e) const {
    wire->mutable_hand_over_acknowledged()->set_leg(e.leg);
    Fill(wire->mutable_hand_over_acknowledged()->mutable_clock(), e.clock);
    FillCalendar(wire->mutable_hand_over_acknowledged(), e.calendar);
  }
  void operator()(const cases::LegAccepted& e) const {
    wire->mutable_leg_accepted()->set_leg(e.leg);
  }
  void operator()(const cases::LegCompleted& e) const {
    wire->mutable_leg_completed()->set_leg(e.leg);
    wire->mutable_leg_completed()->set_outcome(ToWire<common::LegOutcome>(e.outcome));
  }
  void operator()(const cases::LegReturned& e) const {
    wire->mutable_leg_returned()->set_leg(e.leg);
    wire->mutable_leg_returned()->set_reason(ToWire<common::ReturnReason>(e.reason));
  }
  void operator()(const cases::AlertRaised& e) const {
    Fill(wire->mutable_alert_raised()->mutable_alert(), e.alert);
  }
  void operator()(const cases::AlertAcknowledged& e) const {
    Fill(wire->mutable_alert_acknowledged()->mutable_alert(), e.alert);
  }
  void operator()(const cases::ShipmentRegistered&) const { wire->mutable_shipment_registered(); }
  void operator()(const cases::ShipmentHandedOver& e) const {
    wire->mutable_shipment_handed_over()->set_item_number(e.item_number);
    wire->mutable_shipment_handed_over()->set_carrier(e.carrier);
  }
  void operator()(const cases::ShipmentTracked& e) const {
    wire->mutable_shipment_tracked()->set_state(ToWire<common::ShipmentState>(e.state));
    Fill(wire->mutable_shipment_tracked()->mutable_occurred(), e.occurred);
  }
  void operator()(const cases::DeliveryFailed& e) const {
    wire->mutable_delivery_failed()->set_reason(ToWire<common::FailureReason>(e.reason));
    Fill(wire->mutable_delivery_failed()->mutable_occurred(), e.occurred);
    wire->mutable_delivery_failed()->set_same_attempt(e.same_attempt);
  }
  void operator()(const cases::ShipmentDelivered& e) const {
    wire->mutable_shipment_delivered()->set_proof(ToWire<common::ProofKind>(e.proof));
    wire->mutable_shipment_delivered()->set_proof_reference(e.proof_reference);
    Fill(wire->mutable_shipment_delivered()->mutable_occurred(), e.occurred);
  }
  void operator()(const cases::ShipmentReturned&) const { wire->mutable_shipment_returned(); }
  void operator()(const cases::RecordUpdated& e) const { Fill(wire->mutable_record_updated(), e); }
};

std::string Bytes(const cases::RequestId& id) {
  return std::string(id.bytes.begin(), id.bytes.end());
}

std::string Bytes(const TraceContext& trace) {
  std::string bytes(trace.trace_id.begin(), trace.trace_id.end());
  bytes.append(trace.parent_id.begin(), trace.parent_id.end());
  bytes.push_back(trace.sampled ? '\1' : '\0');
  return bytes;
}

}  // namespace

std::uint32_t SchemaOf(const cases::CaseEvent& event) {
  if (std::visit(SaysCalendars{}, event.payload)) return kSchemaOfCalendars;
  return event.trace.empty() ? kSchemaFirst : kSchemaOfTrace;
}

std::string WireCodec::EncodeEvent(const cases::CaseEvent& event) const {
  constexpr std::size_t kArenaBytes = 4096;
  alignas(8) std::array<char, kArenaBytes> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  auto* wire = google::protobuf::Arena::CreateMessage<pb::CaseEvent>(&arena);
  const bool traced = known_.schema >= kSchemaOfTrace && !event.trace.empty();
  // What it takes to understand this event, not what its writer knows: an older reader goes on as
  // long as nothing new is said. A test's older writer traces nothing.
  const std::uint32_t schema = SchemaOf(event);
  wire->set_schema_version(schema == kSchemaOfTrace && !traced ? kSchemaFirst : schema);
  FillSteps(event, wire);
  wire->set_request_id(Bytes(event.request_id));
  wire->set_request_digest(event.request_digest);
  if (!event.correlation_id.empty()) wire->set_correlation_id(Bytes(event.correlation_id));
  wire->set_cause(event.cause);
  wire->set_actor(event.actor.value());
  Fill(wire->mutable_at(), event.at);
  if (traced) wire->set_trace_context(Bytes(event.trace));
  wire->set_nonce(event.nonce);
  std::visit(PayloadWriter{wire}, event.payload);
  return wire->SerializeAsString();
}

}  // namespace motcua::wire
