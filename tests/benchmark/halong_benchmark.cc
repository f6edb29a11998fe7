// Goal: what the ten months of Hạ Long cost, in one run. Method: a bare gRPC echo with 256 calls in
// flight, before and after; in between `motcua replay halong-2020` against `motcua standalone`
// under the scenario's clock, while a client asks for Biểu II.06a over the ten months, by unit and
// by field in turn; then the server is started again, after a clean end and after a kill. Memory is
// the server's, at half of the replay's time and at its end.
//
//   bench_halong [--scale=1] [--motcua=build/bin/motcua] [--benchmark_out=FILE]
//
// To hold it against: the replay at 0.40 of the echo's rate, reports below 10 ms (99 of 100),
// starts below 0.5 s and 1.5 s, memory that stays, 1 KB on disk for a dossier of three events.
#include <fcntl.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "motcua/reporting/v1/reporting.grpc.pb.h"
#include "tests/benchmark/echo.h"
#include "tests/support/resident.h"

namespace motcua::bench {
namespace {

namespace fs = std::filesystem;
namespace pb = reporting::v1;

constexpr int kBusy = 256;
constexpr double kEchoSeconds = 5;
constexpr std::chrono::milliseconds kBetweenReports{250};
constexpr const char* kScenarioStart = "2019-12-02T00:00:00+07:00";

struct Options {
  std::string scale = "1";
  std::string motcua = "build/bin/motcua";
  std::string out;
};

double SecondsSince(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// `motcua` with its standard output in a pipe.
struct Program {
  pid_t pid = 0;
  FILE* out = nullptr;

  static Program Start(std::vector<std::string> arguments) {
    int ends[2] = {};
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
    const pid_t pid = fork();
    if (pid == 0) {
      dup2(ends[1], STDOUT_FILENO);
      dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);  // a server's log
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(ends[1]);
    return {pid, fdopen(ends[0], "r")};
  }
  std::string Line() const {
    std::array<char, 4096> line{};
    return std::fgets(line.data(), line.size(), out) == nullptr ? "" : line.data();
  }
  void End(int signal) {
    if (signal != 0) kill(pid, signal);
    waitpid(pid, nullptr, 0);
    if (out != nullptr) std::fclose(out);
    out = nullptr;
  }
};

// A server; how long until it serves.
struct Server {
  Program program;
  std::string address;
  double seconds = 0;

  static Server Start(const Options& options, const fs::path& data) {
    const auto begin = SteadyClock::now();
    Server server;
    server.program = Program::Start({options.motcua, "standalone", "--data", data.string(),
                                     "--listen", "127.0.0.1:0", "--scenario", kScenarioStart});
    const std::string line = server.program.Line();
    server.seconds = SecondsSince(begin);
    if (!line.starts_with("ready ")) {
      std::fprintf(stderr, "%s standalone does not serve\n", options.motcua.c_str());
      std::exit(1);
    }
    server.address = line.substr(6, line.find_first_of(" \n", 6) - 6);
    return server;
  }
};

// Asks for the report again and again, from its construction until Stop.
class ReportReader {
 public:
  explicit ReportReader(const std::string& address)
      : stub_(pb::ReportingService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        thread_([this] { Run(); }) {}
  ~ReportReader() { Stop(); }
  ReportReader(const ReportReader&) = delete;
  ReportReader& operator=(const ReportReader&) = delete;

  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  // After Stop: whether each was answered, and there were some of each.
  bool whole() {
    return failed_ == 0 && !micros(pb::DIMENSION_UNIT).empty() &&
           !micros(pb::DIMENSION_FIELD).empty();
  }
  std::vector<double>& micros(pb::Dimension by) { return micros_[static_cast<std::size_t>(by)]; }

 private:
  void Run() {
    for (int i = 0; !stop_; ++i) {
      const pb::Dimension by = i % 2 == 0 ? pb::DIMENSION_UNIT : pb::DIMENSION_FIELD;
      pb::GetStatusReportRequest request;
      pb::StatusQuery& query = *request.mutable_query();
      SetDay(*query.mutable_from_date(), 1, 1);
      SetDay(*query.mutable_to_date(), 10, 31);
      query.set_by(by);
      pb::GetStatusReportResponse response;
      grpc::ClientContext context;
      const auto begin = SteadyClock::now();
      const grpc::Status status = stub_->GetStatusReport(&context, request, &response);
      if (status.ok()) {
        micros(by).push_back(SecondsSince(begin) * 1e6);
      } else if (failed_++ == 0) {
        std::fprintf(stderr, "no report: %s\n", status.error_message().c_str());
      }
      std::this_thread::sleep_for(kBetweenReports);
    }
  }
  static void SetDay(common::v1::Date& date, int month, int day) {
    date.set_year(2020);
    date.set_month(month);
    date.set_day(day);
  }

  const std::unique_ptr<pb::ReportingService::Stub> stub_;
  std::array<std::vector<double>, pb::Dimension_ARRAYSIZE> micros_;
  std::atomic<bool> stop_ = false;
  int failed_ = 0;
  std::thread thread_;
};

// The number after `"name":` in a line of JSON.
double NumberOf(const std::string& line, const std::string& name) {
  const std::size_t at = line.find("\"" + name + "\":");
  return at == std::string::npos ? 0 : std::strtod(line.c_str() + at + name.size() + 3, nullptr);
}

double BytesIn(const fs::path& folder) {
  double bytes = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += static_cast<double>(file.file_size());
  }
  return bytes;
}

// Memory of the server over the time of the replay, a sample a second.
class Memory {
 public:
  explicit Memory(pid_t pid)
      : thread_([this, pid] {
          while (!stop_) {
            samples_.push_back(testing::ResidentMebibytes(pid));
            std::this_thread::sleep_for(std::chrono::seconds(1));
          }
        }) {}
  ~Memory() { Stop(); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  double Half() const { return samples_[samples_.size() / 2]; }
  double Last() const { return samples_.back(); }

 private:
  std::vector<double> samples_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

int Run(const Options& options) {
  const fs::path data = fs::temp_directory_path() / ("motcua-halong-" + std::to_string(getpid()));
  std::string json = "{";
  const auto say = [&](const std::string& what, double value, const char* unit) {
    std::printf("%-56s %12.3f %s\n", what.c_str(), value, unit);
    std::fflush(stdout);
    json += (json.size() > 1 ? ",\"" : "\"") + what + "\":" + std::to_string(value);
  };

  const Child echo = Spawn(ServeEcho);
  Server server = Server::Start(options, data);
  const auto measure_echo = [&] { return Load(echo.address, {}, kBusy).Run(kEchoSeconds).rate; };
  measure_echo();  // warm
  const double echo_before = measure_echo();
  say("echo, 256 in flight, before", echo_before, "/s");

  ReportReader reports(server.address);
  Memory memory(server.program.pid);
  Program replay = Program::Start({options.motcua, "--server", server.address, "replay",
                                   "halong-2020", "--scale", options.scale, "--format", "json"});
  std::string told;
  for (std::string line = replay.Line(); !line.empty(); line = replay.Line()) told = line;
  replay.End(0);
  reports.Stop();
  memory.Stop();
  const double commands = NumberOf(told, "commands");
  const double seconds = NumberOf(told, "seconds");
  const double received = NumberOf(told, "received");
  if (commands == 0 || seconds == 0 || NumberOf(told, "refused") != 0 || !reports.whole()) {
    std::fprintf(stderr, "the replay or its reports went wrong: %s\n", told.c_str());
    server.program.End(SIGTERM);
    Stop(echo);
    fs::remove_all(data);
    return 1;
  }
  const double echo_after = measure_echo();
  say("echo, 256 in flight, after", echo_after, "/s");
  say("dossiers", received, "");
  say("commands", commands, "");
  say("replay", seconds, "s");
  say("replay, commands per second", commands / seconds, "/s");
  say("replay to echo", commands / seconds / ((echo_before + echo_after) / 2), "");
  for (const auto& [by, name] :
       {std::pair(pb::DIMENSION_UNIT, "unit"), std::pair(pb::DIMENSION_FIELD, "field")}) {
    say(std::string("reports by ") + name, static_cast<double>(reports.micros(by).size()), "");
    say(std::string("report by ") + name + ", median", Percentile(reports.micros(by), 50) / 1000,
        "ms");
    say(std::string("report by ") + name + ", 99 of 100", Percentile(reports.micros(by), 99) / 1000,
        "ms");
  }
  say("memory at half time", memory.Half(), "MiB");
  say("memory at the end", memory.Last(), "MiB");
  server.program.End(SIGTERM);
  say("on disk per dossier", BytesIn(data) / received, "bytes");
  server = Server::Start(options, data);
  say("start after a clean end", server.seconds, "s");
  server.program.End(SIGKILL);
  server = Server::Start(options, data);
  say("start after kill -9, idle", server.seconds, "s");
  server.program.End(SIGTERM);
  Stop(echo);
  fs::remove_all(data);
  if (!options.out.empty()) std::ofstream(options.out) << json << "}\n";
  return 0;
}

}  // namespace
}  // namespace motcua::bench

int main(int argc, char** argv) {
  motcua::bench::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&](std::string_view name) { return argument.substr(name.size()); };
    if (argument.starts_with("--scale=")) options.scale = value("--scale=");
    if (argument.starts_with("--motcua=")) options.motcua = value("--motcua=");
    if (argument.starts_with("--benchmark_out=")) options.out = value("--benchmark_out=");
  }
  return motcua::bench::Run(options);
}
