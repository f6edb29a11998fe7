// motcua.events.v1.CaseEvent -> domain event (codec.h).
#include <google/protobuf/arena.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <array>
#include <optional>

#include "services/domain/cases/aggregates.h"
#include "services/wire/codec.h"
#include "services/wire/contract_payloads.h"
#include "services/wire/event_steps.h"

namespace motcua::wire {
namespace {

constexpr std::size_t kRequestIdBytes = 16;
constexpr std::size_t kTraceIdBytes = 16;
constexpr std::size_t kTraceBytes = 25;  // trace id, parent id, flags

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

// Into a fresh event where it stays: an event is large to move.
Status DecodeInto(const KnownEvents& known, std::string_view bytes, cases::CaseEvent& event) {
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
  if (!known.unknown_fields.empty()) TakeForUnknown(*wire, known.unknown_fields);
  const auto request_id = FromId(wire->request_id(), false);
  const auto correlation_id = FromId(wire->correlation_id(), true);
  if (!request_id || !correlation_id) return NoEvent("an id is not 16 bytes long");
  Reading reading;
  if (const Status steps = TakeSteps(*wire, event); !steps.ok()) return NoEvent(steps.message());
  event.request_id = *request_id;
  event.request_digest = wire->request_digest();
  event.correlation_id = *correlation_id;
  event.cause = wire->cause();
  event.actor = cases::ActorId(wire->actor());
  Read(reading, wire->at(), event.at);
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
  reading.Require(wire->schema_version() <= known.schema);
  event.trace = FromTrace(reading, wire->trace_context());
  event.nonce = wire->nonce();
  ReadPayload(*wire, [&](const auto& message, auto payload) {
    Read(reading, reading.Whole(message), payload);
    event.payload = std::move(payload);
  });
  if (!reading.understood()) event.payload = cases::UnknownPayload{};
  return OkStatus();
}

}  // namespace

Result<cases::CaseEvent> WireCodec::DecodeEvent(std::string_view bytes) const {
  Result<cases::CaseEvent> decoded{cases::CaseEvent()};
  Status status = DecodeInto(known_, bytes, *decoded);
  if (!status.ok()) decoded = std::move(status);
  return decoded;
}

}  // namespace motcua::wire
