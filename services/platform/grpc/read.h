// Unary reads: a read waits, where the caller asks for that, until the service has folded far
// enough, reads, and says what the answer is true for. No thread is blocked while it waits. One
// that may be long (a page of a list, a report) runs in a worker, never in a thread of gRPC's, of
// which there are no more than cores.
//
//   ServerUnaryReactor* GetDossier(CallbackServerContext* context, const Request* request,
//                                  Response* response) override {
//     return rpc::Read(*context, reader_, *request, *response, [this](const auto& r, auto& out) {
//       return ReadDossier(reader_, r, out);
//     });
//   }
//
//   return rpc::ReadInWorker(*context, reader_, workers_, *request, *response,
//                            [this](const auto& asked, auto& answer) {
//                              return ReadDossiers(reader_, asked, answer);
//                            });
//
// Requests have a field `read`, responses a field `position`. A call on something that is no fold
// of the log has neither; rpc::CallInWorker runs it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "motcua/common/v1/common.pb.h"
#include "services/engine/reader.h"
#include "services/platform/grpc/position.h"
#include "services/platform/grpc/unary.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::rpc {

// Of a process, for the reads of all its services. Beyond the queue: RESOURCE_EXHAUSTED at once.
inline constexpr std::size_t kReadWorkers = 2;
inline constexpr std::size_t kReadsQueuedMax = 256;

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

// Waits for a worker, too. The response lives until the call is done, which a cancellation may
// bring before the worker comes: it is written only by who has claimed the call.
template <typename Request, typename Response, typename Work>
class WorkerCall final : public PendingCall {
 public:
  WorkerCall(const Request& request, Response& response, Work work)
      : request_(request), response_(response), work_(std::move(work)) {}

  // `ref` is of this call.
  void Submit(const PendingCall::Ref& ref, runtime::WorkerPool& workers, engine::Readings at) {
    if (workers.Submit([ref, this, at = std::move(at)] { Run(at); })) return;
    Refuse(Status(Reason::kOverloaded,
                  std::to_string(kReadsQueuedMax) + " calls wait for a worker, the most",
                  {{"limit", "kReadsQueuedMax"}}));
  }
  void Refuse(const Status& status) {
    if (Claim()) Finish(ToGrpc(status));
  }

 private:
  ~WorkerCall() override = default;

  // In a worker; not at all if the caller has left before its turn.
  void Run(const engine::Readings& at) {
    const auto wanted = [this] { return !claimed(); };
    if (!wanted()) return;
    Response answer;
    const Status status = [&] {
      if constexpr (std::is_invocable_v<const Work&, const Request&, Response&>) {
        return work_(request_, answer);
      } else {
        return work_(request_, answer, wanted);
      }
    }();
    if (!Claim()) return;
    if (status.ok()) {
      response_ = std::move(answer);
      if constexpr (requires { response_.mutable_position(); }) {
        FillPosition(at, *response_.mutable_position());
      }
    }
    Finish(ToGrpc(status));
  }

  const Request request_;  // a copy: gRPC's own may be gone when the worker comes
  Response& response_;
  const Work work_;
};

template <typename Request, typename Response, typename ReadNow>
grpc::ServerUnaryReactor* Read(grpc::CallbackServerContext& context,
                               const engine::StateReader& reader, const Request& request,
                               Response& response, ReadNow read) {
  if (const Status fits = CheckMetadata(context); !fits.ok()) return FinishNow(context, fits);
  auto* call = new PendingRead<Request, Response, ReadNow>(request, response, std::move(read));
  const PendingCall::Ref ref(call);
  AwaitPosition(reader.progress(), request.read(), PositionDeadline(context),
                [ref, call](const Result<engine::Readings>& at) { call->Answer(at); });
  return call;
}

// `read`: Status(const Request&, Response&), or with a third argument that says whether the caller
// still waits, for who reads long enough to ask now and then. `workers` end before `reader` does.
template <typename Request, typename Response, typename ReadLong>
grpc::ServerUnaryReactor* ReadInWorker(grpc::CallbackServerContext& context,
                                       const engine::StateReader& reader,
                                       runtime::WorkerPool& workers, const Request& request,
                                       Response& response, ReadLong read) {
  if (const Status fits = CheckMetadata(context); !fits.ok()) return FinishNow(context, fits);
  auto* call = new WorkerCall<Request, Response, ReadLong>(request, response, std::move(read));
  const PendingCall::Ref ref(call);
  const auto submit = [ref, call, &workers](const Result<engine::Readings>& at) {
    at.ok() ? call->Submit(ref, workers, *at) : call->Refuse(at.status());
  };
  AwaitPosition(reader.progress(), request.read(), PositionDeadline(context), submit);
  return call;
}

// A call that waits for a worker alone; `work` as `read` above.
template <typename Request, typename Response, typename Work>
grpc::ServerUnaryReactor* CallInWorker(grpc::CallbackServerContext& context,
                                       runtime::WorkerPool& workers, const Request& request,
                                       Response& response, Work work) {
  if (const Status fits = CheckMetadata(context); !fits.ok()) return FinishNow(context, fits);
  auto* call = new WorkerCall<Request, Response, Work>(request, response, std::move(work));
  const PendingCall::Ref ref(call);
  call->Submit(ref, workers, {});
  return call;
}

}  // namespace motcua::rpc
