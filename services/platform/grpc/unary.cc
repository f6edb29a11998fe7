#include "services/platform/grpc/unary.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "services/platform/grpc/server.h"

namespace motcua::rpc {

Micros CallDeadline(const grpc::CallbackServerContext& context, const engine::Clock& clock) {
  constexpr int kMarginShare = 5;
  using SystemTime = std::chrono::system_clock::time_point;
  const SystemTime deadline = context.deadline();
  if (deadline == SystemTime::max()) return clock.Passed() + Micros(kCallDeadlineDefault);
  // gRPC tells the time that the caller left as an instant of the machine's clock.
  Micros remaining =
      std::chrono::duration_cast<Micros>(deadline - std::chrono::system_clock::now());
  remaining = std::clamp(remaining, Micros(0), Micros(kCallDeadlineMax));
  return clock.Passed() + remaining -
         std::min(Micros(kCallDeadlineMargin), remaining / kMarginShare);
}

Status CheckMetadata(const grpc::CallbackServerContext& context) {
  constexpr std::size_t kEntryBytes = 32;  // RFC 9113 §6.5.2
  std::size_t bytes = 0;
  for (const auto& [name, value] : context.client_metadata()) {
    bytes += name.size() + value.size() + kEntryBytes;
  }
  if (bytes <= static_cast<std::size_t>(kMetadataBytesMax)) return OkStatus();
  return Status(Reason::kLimitExceeded,
                "the call came with " + std::to_string(bytes) + " bytes of metadata, at most " +
                    std::to_string(kMetadataBytesMax) + " are taken",
                {{"limit", std::to_string(kMetadataBytesMax)}});
}

TraceContext TraceOf(const grpc::CallbackServerContext& context, const cases::RequestId& request) {
  const auto& metadata = context.client_metadata();
  const auto [first, last] = metadata.equal_range(std::string(kTraceMetadata));
  if (first == last) return {};
  if (std::next(first) == last) {
    const auto trace = ParseTraceparent({first->second.data(), first->second.size()});
    if (trace) return *trace;
  }
  TraceContext begun;
  begun.trace_id = request.bytes;
  begun.sampled = true;
  std::copy_n(request.bytes.begin() + begun.parent_id.size(), begun.parent_id.size(),
              begun.parent_id.begin());
  return begun;
}

grpc::ServerUnaryReactor* FinishNow(grpc::CallbackServerContext& context, const Status& status) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  reactor->Finish(ToGrpc(status));
  return reactor;
}

void PendingCall::OnCancel() {
  // What was submitted may still be decided: the caller asks again with the same request_id.
  if (Claim()) Finish(grpc::Status::CANCELLED);
}

void PendingCall::LetGo() {
  if (holders_.fetch_sub(1, std::memory_order_acq_rel) == 1 && Claim()) {
    Finish(ToGrpc(Status(Reason::kInternal, "the command was dropped without an answer")));
  }
  Release();
}

}  // namespace motcua::rpc
