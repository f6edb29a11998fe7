// Domain event <-> motcua.events.v1.CaseEvent (codec.h).
#include <google/protobuf/arena.h>

#include <array>
#include <optional>
#include <type_traits>

#include "motcua/events/v1/case_event.pb.h"
#include "services/base/overloaded.h"
#include "services/wire/codec.h"
#include "services/wire/rows.h"

namespace motcua::wire {
namespace {

namespace pb = motcua::events::v1;
namespace common = motcua::common::v1;

constexpr std::uint32_t kSchemaVersion = 1;
constexpr std::size_t kRequestIdBytes = 16;
constexpr int kLegsWireMax = static_cast<int>(routing::kLegsMax);

// ---- To protobuf -----------------------------------------------------------------------------

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
  }
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
  }
  void operator()(const cases::ShipmentDelivered& e) const {
    wire->mutable_shipment_delivered()->set_proof(ToWire<common::ProofKind>(e.proof));
    wire->mutable_shipment_delivered()->set_proof_reference(e.proof_reference);
    Fill(wire->mutable_shipment_delivered()->mutable_occurred(), e.occurred);
  }
  void operator()(const cases::ShipmentReturned&) const { wire->mutable_shipment_returned(); }
};

std::string Bytes(const cases::RequestId& id) {
  return std::string(id.bytes.begin(), id.bytes.end());
}

// ---- From protobuf ---------------------------------------------------------------------------

// Thrown nowhere: a payload that says something this program does not know yet is collected here.
class Reading {
 public:
  // The enum value, if it lies in 1..`last` (or 0..); else the payload counts as unknown.
  template <typename Domain>
  Domain Enum(int wire, Domain last, int first = 1) {
    if (wire < first || wire > static_cast<int>(last)) {
      known_ = false;
      return last;
    }
    return static_cast<Domain>(wire);
  }
  std::uint8_t Leg(std::uint32_t wire, std::uint32_t first = 1) {
    if (wire < first || wire > routing::kLegsMax) known_ = false;
    return static_cast<std::uint8_t>(wire);
  }
  void Require(bool condition) { known_ = known_ && condition; }
  bool known() const { return known_; }

 private:
  bool known_ = true;
};

Instant From(Reading& reading, std::int64_t unix_micros) {
  reading.Require(unix_micros >= -kRowInstantMax && unix_micros <= kRowInstantMax);
  return Instant{unix_micros};
}

ZonedTime From(Reading& reading, const common::ZonedTime& wire) {
  constexpr int kOffsetMax = 18 * 60;
  reading.Require(wire.utc_offset_minutes() >= -kOffsetMax &&
                  wire.utc_offset_minutes() <= kOffsetMax);
  return {From(reading, wire.unix_micros()),
          UtcOffset{static_cast<std::int16_t>(wire.utc_offset_minutes())}};
}

deadline::Term From(Reading& reading, const pb::Term& wire) {
  reading.Require(wire.milli() >= 0 && wire.milli() <= deadline::kTermMilliMax);
  return {wire.milli(), reading.Enum(wire.unit(), deadline::TermUnit::kMonths)};
}

cases::ClockSetting From(Reading& reading, const pb::ClockSetting& wire) {
  cases::ClockSetting setting;
  if (wire.has_due()) setting.due = From(reading, wire.due());
  if (wire.due_soon_unix_micros() != 0) {
    setting.due_soon = From(reading, wire.due_soon_unix_micros());
  }
  return setting;
}

cases::AlertKey From(Reading& reading, const pb::AlertKey& wire) {
  return {reading.Enum(wire.kind(), cases::AlertKind::kOverdue), reading.Leg(wire.leg(), 0),
          From(reading, wire.due_unix_micros())};
}

cases::Payload From(Reading& reading, const pb::DossierReceived& wire) {
  cases::DossierReceived e;
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.procedure_version = wire.procedure_version();
  e.field = wire.field();
  e.channel = reading.Enum(wire.channel(), cases::Channel::kPostal);
  e.return_mode = reading.Enum(wire.return_mode(), cases::ReturnMode::kPostal);
  e.register_year = wire.register_year();
  e.register_number = wire.register_number();
  e.calendar = calendar::CalendarId(wire.calendar());
  e.calendar_version = calendar::CalendarVersion(wire.calendar_version());
  e.term = From(reading, wire.term());
  e.due_policy = {reading.Enum(wire.due_mode(), deadline::DueMode::kKeepHour),
                  reading.Enum(wire.start_mode(), deadline::StartMode::kAtOnce)};
  e.supplement = reading.Enum(wire.supplement_policy(), deadline::SupplementPolicy::kPause);
  e.due_soon_lead_minutes = wire.due_soon_lead_minutes();
  e.clock_start = From(reading, wire.clock_start());
  e.clock = From(reading, wire.clock());
  reading.Require(wire.legs_size() <= kLegsWireMax);
  for (const pb::LegPlan& plan : wire.legs()) {
    routing::Leg leg;
    leg.unit = cases::UnitCode(plan.unit());
    leg.stage = reading.Leg(plan.stage());
    leg.lead = plan.lead();
    leg.term = From(reading, plan.term());
    e.legs.push_back(std::move(leg));
  }
  return e;
}

cases::Payload From(Reading& reading, const pb::DossierImported& wire) {
  cases::DossierImported e;
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.procedure_name = wire.procedure_name();
  e.field = wire.field();
  e.unit_name = wire.unit_name();
  e.channel = reading.Enum(wire.channel(), cases::Channel::kPostal);
  e.register_year = wire.register_year();
  e.register_number = wire.register_number();
  reading.Require(wire.has_opened());
  e.opened = From(reading, wire.opened());
  if (wire.has_due()) e.due = From(reading, wire.due());
  if (wire.has_closed()) e.closed = From(reading, wire.closed());
  e.outcome = reading.Enum(wire.outcome(), cases::Outcome::kWithdrawn, 0);
  e.calendar = calendar::CalendarId(wire.calendar());
  e.calendar_version = calendar::CalendarVersion(wire.calendar_version());
  e.source = wire.source();
  e.line = wire.line();
  e.source_id = wire.source_id();
  e.doubts = static_cast<std::uint8_t>(wire.doubts());
  return e;
}

cases::Payload From(Reading& reading, const pb::ClockResumed& wire) {
  cases::ClockResumed e;
  e.reason = reading.Enum(wire.reason(), cases::PauseReason::kSectorLaw);
  e.restarted = wire.restarted();
  e.paused_from = From(reading, wire.paused_from());
  e.resumed = From(reading, wire.resumed());
  e.clock = From(reading, wire.clock());
  reading.Require(wire.legs_size() <= kLegsWireMax);
  for (const pb::LegDue& due : wire.legs()) {
    e.legs.push_back({reading.Leg(due.leg()), From(reading, due.clock())});
  }
  return e;
}

cases::Payload FromShipment(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kShipmentRegistered:
      return cases::ShipmentRegistered{};
    case pb::CaseEvent::kShipmentHandedOver:
      return cases::ShipmentHandedOver{wire.shipment_handed_over().item_number(),
                                       wire.shipment_handed_over().carrier()};
    case pb::CaseEvent::kShipmentTracked:
      return cases::ShipmentTracked{
          reading.Enum(wire.shipment_tracked().state(), postal::ShipmentState::kReturned),
          From(reading, wire.shipment_tracked().occurred())};
    case pb::CaseEvent::kDeliveryFailed:
      return cases::DeliveryFailed{
          reading.Enum(wire.delivery_failed().reason(), postal::FailureReason::kOther),
          From(reading, wire.delivery_failed().occurred())};
    case pb::CaseEvent::kShipmentDelivered:
      return cases::ShipmentDelivered{
          reading.Enum(wire.shipment_delivered().proof(), postal::ProofKind::kPhoto),
          wire.shipment_delivered().proof_reference(),
          From(reading, wire.shipment_delivered().occurred())};
    case pb::CaseEvent::kShipmentReturned:
      return cases::ShipmentReturned{};
    default:
      return cases::UnknownPayload{};
  }
}

cases::Payload FromLeg(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kHandOverSent:
      return cases::HandOverSent{reading.Leg(wire.hand_over_sent().leg()),
                                 cases::UnitCode(wire.hand_over_sent().from())};
    case pb::CaseEvent::kHandOverAcknowledged:
      return cases::HandOverAcknowledged{reading.Leg(wire.hand_over_acknowledged().leg()),
                                         From(reading, wire.hand_over_acknowledged().clock())};
    case pb::CaseEvent::kLegAccepted:
      return cases::LegAccepted{reading.Leg(wire.leg_accepted().leg())};
    case pb::CaseEvent::kLegCompleted:
      return cases::LegCompleted{
          reading.Leg(wire.leg_completed().leg()),
          reading.Enum(wire.leg_completed().outcome(), routing::LegOutcome::kRejected)};
    case pb::CaseEvent::kLegReturned:
      return cases::LegReturned{
          reading.Leg(wire.leg_returned().leg()),
          reading.Enum(wire.leg_returned().reason(), routing::ReturnReason::kOther)};
    default:
      return FromShipment(reading, wire);
  }
}

cases::Payload FromPayload(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kDossierReceived:
      return From(reading, wire.dossier_received());
    case pb::CaseEvent::kDossierRefused: {
      const pb::DossierRefused& refused = wire.dossier_refused();
      return cases::DossierRefused{cases::ProcedureCode(refused.procedure()), refused.field(),
                                   reading.Enum(refused.channel(), cases::Channel::kPostal),
                                   reading.Enum(refused.reason(), cases::RefusalReason::kOther)};
    }
    case pb::CaseEvent::kDossierImported:
      return From(reading, wire.dossier_imported());
    case pb::CaseEvent::kSupplementRequested: {
      const auto& papers = wire.supplement_requested().papers();
      return cases::SupplementRequested{{papers.begin(), papers.end()}};
    }
    case pb::CaseEvent::kClockPaused:
      return cases::ClockPaused{
          reading.Enum(wire.clock_paused().reason(), cases::PauseReason::kSectorLaw)};
    case pb::CaseEvent::kClockResumed:
      return From(reading, wire.clock_resumed());
    case pb::CaseEvent::kResultRecorded:
      return cases::ResultRecorded{
          reading.Enum(wire.result_recorded().outcome(), cases::Outcome::kRejected)};
    case pb::CaseEvent::kResultReleasedToPost:
      return cases::ResultReleasedToPost{};
    case pb::CaseEvent::kDossierClosed:
      return cases::DossierClosed{
          reading.Enum(wire.dossier_closed().way(), cases::ReturnMode::kPostal)};
    case pb::CaseEvent::kDossierWithdrawn:
      return cases::DossierWithdrawn{};
    case pb::CaseEvent::kAlertRaised:
      return cases::AlertRaised{From(reading, wire.alert_raised().alert())};
    case pb::CaseEvent::kAlertAcknowledged:
      return cases::AlertAcknowledged{From(reading, wire.alert_acknowledged().alert())};
    default:
      return FromLeg(reading, wire);
  }
}

std::optional<cases::RequestId> FromId(const std::string& wire, bool may_be_empty) {
  cases::RequestId id;
  if (wire.empty() && may_be_empty) return id;
  if (wire.size() != kRequestIdBytes) return std::nullopt;
  std::copy(wire.begin(), wire.end(), id.bytes.begin());
  return id;
}

Status NoEvent(std::string_view what) {
  return Status(Reason::kRecordInvalid, "not a case event: " + std::string(what));
}

}  // namespace

std::string WireCodec::EncodeEvent(const cases::CaseEvent& event) const {
  constexpr std::size_t kArenaBytes = 4096;
  alignas(8) std::array<char, kArenaBytes> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  auto* wire = google::protobuf::Arena::CreateMessage<pb::CaseEvent>(&arena);
  wire->set_schema_version(kSchemaVersion);
  wire->set_dossier(event.dossier.value());
  wire->mutable_step()->set_version(event.step.version);
  wire->mutable_step()->set_follows(event.step.follows.value());
  if (event.book) {
    wire->mutable_book()->set_version(event.book->version);
    wire->mutable_book()->set_follows(event.book->follows.value());
  }
  wire->set_request_id(Bytes(event.request_id));
  wire->set_request_digest(event.request_digest);
  if (!event.correlation_id.empty()) wire->set_correlation_id(Bytes(event.correlation_id));
  wire->set_cause(event.cause);
  wire->set_actor(event.actor.value());
  Fill(wire->mutable_at(), event.at);
  std::visit(PayloadWriter{wire}, event.payload);
  return wire->SerializeAsString();
}

Result<cases::CaseEvent> WireCodec::DecodeEvent(std::string_view bytes) const {
  constexpr std::size_t kArenaBytes = 4096;
  alignas(8) std::array<char, kArenaBytes> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  auto* wire = google::protobuf::Arena::CreateMessage<pb::CaseEvent>(&arena);
  if (bytes.size() > engine::kRecordBytesMax ||
      !wire->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return NoEvent("the bytes are not a protobuf message of that kind");
  }
  const Result<cases::DossierCode> code = cases::ParseDossierCode(wire->dossier());
  if (!code.ok()) return NoEvent(code.status().message());
  const auto request_id = FromId(wire->request_id(), false);
  const auto correlation_id = FromId(wire->correlation_id(), true);
  if (!request_id || !correlation_id) return NoEvent("an id is not 16 bytes long");
  Reading envelope;
  cases::CaseEvent event;
  event.dossier = *code;
  event.step = {wire->step().version(), cases::Tip(wire->step().follows())};
  if (wire->has_book()) {
    event.book = cases::Step{wire->book().version(), cases::Tip(wire->book().follows())};
  }
  event.request_id = *request_id;
  event.request_digest = wire->request_digest();
  event.correlation_id = *correlation_id;
  event.cause = wire->cause();
  event.actor = cases::ActorId(wire->actor());
  event.at = From(envelope, wire->at());
  if (!envelope.known() || event.step.version == 0) return NoEvent("the envelope is out of range");
  Reading reading;
  event.payload = FromPayload(reading, *wire);
  if (!reading.known()) event.payload = cases::UnknownPayload{};
  return event;
}

}  // namespace motcua::wire
