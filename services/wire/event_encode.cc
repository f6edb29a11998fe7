// Domain event -> motcua.events.v1.CaseEvent (codec.h).
#include <google/protobuf/arena.h>

#include <array>

#include "services/wire/codec.h"
#include "services/wire/contract_payloads.h"
#include "services/wire/event_steps.h"

namespace motcua::wire {
namespace {

constexpr std::uint32_t kSchemaFirst = 1;

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
  pb::CaseEvent wire;
  FillSteps(event, &wire);
  VisitLeaf(PayloadWriter{wire}, event.payload);
  const std::uint32_t trace = event.trace.empty() ? kSchemaFirst : kSinceTraceContext;
  return std::max(SinceOf(wire), trace);
}

std::string WireCodec::EncodeEvent(const cases::CaseEvent& event) const {
  constexpr std::size_t kArenaBytes = 4096;
  alignas(8) std::array<char, kArenaBytes> block;
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  google::protobuf::Arena arena(options);
  auto* wire = google::protobuf::Arena::CreateMessage<pb::CaseEvent>(&arena);
  // A test's older writer traces nothing.
  const bool traced = known_.schema >= kSinceTraceContext && !event.trace.empty();
  FillSteps(event, wire);
  wire->set_request_id(Bytes(event.request_id));
  wire->set_request_digest(event.request_digest);
  if (!event.correlation_id.empty()) wire->set_correlation_id(Bytes(event.correlation_id));
  wire->set_cause(event.cause);
  wire->set_actor(event.actor.value());
  Write(event.at, *wire->mutable_at());
  if (traced) wire->set_trace_context(Bytes(event.trace));
  wire->set_nonce(event.nonce);
  VisitLeaf(PayloadWriter{*wire}, event.payload);
  // What it takes to understand this event, not what its writer knows: an older reader goes on as
  // long as nothing new is said.
  wire->set_schema_version(SinceOf(*wire));
  return wire->SerializeAsString();
}

}  // namespace motcua::wire
