// One unary read: it waits, where the caller asks for that, until the service has folded far
// enough, reads, and says what the answer is true for. No thread is blocked while it waits.
//
//   ServerUnaryReactor* GetDossier(CallbackServerContext* context, const Request* request,
//                                  Response* response) override {
//     return rpc::Read(*context, reader_, *request, *response, [this](const auto& r, auto& out) {
//       return ReadDossier(reader_, r, out);
//     });
//   }
//
// Requests have a field `read`, responses a field `position`.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <utility>

#include "motcua/common/v1/common.pb.h"
#include "services/engine/reader.h"
#include "services/platform/grpc/position.h"
#include "services/platform/grpc/unary.h"

namespace motcua::rpc {

// The longest that a read waits for the service, however much time its caller has.
inline constexpr std::chrono::milliseconds kPositionWaitMax{30'000};

// When a call's waiting ends, so that its answer still reaches the caller.
std::chrono::system_clock::time_point PositionDeadline(const grpc::CallbackServerContext& context);

// Calls `done` once with what the service had folded before anything is read: at once, or later in
// a thread of gRPC's. FIELD_INVALID naming the field of `read`; BEHIND when the service does not
// come so far by the deadline; what the log says when it cannot tell its end.
using PositionDone = std::function<void(const Result<engine::Readings>&)>;
void AwaitPosition(engine::FoldProgress* progress, const common::v1::ReadOptions& options,
                   std::chrono::system_clock::time_point deadline, PositionDone done);

// `ReadNow`: Status(const Request&, Response&).
template <typename Request, typename Response, typename ReadNow>
class PendingRead final : public PendingCall {
 public:
  PendingRead(const Request& request, Response& response, ReadNow read)
      : request_(request), response_(response), read_(std::move(read)) {}

  void Answer(const Result<engine::Readings>& at) {
    if (!Claim()) return;
    if (!at.ok()) return Finish(ToGrpc(at.status()));
    const Status status = read_(request_, response_);
    FillPosition(*at, *response_.mutable_position());
    Finish(ToGrpc(status));
  }

 private:
  ~PendingRead() override = default;

  const Request& request_;  // gRPC's, as the response: until OnDone, so the claimer has both
  Response& response_;
  const ReadNow read_;
};

template <typename Request, typename Response, typename ReadNow>
grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext& context,
                               const engine::StateReader& reader, const Request& request,
                               Response& response, ReadNow read) {
  auto* call = new PendingRead<Request, Response, ReadNow>(request, response, std::move(read));
  const PendingCall::Ref ref(call);
  AwaitPosition(reader.progress(), request.read(), PositionDeadline(context),
                [ref, call](const Result<engine::Readings>& at) { call->Answer(at); });
  return call;
}

}  // namespace motcua::rpc
