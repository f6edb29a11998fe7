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
//   bench_receive --serve       both servers for another client (ghz, README.md), until stopped
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "services/standalone/standalone.h"
#include "tests/benchmark/echo.h"
#include "tests/support/resident.h"

namespace motcua::bench {
namespace {

struct Options {
  double seconds = 5;
  Receipt receipt;
  std::string out;
  std::string server;  // empty: `standalone` is started
  bool serve = false;
};

void ServeStandalone(int end, const std::filesystem::path& data) {
  runtime::BlockSignals();
  standalone::StandaloneOptions options;
  options.data = data;
  auto running = standalone::Standalone::Start(std::move(options));
  if (!running.ok()) std::fprintf(stderr, "%s\n", running.status().ToString().c_str());
  Tell(end, running.ok() ? (*running)->address() : "");
  runtime::SignalWaiter().Wait();
}

constexpr int kBusy = 256;
constexpr int kOverloadFactor = 10;

std::vector<Figures> Measure(const std::string& address, const Options& options) {
  std::vector<Figures> rows;
  Load(address, options.receipt, 64).Run(1);  // warm
  for (const int in_flight : {1, 64, kBusy}) {
    rows.push_back(Load(address, options.receipt, in_flight).Run(options.seconds));
  }
  return rows;
}

void MeasureOverload(const Child& echo, const Child& server, const Options& options) {
  const auto print = [&options](const char* name, const Child& child, int factor) {
    const Figures row =
        Load(child.address, options.receipt, kBusy * factor, kOverloadFactor).Run(options.seconds);
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
  if (options.serve) {
    std::printf("echo %s receive %s\n", echo.address.c_str(), real.address.c_str());
    std::fflush(stdout);
    runtime::BlockSignals();
    runtime::SignalWaiter().Wait();
    Stop(echo);
    if (real.pid != 0) Stop(real);
    std::filesystem::remove_all(data);
    return 0;
  }
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
}  // namespace motcua::bench

// --flag=value, as Google Benchmark's programs take them.
int main(int argc, char** argv) {
  motcua::bench::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (flag == "--seconds") options.seconds = std::atof(value.c_str());
    if (flag == "--serve") options.serve = true;
    if (flag == "--server") options.server = value;
    if (flag == "--unit") options.receipt.unit = value;
    if (flag == "--procedure") options.receipt.procedure = value;
    if (flag == "--benchmark_out") options.out = value;
  }
  return motcua::bench::Run(options);
}
