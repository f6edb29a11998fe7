// One unary call, from the request to the answer, without blocking a gRPC thread (style.md §6.2).
//
//   ServerUnaryReactor* ReceiveDossier(CallbackServerContext* context, const Request* request,
//                                      Response* response) override {
//     return rpc::Submit(*context, door_, *request, *response, ParseReceive, FillReceived);
//   }
//
// A call is finished by exactly one path: the reply of the sink, its cancellation (by the peer or
// by Server::Shutdown), or a refusal at the door. The first to claim it writes the response and
// calls Finish; the others do nothing.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <utility>

#include "services/base/status.h"
#include "services/base/trace.h"
#include "services/engine/ports.h"
#include "services/engine/service.h"
#include "services/platform/grpc/command.h"
#include "services/platform/grpc/position.h"
#include "services/platform/grpc/status.h"

namespace motcua::rpc {

// Of a call without a deadline of its own, and the most that one may ask for.
inline constexpr std::chrono::milliseconds kCallDeadlineDefault{10'000};
inline constexpr std::chrono::milliseconds kCallDeadlineMax{60'000};
// Kept back, so that OUTCOME_UNKNOWN reaches the caller before its own deadline ends the call; a
// fifth of the remaining time where that is less. Longer than a service takes to see that a
// deadline has passed, also while its store takes nothing (process/assembly.cc holds it to that).
inline constexpr std::chrono::milliseconds kCallDeadlineMargin{400};

// Where a service's commands go. Both must outlive every call.
struct Door {
  engine::CommandSink& sink;
  const engine::Clock& clock;
};

// When the call must have been answered, by the port's Passed().
Micros CallDeadline(const grpc::CallbackServerContext& context, const engine::Clock& clock);

// LIMIT_EXCEEDED when the call came with more metadata than kMetadataBytesMax. Each call of our
// services is asked before anything else is done with it.
Status CheckMetadata(const grpc::CallbackServerContext& context);

// Answers at once, for reads and refusals.
grpc::ServerUnaryReactor* FinishNow(grpc::CallbackServerContext& context, const Status& status);

// A call that waits for the loop. Made by new; deletes itself when gRPC is done with it and every
// copy of its Ref is gone. Any thread.
// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): protected, as nobody else deletes it.
class PendingCall : public grpc::ServerUnaryReactor {
 public:
  // Shares the call. When the last copy goes without an answer, the call is finished as INTERNAL:
  // a caller never waits for what nobody holds any more.
  class Ref {
   public:
    explicit Ref(PendingCall* call) : call_(call) { call_->Hold(); }
    Ref(const Ref& other) : call_(other.call_) { call_->Hold(); }
    Ref(Ref&& other) noexcept : call_(std::exchange(other.call_, nullptr)) {}
    Ref& operator=(const Ref&) = delete;
    Ref& operator=(Ref&&) = delete;
    ~Ref() {
      if (call_ != nullptr) call_->LetGo();
    }
    PendingCall* operator->() const { return call_; }

   private:
    PendingCall* call_;
  };

  // True once: the caller of that may write the response and must call Finish.
  bool Claim() { return !claimed_.exchange(true, std::memory_order_acq_rel); }
  // Whether somebody has: no answer is waited for any more, so long work for one may stop.
  bool claimed() const { return claimed_.load(std::memory_order_acquire); }

  void OnCancel() final;
  void OnDone() final { Release(); }

 protected:
  PendingCall() = default;
  ~PendingCall() override = default;

 private:
  // gRPC would otherwise run OnDone and OnCancel through its executor, a thread hop per call. Both
  // are short and never block here. Not API of gRPC, but a virtual of the version that Debian pins.
  bool InternalInlineable() final { return true; }

  void Hold() {
    holders_.fetch_add(1, std::memory_order_relaxed);
    Retain();
  }
  void LetGo();
  void Retain() { references_.fetch_add(1, std::memory_order_relaxed); }
  void Release() {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  std::atomic<bool> claimed_ = false;
  std::atomic<int> holders_ = 0;
  std::atomic<int> references_ = 1;  // gRPC's own, until OnDone
};

// A call that waits for one command.
template <typename Response>
class CommandCall final : public PendingCall {
 public:
  using Fill = void (*)(const engine::Answer& answer, Response& response);

  CommandCall(Response& response, Fill fill) : response_(response), fill_(fill) {}

  void Answer(const Result<engine::Answer>& answer) {
    if (!Claim()) return;
    if (answer.ok()) {
      fill_(*answer, response_);
      FillPosition({answer->read}, *response_.mutable_position());
    }
    Finish(answer.ok() ? grpc::Status() : ToGrpc(answer.status()));
  }

 private:
  ~CommandCall() override = default;

  Response& response_;  // gRPC's; lives until OnDone, so it is written by the claimer only
  const Fill fill_;
};

// The trace of a call, from its `traceparent`; none without one. A malformed one begins a new trace
// instead, whose id is the request's own: the same for each try.
TraceContext TraceOf(const grpc::CallbackServerContext& context, const cases::RequestId& request);

// `parse`: Result<cases::Action>(const Request&); `fill` writes what the answer says.
template <typename Request, typename Response, typename Parse>
grpc::ServerUnaryReactor* Submit(grpc::CallbackServerContext& context, const Door& door,
                                 const Request& request, Response& response, const Parse& parse,
                                 typename CommandCall<Response>::Fill fill) {
  if (const Status fits = CheckMetadata(context); !fits.ok()) return FinishNow(context, fits);
  Result<cases::Command> command = MakeCommand(request, parse);
  if (!command.ok()) return FinishNow(context, command.status());
  command->trace = TraceOf(context, command->request_id);
  auto* call = new CommandCall<Response>(response, fill);
  const PendingCall::Ref ref(call);
  door.sink.Submit(std::move(*command), CallDeadline(context, door.clock),
                   [ref](const Result<engine::Answer>& answer) {
                     static_cast<CommandCall<Response>*>(ref.operator->())->Answer(answer);
                   });
  return call;
}

// For the many answers that say the dossier's version now.
template <typename Response>
void FillVersion(const engine::Answer& answer, Response& response) {
  response.set_version(answer.version);
}

}  // namespace motcua::rpc
