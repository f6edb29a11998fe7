// A bare gRPC echo in a process of its own, which answers ReceiveDossier at once, and a client that
// keeps so many calls of ReceiveDossier in flight: what others are held against.
//
// Spawn before the process has a thread of gRPC. One thread; a Load calls back on gRPC's.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/domain/cases/codes.h"
#include "services/platform/grpc/server.h"
#include "services/platform/runtime/signals.h"

namespace motcua::bench {

using SteadyClock = std::chrono::steady_clock;
using intake::v1::IntakeService;
using intake::v1::ReceiveDossierRequest;
using intake::v1::ReceiveDossierResponse;

class Echo final : public IntakeService::CallbackService {
  grpc::ServerUnaryReactor* ReceiveDossier(grpc::CallbackServerContext* context,
                                           const ReceiveDossierRequest* request,
                                           ReceiveDossierResponse* response) override {
    response->set_dossier(request->unit() + "-201031-0001");
    response->set_version(1);
    response->set_register_year(2020);
    response->set_register_number(1);
    response->mutable_receive_time()->set_seconds(1'604'111'111);
    response->mutable_due_time()->set_seconds(1'605'111'111);
    response->mutable_due_date()->set_year(2020);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// ---- Servers in processes of their own -------------------------------------------------------

struct Child {
  pid_t pid = 0;
  std::string address;
};

// Forks before this process has any gRPC thread; the child writes its port into the pipe.
template <typename Serve>
Child Spawn(const Serve& serve) {
  int ends[2] = {};
  if (pipe(ends) != 0) std::abort();
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[0]);
    serve(ends[1]);
    _exit(0);
  }
  close(ends[1]);
  std::string address;
  char c = 0;
  while (read(ends[0], &c, 1) == 1 && c != '\n') address.push_back(c);
  close(ends[0]);
  return {pid, address};
}

inline void Tell(int end, const std::string& address) {
  const std::string line = address + "\n";
  if (write(end, line.data(), line.size()) < 0) std::abort();
}

inline void ServeEcho(int end) {
  runtime::BlockSignals();
  Echo echo;
  auto server = rpc::Server::Start({}, {{&echo, IntakeService::service_full_name()}});
  Tell(end, server.ok() ? (*server)->address() : "");
  runtime::SignalWaiter().Wait();
}

inline void Stop(const Child& child) {
  kill(child.pid, SIGTERM);
  waitpid(child.pid, nullptr, 0);
}

// ---- The client ------------------------------------------------------------------------------

inline constexpr std::chrono::milliseconds kPauseOfRefused{250};

// What is received.
struct Receipt {
  std::string unit = "000.23.10.H49";
  std::string procedure = "1.000656";
};

struct Figures {
  int in_flight = 0;
  double rate = 0;  // of answered calls
  double p50_micros = 0;
  double p99_micros = 0;
  std::size_t failed = 0;
  double refused_rate = 0;  // RESOURCE_EXHAUSTED
  double refused_p99_micros = 0;
};

inline double Percentile(std::vector<double>& values, std::size_t percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() * percent / 100];
}

class Load {
 public:
  Load(const std::string& address, Receipt receipt, int in_flight, int connections = 1)
      : receipt_(std::move(receipt)), in_flight_(in_flight) {
    for (int i = 0; i < connections; ++i) {
      grpc::ChannelArguments arguments;
      arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
      stubs_.push_back(IntakeService::NewStub(
          grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
    }
  }

  Figures Run(double seconds) {
    end_ = SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(
                                    std::chrono::duration<double>(seconds));
    const auto begin = SteadyClock::now();
    open_ = in_flight_;
    for (int i = 0; i < in_flight_; ++i) Send();
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return open_ == 0; });
    const double took = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    Figures figures;
    figures.in_flight = in_flight_;
    figures.rate = static_cast<double>(micros_.size()) / took;
    figures.p50_micros = Percentile(micros_, 50);
    figures.p99_micros = Percentile(micros_, 99);
    figures.failed = failed_;
    figures.refused_rate = static_cast<double>(refused_micros_.size()) / took;
    figures.refused_p99_micros = Percentile(refused_micros_, 99);
    return figures;
  }

 private:
  struct Call {
    grpc::ClientContext context;
    ReceiveDossierRequest request;
    ReceiveDossierResponse response;
    SteadyClock::time_point sent;
  };

  void Send() {
    auto* call = new Call;
    const std::uint64_t number = number_.fetch_add(1);
    const auto now = static_cast<std::uint64_t>(SteadyClock::now().time_since_epoch().count());
    call->request.mutable_context()->set_request_id(cases::FormatRequestId(
        cases::DeriveRequestId("bench/" + std::to_string(now) + "/" + std::to_string(number))));
    call->request.mutable_context()->set_actor("officer:bench");
    call->request.set_unit(receipt_.unit);
    call->request.set_procedure(receipt_.procedure);
    call->request.set_channel(common::v1::CHANNEL_DIRECT);
    call->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    call->sent = SteadyClock::now();
    stubs_[number % stubs_.size()]->async()->ReceiveDossier(
        &call->context, &call->request, &call->response,
        [this, call](const grpc::Status& status) { Done(call, status); });
  }

  void Done(Call* call, const grpc::Status& status) {
    const auto now = SteadyClock::now();
    const double micros = std::chrono::duration<double, std::micro>(now - call->sent).count();
    delete call;
    bool more = false;
    {
      const std::scoped_lock lock(mutex_);
      if (status.ok()) {
        micros_.push_back(micros);
      } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
        refused_micros_.push_back(micros);
      } else if (failed_++ == 0) {
        std::fprintf(stderr, "failed: %s\n", status.error_message().c_str());
      }
      more = now < end_;
      if (!more && --open_ == 0) done_.notify_all();
    }
    if (!more) return;
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
      SendLater();
    } else {
      Send();
    }
  }

  void SendLater() {
    const std::scoped_lock lock(mutex_);
    auto& alarm = alarms_.emplace_back(std::make_unique<grpc::Alarm>());
    alarm->Set(std::chrono::system_clock::now() + kPauseOfRefused, [this](bool) { Send(); });
  }

  const Receipt receipt_;
  const int in_flight_;
  std::vector<std::unique_ptr<IntakeService::Stub>> stubs_;
  std::atomic<std::uint64_t> number_ = 0;
  SteadyClock::time_point end_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::vector<double> micros_;
  std::vector<double> refused_micros_;
  std::vector<std::unique_ptr<grpc::Alarm>> alarms_;
  std::size_t failed_ = 0;
  int open_ = 0;
};

}  // namespace motcua::bench
