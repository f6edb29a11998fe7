// motcua.events.v1.CaseEvent -> domain event (codec.h).
#include <google/protobuf/arena.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <array>
#include <optional>

#include "motcua/events/v1/case_event.pb.h"
#include "services/domain/cases/aggregates.h"
#include "services/wire/codec.h"
#include "services/wire/contract_codes.h"
#include "services/wire/event_steps.h"
#include "services/wire/rows.h"

namespace motcua::wire {
namespace {

namespace pb = motcua::events::v1;
namespace common = motcua::common::v1;

constexpr std::size_t kRequestIdBytes = 16;
constexpr std::size_t kTraceIdBytes = 16;
constexpr std::size_t kTraceBytes = 25;  // trace id, parent id, flags
constexpr int kLegsWireMax = static_cast<int>(routing::kLegsMax);

// Notes whether a message says something that this program does not know yet: then all of it
// counts as not understood.
class Reading {
 public:
  // The message, if it holds no field of a newer program. Each message that is read passes here.
  template <typename Message>
  const Message& Whole(const Message& message) {
    whole_ = whole_ && message.GetReflection()->GetUnknownFields(message).empty();
    return message;  // NOLINT(bugprone-return-const-ref-from-parameter): see below
  }
  template <typename Message>
  const Message& Whole(const Message&& message) = delete;  // it would be gone
  // The value of that number; where the list has none, the payload counts as unknown.
  template <codes::Code E>
  E Enum(typename codes::Contract<E>::Enum wire) {
    const std::optional<E> value = codes::FromNumber<E>(static_cast<int>(wire));
    Require(value.has_value());
    return value.value_or(E{});
  }
  // Where NONE says nothing.
  template <codes::Code E>
  E EnumButNone(typename codes::Contract<E>::Enum wire) {
    Require(static_cast<int>(wire) != 0);
    return Enum<E>(wire);
  }
  std::uint8_t Leg(std::uint32_t wire, std::uint32_t first = 1) {
    if (wire < first || wire > routing::kLegsMax) values_known_ = false;
    return static_cast<std::uint8_t>(wire);
  }
  void Require(bool condition) { values_known_ = values_known_ && condition; }
  // Whether all values that were read have a meaning here, whatever else was said.
  bool values_known() const { return values_known_; }
  bool understood() const { return values_known_ && whole_; }

 private:
  bool values_known_ = true;
  bool whole_ = true;
};

Instant From(Reading& reading, std::int64_t unix_micros) {
  reading.Require(unix_micros >= -kRowInstantMax && unix_micros <= kRowInstantMax);
  return Instant{unix_micros};
}

ZonedTime From(Reading& reading, const common::ZonedTime& wire) {
  reading.Whole(wire);
  constexpr int kOffsetMax = 18 * 60;
  reading.Require(wire.utc_offset_minutes() >= -kOffsetMax &&
                  wire.utc_offset_minutes() <= kOffsetMax);
  return {From(reading, wire.unix_micros()),
          UtcOffset{static_cast<std::int16_t>(wire.utc_offset_minutes())}};
}

deadline::Term From(Reading& reading, const pb::Term& wire) {
  reading.Whole(wire);
  reading.Require(wire.milli() >= 0 && wire.milli() <= deadline::kTermMilliMax);
  return {wire.milli(), reading.Enum<deadline::TermUnit>(wire.unit())};
}

cases::ClockSetting From(Reading& reading, const pb::ClockSetting& wire) {
  reading.Whole(wire);
  cases::ClockSetting setting;
  if (wire.has_due()) setting.due = From(reading, wire.due());
  if (wire.due_soon_unix_micros() != 0) {
    setting.due_soon = From(reading, wire.due_soon_unix_micros());
  }
  setting.provisional = wire.provisional();
  return setting;
}

// Of a message that names a calendar and its version.
template <typename Message>
cases::CalendarUsed CalendarOf(const Message& wire) {
  return {calendar::CalendarId(wire.calendar()),
          calendar::CalendarVersion(wire.calendar_version())};
}

cases::AlertKey From(Reading& reading, const pb::AlertKey& wire) {
  reading.Whole(wire);
  return {reading.Enum<cases::AlertKind>(wire.kind()), reading.Leg(wire.leg(), 0),
          From(reading, wire.due_unix_micros())};
}

cases::Payload From(Reading& reading, const pb::DossierReceived& wire) {
  reading.Whole(wire);
  cases::DossierReceived e;
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.procedure_version = wire.procedure_version();
  e.field = wire.field();
  e.channel = reading.Enum<cases::Channel>(wire.channel());
  e.return_mode = reading.Enum<cases::ReturnMode>(wire.return_mode());
  e.register_year = wire.register_year();
  e.register_number = wire.register_number();
  e.calendar = calendar::CalendarId(wire.calendar());
  e.calendar_version = calendar::CalendarVersion(wire.calendar_version());
  e.term = From(reading, wire.term());
  e.due_policy = {reading.Enum<deadline::DueMode>(wire.due_mode()),
                  reading.Enum<deadline::StartMode>(wire.start_mode())};
  e.supplement = reading.Enum<deadline::SupplementPolicy>(wire.supplement_policy());
  e.due_soon_lead_minutes = wire.due_soon_lead_minutes();
  e.clock_start = From(reading, wire.clock_start());
  e.clock = From(reading, wire.clock());
  reading.Require(wire.legs_size() <= kLegsWireMax);
  for (const pb::LegPlan& plan : wire.legs()) {
    reading.Whole(plan);
    routing::Leg leg;
    leg.unit = cases::UnitCode(plan.unit());
    leg.stage = reading.Leg(plan.stage());
    leg.lead = plan.lead();
    leg.term = From(reading, plan.term());
    e.legs.push_back(std::move(leg));
  }
  return e;
}

cases::Doubts DoubtsFrom(Reading& reading, std::uint32_t wire) {
  reading.Require(wire <= cases::kDoubtsAll);
  return static_cast<cases::Doubts>(wire);
}

cases::Payload From(Reading& reading, const pb::DossierImported& wire) {
  reading.Whole(wire);
  cases::DossierImported e;
  e.procedure = cases::ProcedureCode(wire.procedure());
  e.procedure_name = wire.procedure_name();
  e.field = wire.field();
  e.unit_name = wire.unit_name();
  e.channel = reading.Enum<cases::Channel>(wire.channel());
  e.register_year = wire.register_year();
  e.register_number = wire.register_number();
  reading.Require(wire.has_opened());
  e.opened = From(reading, wire.opened());
  if (wire.has_due()) e.due = From(reading, wire.due());
  if (wire.has_closed()) e.closed = From(reading, wire.closed());
  e.outcome = reading.Enum<cases::Outcome>(wire.outcome());
  e.calendar = calendar::CalendarId(wire.calendar());
  e.calendar_version = calendar::CalendarVersion(wire.calendar_version());
  e.source = wire.source();
  e.line = wire.line();
  e.source_id = wire.source_id();
  e.doubts = DoubtsFrom(reading, wire.doubts());
  return e;
}

cases::Payload From(Reading& reading, const pb::RecordUpdated& wire) {
  reading.Whole(wire);
  cases::RecordUpdated e;
  if (wire.has_due()) e.due = From(reading, wire.due());
  if (wire.has_closed()) e.closed = From(reading, wire.closed());
  e.outcome = reading.Enum<cases::Outcome>(wire.outcome());
  e.source = wire.source();
  e.line = wire.line();
  e.source_id = wire.source_id();
  e.doubts = DoubtsFrom(reading, wire.doubts());
  return e;
}

cases::Payload From(Reading& reading, const pb::ClockResumed& wire) {
  reading.Whole(wire);
  cases::ClockResumed e;
  e.reason = reading.Enum<cases::PauseReason>(wire.reason());
  e.restarted = wire.restarted();
  e.paused_from = From(reading, wire.paused_from());
  e.resumed = From(reading, wire.resumed());
  e.clock = From(reading, wire.clock());
  reading.Require(wire.legs_size() <= kLegsWireMax);
  for (const pb::LegDue& due : wire.legs()) {
    reading.Whole(due);
    e.legs.push_back({reading.Leg(due.leg()), From(reading, due.clock()), CalendarOf(due)});
  }
  e.calendar = CalendarOf(wire);
  return e;
}

cases::Payload FromShipment(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kShipmentRegistered:
      reading.Whole(wire.shipment_registered());
      return cases::ShipmentRegistered{};
    case pb::CaseEvent::kShipmentHandedOver: {
      const auto& e = reading.Whole(wire.shipment_handed_over());
      return cases::ShipmentHandedOver{e.item_number(), e.carrier()};
    }
    case pb::CaseEvent::kShipmentTracked: {
      const auto& e = reading.Whole(wire.shipment_tracked());
      return cases::ShipmentTracked{reading.EnumButNone<postal::ShipmentState>(e.state()),
                                    From(reading, e.occurred())};
    }
    case pb::CaseEvent::kDeliveryFailed: {
      const auto& e = reading.Whole(wire.delivery_failed());
      return cases::DeliveryFailed{reading.Enum<postal::FailureReason>(e.reason()),
                                   From(reading, e.occurred()), e.same_attempt()};
    }
    case pb::CaseEvent::kShipmentDelivered: {
      const auto& e = reading.Whole(wire.shipment_delivered());
      return cases::ShipmentDelivered{reading.Enum<postal::ProofKind>(e.proof()),
                                      e.proof_reference(), From(reading, e.occurred())};
    }
    case pb::CaseEvent::kShipmentReturned:
      reading.Whole(wire.shipment_returned());
      return cases::ShipmentReturned{};
    case pb::CaseEvent::kRecordUpdated:
      return From(reading, wire.record_updated());
    default:
      return cases::UnknownPayload{};
  }
}

cases::Payload FromLeg(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kHandOverSent: {
      const auto& e = reading.Whole(wire.hand_over_sent());
      return cases::HandOverSent{reading.Leg(e.leg()), cases::UnitCode(e.from())};
    }
    case pb::CaseEvent::kHandOverAcknowledged: {
      const auto& e = reading.Whole(wire.hand_over_acknowledged());
      return cases::HandOverAcknowledged{reading.Leg(e.leg()), From(reading, e.clock()),
                                         CalendarOf(e)};
    }
    case pb::CaseEvent::kLegAccepted:
      return cases::LegAccepted{reading.Leg(reading.Whole(wire.leg_accepted()).leg())};
    case pb::CaseEvent::kLegCompleted: {
      const auto& e = reading.Whole(wire.leg_completed());
      return cases::LegCompleted{reading.Leg(e.leg()),
                                 reading.Enum<routing::LegOutcome>(e.outcome())};
    }
    case pb::CaseEvent::kLegReturned: {
      const auto& e = reading.Whole(wire.leg_returned());
      return cases::LegReturned{reading.Leg(e.leg()),
                                reading.Enum<routing::ReturnReason>(e.reason())};
    }
    default:
      return FromShipment(reading, wire);
  }
}

cases::Payload FromResult(Reading& reading, const pb::ResultRecorded& wire) {
  const auto outcome = reading.EnumButNone<cases::Outcome>(reading.Whole(wire).outcome());
  reading.Require(outcome != cases::Outcome::kWithdrawn);  // that has an event of its own
  return cases::ResultRecorded{outcome};
}

cases::Payload FromEnd(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kResultRecorded:
      return FromResult(reading, wire.result_recorded());
    case pb::CaseEvent::kResultReleasedToPost:
      reading.Whole(wire.result_released_to_post());
      return cases::ResultReleasedToPost{};
    case pb::CaseEvent::kDossierClosed:
      return cases::DossierClosed{
          reading.Enum<cases::ReturnMode>(reading.Whole(wire.dossier_closed()).way())};
    case pb::CaseEvent::kDossierWithdrawn:
      reading.Whole(wire.dossier_withdrawn());
      return cases::DossierWithdrawn{};
    default:
      return FromLeg(reading, wire);
  }
}

cases::Payload FromPayload(Reading& reading, const pb::CaseEvent& wire) {
  switch (wire.payload_case()) {
    case pb::CaseEvent::kDossierReceived:
      return From(reading, wire.dossier_received());
    case pb::CaseEvent::kDossierRefused: {
      const auto& e = reading.Whole(wire.dossier_refused());
      return cases::DossierRefused{cases::ProcedureCode(e.procedure()), e.field(),
                                   reading.Enum<cases::Channel>(e.channel()),
                                   reading.Enum<cases::RefusalReason>(e.reason())};
    }
    case pb::CaseEvent::kDossierImported:
      return From(reading, wire.dossier_imported());
    case pb::CaseEvent::kSupplementRequested: {
      const auto& papers = reading.Whole(wire.supplement_requested()).papers();
      return cases::SupplementRequested{{papers.begin(), papers.end()}};
    }
    case pb::CaseEvent::kClockPaused:
      return cases::ClockPaused{
          reading.Enum<cases::PauseReason>(reading.Whole(wire.clock_paused()).reason())};
    case pb::CaseEvent::kClockResumed:
      return From(reading, wire.clock_resumed());
    case pb::CaseEvent::kAlertRaised:
      return cases::AlertRaised{From(reading, reading.Whole(wire.alert_raised()).alert())};
    case pb::CaseEvent::kAlertAcknowledged:
      return cases::AlertAcknowledged{
          From(reading, reading.Whole(wire.alert_acknowledged()).alert())};
    default:
      return FromEnd(reading, wire);
  }
}

TraceContext FromTrace(Reading& reading, const std::string& wire) {
  TraceContext trace;
  if (wire.empty()) return trace;
  if (wire.size() != kTraceBytes) {
    reading.Require(false);
    return trace;
  }
  const auto parent = wire.begin() + kTraceIdBytes;
  std::copy(wire.begin(), parent, trace.trace_id.begin());
  std::copy(parent, wire.end() - 1, trace.parent_id.begin());
  const auto flags = static_cast<std::uint8_t>(wire.back());
  trace.sampled = flags == 1;
  reading.Require(flags <= 1 && !trace.empty());
  return trace.empty() ? TraceContext{} : trace;
}

std::optional<cases::RequestId> FromId(const std::string& wire, bool may_be_empty) {
  cases::RequestId id;
  if (wire.empty() && may_be_empty) return id;
  if (wire.size() != kRequestIdBytes) return std::nullopt;
  std::copy(wire.begin(), wire.end(), id.bytes.begin());
  return id;
}

// What the parser of an older program does with fields that it does not know.
void TakeForUnknown(pb::CaseEvent& wire, const std::vector<int>& numbers) {
  const google::protobuf::Reflection& reflection = *wire.GetReflection();
  for (const int number : numbers) {
    const auto* field = wire.GetDescriptor()->FindFieldByNumber(number);
    MOTCUA_CHECK(field != nullptr, "an event has no field of that number");
    if (!reflection.HasField(wire, field)) continue;
    const bool message = field->message_type() != nullptr;
    const std::string bytes = message ? reflection.GetMessage(wire, field).SerializeAsString()
                                      : reflection.GetString(wire, field);
    reflection.ClearField(&wire, field);
    reflection.MutableUnknownFields(&wire)->AddLengthDelimited(number, bytes);
  }
}

Status NoEvent(std::string_view what) {
  return Status(Reason::kRecordInvalid, "not a case event: " + std::string(what));
}

}  // namespace

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
  if (!known_.unknown_fields.empty()) TakeForUnknown(*wire, known_.unknown_fields);
  const auto request_id = FromId(wire->request_id(), false);
  const auto correlation_id = FromId(wire->correlation_id(), true);
  if (!request_id || !correlation_id) return NoEvent("an id is not 16 bytes long");
  Reading reading;
  cases::CaseEvent event;
  if (const Status steps = TakeSteps(*wire, event); !steps.ok()) return NoEvent(steps.message());
  event.request_id = *request_id;
  event.request_digest = wire->request_digest();
  event.correlation_id = *correlation_id;
  event.cause = wire->cause();
  event.actor = cases::ActorId(wire->actor());
  event.at = From(reading, wire->at());
  if (!reading.values_known()) return NoEvent("the envelope is out of range");
  // All that acceptance asks for is read: from here on nothing makes the event less of an event.
  reading.Whole(*wire);
  reading.Whole(wire->step());
  reading.Whole(wire->book());
  for (const pb::AggregateStep& step : wire->steps()) {
    reading.Whole(step);
    reading.Whole(step.step());
    reading.Require(cases::FindKind(static_cast<cases::AggregateKind>(step.kind())) != nullptr);
  }
  reading.Require(wire->schema_version() <= known_.schema);
  event.trace = FromTrace(reading, wire->trace_context());
  event.nonce = wire->nonce();
  event.payload = FromPayload(reading, *wire);
  if (!reading.understood()) event.payload = cases::UnknownPayload{};
  return event;
}

}  // namespace motcua::wire
