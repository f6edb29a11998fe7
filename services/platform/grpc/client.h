// The client's side: channels, and unary calls that always have a deadline and are tried again
// where that is safe.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto channel, rpc::OpenChannel({.address = "127.0.0.1:7001"}));
//   auto stub = intake::v1::IntakeService::NewStub(channel);
//   Result<ReceiveDossierResponse> answer =
//       rpc::Call<ReceiveDossierResponse>(*stub, &Stub::ReceiveDossier, request);
//
// Calls block; not for gRPC's own threads. Any thread; a channel is shared and reused.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/platform/grpc/status.h"

namespace motcua::rpc {

struct ChannelOptions {
  std::string address;  // "HOST:PORT"
  bool tls = false;
  // PEM file; empty: the machine's authorities.
  std::string authority_file = {};
  // PEM files of the caller's own certificate, where the server asks for one.
  std::string certificate_file = {};
  std::string key_file = {};
  // The name in the server's certificate where it is not the address.
  std::string server_name = {};
};

// Does not connect yet. FILE_UNREADABLE, FILE_INVALID, both naming the file; FIELD_INVALID.
Result<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelOptions& options);

// A try that was not answered.
struct FailedTry {
  Status why;
  std::chrono::milliseconds after{0};  // it was sent
};

struct CallPolicy {
  // Of all tries together, and of one.
  std::chrono::milliseconds deadline{30'000};
  std::chrono::milliseconds try_deadline{10'000};
  int tries_max = 6;
  std::chrono::milliseconds backoff_first{50};
  std::chrono::milliseconds backoff_max{2'000};
  // Sent with each try when it is not empty (W3C Trace Context; base/trace.h).
  std::string traceparent = {};
  // How many may be asked in turn; the first round over them needs no pauses, and each has
  // `tries_max` tries.
  int instances = 1;
  // Where the tries that fail are noted, for who measures; outlives the call.
  std::vector<FailedTry>* failed_tries = nullptr;
  // Ends the pause between two tries, and with it the trying.
  std::stop_token stop = {};
  // Takes the place of the pause.
  std::function<void(std::chrono::milliseconds)> pause = {};
};

// Lets `pause` pass, or less when `stop` is asked for, and carries on what the channels do to
// connect. gRPC itself does so only while somebody waits for an answer, and every five seconds; a
// call to a server that is away does not wait: it fails at once. Any thread.
void PauseOn(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
             std::chrono::milliseconds pause, const std::stop_token& stop);

// Decides about one more try. Not shared between threads.
class Retrier {
 public:
  explicit Retrier(const CallPolicy& policy);
  // Sets the deadline of the next try.
  void Prepare(grpc::ClientContext& context);
  // Whether to try again after `status`; pauses before it says so. A server that is away is tried
  // again (AIP-194): the request, and with it its request_id, is the same. Where there are several
  // instances, so is what only one of them can be blamed for.
  bool Again(const grpc::Status& status);
  // Whether the status speaks of the instance, not of the request: it is away, does not answer in
  // time, or its store is damaged.
  static bool IsOfInstance(const grpc::Status& status);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  static bool IsAway(const grpc::Status& status);
  std::chrono::milliseconds Remaining() const;

  const CallPolicy& policy_;
  const SteadyTime end_;
  int tries_ = 0;
  SteadyTime sent_ = {};
};

template <typename Response, typename Stub, typename Request>
Result<Response> Call(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, const CallPolicy& policy = {}) {
  Retrier retrier(policy);
  while (true) {
    grpc::ClientContext context;
    retrier.Prepare(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (status.ok()) return response;
    if (!retrier.Again(status)) return FromGrpc(status);
  }
}

}  // namespace motcua::rpc
