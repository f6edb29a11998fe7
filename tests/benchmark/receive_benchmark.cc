// Goal: what durable ReceiveDossier through `standalone`, or through a cluster on Kafka, costs
// beside
//       a bare gRPC echo.
// Method: two servers in processes of their own, one after the other: an echo that answers the same
// request with the same answer at once, and the real thing: `standalone`, or the intake that runs
// at --server already (`motcua cluster up` prints where). The same client keeps 1, 64 and 256
// calls in flight for the same time; rate, median and 99th percentile, and their ratios in one run.
// Then the load that keeps it busy (256) against ten times that, over ten connections, whichever is
// refused asking again after a pause: what is still taken, how fast, what a refusal costs, memory.
// The echo under the same ten times is the floor: what client and transport alone make of it.
//
//   bench_receive [--seconds=5] [--server=HOST:PORT] [--unit=CODE] [--procedure=CODE]
//                 [--benchmark_out=FILE]
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
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/platform/runtime/signals.h"
#include "services/standalone/standalone.h"
#include "tests/support/resident.h"

namespace motcua {
namespace {

using SteadyClock = std::chrono::steady_clock;
using intake::v1::IntakeService;
using intake::v1::ReceiveDossierRequest;
using intake::v1::ReceiveDossierResponse;

struct Options {
  double seconds = 5;
  std::string unit = "000.23.10.H49";
  std::string procedure = "1.000656";
  std::string out;
  std::string server;  // empty: `standalone` is started
};

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

void Tell(int end, const std::string& address) {
  const std::string line = address + "\n";
  if (write(end, line.data(), line.size()) < 0) std::abort();
}

void ServeEcho(int end) {
  runtime::BlockSignals();
  Echo echo;
  auto server = rpc::Server::Start({}, {{&echo, IntakeService::service_full_name()}});
  Tell(end, server.ok() ? (*server)->address() : "");
  runtime::SignalWaiter().Wait();
}

void ServeStandalone(int end, const std::filesystem::path& data) {
  runtime::BlockSignals();
  standalone::StandaloneOptions options;
  options.data = data;
  auto running = standalone::Standalone::Start(std::move(options));
  if (!running.ok()) std::fprintf(stderr, "%s\n", running.status().ToString().c_str());
  Tell(end, running.ok() ? (*running)->address() : "");
  runtime::SignalWaiter().Wait();
}

void Stop(const Child& child) {
  kill(child.pid, SIGTERM);
  waitpid(child.pid, nullptr, 0);
}

// ---- The client ------------------------------------------------------------------------------

constexpr int kBusy = 256;
constexpr int kOverloadFactor = 10;
constexpr std::chrono::milliseconds kPauseOfRefused{250};

struct Figures {
  int in_flight = 0;
  double rate = 0;  // of answered calls
  double p50_micros = 0;
  double p99_micros = 0;
  std::size_t failed = 0;
  double refused_rate = 0;  // RESOURCE_EXHAUSTED
  double refused_p99_micros = 0;
};

double Percentile(std::vector<double>& values, std::size_t percent) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() * percent / 100];
}

class Load {
 public:
  Load(const std::string& address, Options options, int in_flight, int connections = 1)
      : options_(std::move(options)), in_flight_(in_flight) {
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
    call->request.set_unit(options_.unit);
    call->request.set_procedure(options_.procedure);
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

  const Options options_;
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

std::vector<Figures> Measure(const std::string& address, const Options& options) {
  std::vector<Figures> rows;
  Load(address, options, 64).Run(1);  // warm
  for (const int in_flight : {1, 64, kBusy}) {
    rows.push_back(Load(address, options, in_flight).Run(options.seconds));
  }
  return rows;
}

void MeasureOverload(const Child& echo, const Child& server, const Options& options) {
  const auto print = [&options](const char* name, const Child& child, int factor) {
    const Figures row =
        Load(child.address, options, kBusy * factor, kOverloadFactor).Run(options.seconds);
    std::printf("%8s %9d %12.0f %12.0f %7.0f us %7.0f us %9.0f us %9.0f\n", name, row.in_flight,
                row.rate, row.refused_rate, row.p50_micros, row.p99_micros, row.refused_p99_micros,
                testing::ResidentMebibytes(child.pid));
  };
  std::printf("%8s %9s %12s %12s %10s %10s %12s %9s\n", "server", "in flight", "taken/s",
              "refused/s", "taken p50", "taken p99", "refused p99", "MiB");
  for (const int factor : {1, kOverloadFactor}) print("echo", echo, factor);
  for (const int factor : {1, kOverloadFactor, kOverloadFactor, 1}) {
    print("receive", server, factor);
  }
}

std::string Json(const std::vector<Figures>& echo, const std::vector<Figures>& receive) {
  std::string json = "{\"rows\":[";
  for (std::size_t i = 0; i < echo.size(); ++i) {
    char row[400];
    std::snprintf(row, sizeof row,
                  "%s{\"in_flight\":%d,\"echo_rate\":%.0f,\"receive_rate\":%.0f,\"ratio\":%.3f,"
                  "\"echo_p50_us\":%.0f,\"echo_p99_us\":%.0f,\"receive_p50_us\":%.0f,"
                  "\"receive_p99_us\":%.0f,\"failed\":%zu}",
                  i == 0 ? "" : ",", echo[i].in_flight, echo[i].rate, receive[i].rate,
                  receive[i].rate / echo[i].rate, echo[i].p50_micros, echo[i].p99_micros,
                  receive[i].p50_micros, receive[i].p99_micros, receive[i].failed);
    json += row;
  }
  return json + "]}\n";
}

int Run(const Options& options) {
  const std::filesystem::path data =
      std::filesystem::temp_directory_path() / ("motcua-bench-" + std::to_string(getpid()));
  const Child echo = Spawn(ServeEcho);
  Child real{0, options.server};
  if (real.address.empty()) {
    real = Spawn([&](int end) { ServeStandalone(end, data); });
  }
  if (echo.address.empty() || real.address.empty()) return 1;
  const std::vector<Figures> echo_rows = Measure(echo.address, options);
  const std::vector<Figures> real_rows = Measure(real.address, options);
  std::printf("%9s %12s %12s %6s %10s %10s %10s %10s\n", "in flight", "echo/s", "receive/s",
              "ratio", "echo p50", "echo p99", "recv p50", "recv p99");
  for (std::size_t i = 0; i < echo_rows.size(); ++i) {
    std::printf("%9d %12.0f %12.0f %6.2f %7.0f us %7.0f us %7.0f us %7.0f us\n",
                echo_rows[i].in_flight, echo_rows[i].rate, real_rows[i].rate,
                real_rows[i].rate / echo_rows[i].rate, echo_rows[i].p50_micros,
                echo_rows[i].p99_micros, real_rows[i].p50_micros, real_rows[i].p99_micros);
  }
  MeasureOverload(echo, real, options);
  Stop(echo);
  if (real.pid != 0) Stop(real);
  if (!options.out.empty()) std::ofstream(options.out) << Json(echo_rows, real_rows);
  std::filesystem::remove_all(data);
  return 0;
}

}  // namespace
}  // namespace motcua

// --flag=value, as Google Benchmark's programs take them.
int main(int argc, char** argv) {
  motcua::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (flag == "--seconds") options.seconds = std::atof(value.c_str());
    if (flag == "--server") options.server = value;
    if (flag == "--unit") options.unit = value;
    if (flag == "--procedure") options.procedure = value;
    if (flag == "--benchmark_out") options.out = value;
  }
  return motcua::Run(options);
}
