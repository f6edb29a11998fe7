// Goal: what reporting's fold costs beside Kafka Streams: exactly once, RocksDB, the same counters
// from the same topic. Method: dossiers live their lives through intake's loop on a topic of their
// own, on the broker that MOTCUA_BENCH_KAFKA names; then reporting folds it from nothing, and after
// it streams/DayCounters.java does. Events per second of CPU of each process (the broker's share is
// in neither) and by the clock, and their ratios. Streams is measured from its first event on.
//
//   bench_streams [--dossiers=100000] [--apart=2000] --classpath=JARS [--benchmark_out=FILE]
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "services/intake/rules.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/host/service_host.h"
#include "services/platform/kafka/kafka_log.h"
#include "services/platform/runtime/clocks.h"
#include "services/reporting/rules.h"
#include "services/wire/codec.h"
#include "tests/benchmark/lives.h"

namespace motcua {
namespace {

namespace fs = std::filesystem;
using bench::Check;

struct Options {
  int dossiers = 100'000;
  int apart = 2000;
  std::string classpath;
  std::string out;
};

struct Cost {
  double wall = 0;
  double cpu = 0;
};

Cost Now() {
  timespec cpu{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return {
      std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(),
      static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec)};
}

std::string Brokers() {
  const char* const brokers = std::getenv("MOTCUA_BENCH_KAFKA");
  return brokers == nullptr ? "127.0.0.1:9092" : brokers;
}

std::string NewTopic() {
  kafka::TopicPlan plan;
  plan.names.case_events = "bench-" + std::to_string(std::random_device()());
  plan.names.case_parties = plan.names.case_events + "-parties";
  plan.names.catalogue = plan.names.case_events + "-catalogue";
  plan.partitions = 1;
  plan.replicas = 1;
  plan.in_sync_min = 1;
  Check(kafka::CreateTopics({Brokers(), {}, nullptr}, plan).status());
  return plan.names.case_events;
}

// One service on the topic, with a store of its own.
class Service {
 public:
  Service(const std::string& topic, const fs::path& data, const engine::ServiceRules& rules) {
    kafka::KafkaLogOptions log;
    log.brokers = Brokers();
    log.topic = topic;
    log.allow_unsafe = true;
    auto opened = kafka::KafkaLog::Open(std::move(log), codec_);
    Check(opened.status());
    log_ = std::move(opened).value();
    host::HostOptions options;
    options.directory = data / std::string(rules.name());
    options.log_id = log_->id();
    auto host = host::ServiceHost::Open({*log_, clock_, codec_, *catalogue_, rules}, options);
    Check(host.status());
    host_ = std::move(host).value();
    host_->Start();
    Check(host_->AwaitCaughtUp());
  }
  ~Service() { host_->Stop(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  engine::CommandSink& sink() { return host_->sink(); }

 private:
  const wire::WireCodec codec_;
  const runtime::SystemClock clock_;
  const std::shared_ptr<const catalogue::Catalogue> catalogue_ = catalogue::BuiltinCatalogue();
  std::unique_ptr<kafka::KafkaLog> log_;
  std::unique_ptr<host::ServiceHost> host_;
};

Cost FoldHere(const std::string& topic, const fs::path& data) {
  const reporting::ReportingRules rules;
  const Cost begin = Now();
  const Service service(topic, data, rules);
  const Cost end = Now();
  return {end.wall - begin.wall, end.cpu - begin.cpu};
}

// The number after `"name":` in a line of JSON.
double NumberOf(const std::string& line, const std::string& name) {
  const std::size_t at = line.find("\"" + name + "\":");
  return at == std::string::npos ? 0 : std::strtod(line.c_str() + at + name.size() + 3, nullptr);
}

Cost FoldByStreams(const std::string& topic, const fs::path& data, std::int64_t events,
                   const std::string& classpath) {
  const std::string command = "java -cp '" + classpath +
                              "' -Dorg.slf4j.simpleLogger.defaultLogLevel=error DayCounters " +
                              Brokers() + " " + topic + " " + std::to_string(events) + " '" +
                              (data / "streams").string() + "'";
  FILE* const java = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): names of our own
  if (java == nullptr) return {};
  std::string told;
  std::array<char, 512> line{};
  while (std::fgets(line.data(), line.size(), java) != nullptr) told += line.data();
  if (pclose(java) != 0 || NumberOf(told, "cpu") == 0) {
    std::fprintf(stderr, "Kafka Streams did not count: %s\n", told.c_str());
    std::exit(1);
  }
  std::fputs(told.c_str(), stdout);  // also what its counters add up to
  return {NumberOf(told, "wall"), NumberOf(told, "cpu")};
}

int Run(const Options& options) {
  const fs::path data = fs::temp_directory_path() / ("motcua-streams-" + std::to_string(getpid()));
  const std::string topic = NewTopic();
  {
    const intake::IntakeRules rules;
    Service intake(topic, data, rules);
    bench::Lives(intake.sink()).Live(options.dossiers, options.apart);
  }
  const std::int64_t events = std::int64_t{options.dossiers} * bench::kEventsPerLife;
  const Cost here = FoldHere(topic, data);
  const Cost streams = FoldByStreams(topic, data, events, options.classpath);
  std::string json = "{";
  const auto say = [&](const std::string& what, double value, const char* unit) {
    std::printf("%-52s %12.1f %s\n", what.c_str(), value, unit);
    json += (json.size() > 1 ? ",\"" : "\"") + what + "\":" + std::to_string(value);
  };
  const auto count = static_cast<double>(events);
  say("reporting, events per CPU second", count / here.cpu, "/s");
  say("Kafka Streams, events per CPU second", count / streams.cpu, "/s");
  say("reporting to Kafka Streams by CPU", streams.cpu / here.cpu, "times");
  say("reporting, events per second", count / here.wall, "/s");
  say("Kafka Streams, events per second", count / streams.wall, "/s");
  say("reporting to Kafka Streams by the clock", streams.wall / here.wall, "times");
  fs::remove_all(data);
  if (!options.out.empty()) std::ofstream(options.out) << json << "}\n";
  return 0;
}

}  // namespace
}  // namespace motcua

int main(int argc, char** argv) {
  motcua::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const auto value = [&](std::string_view name) { return argument.substr(name.size()); };
    if (argument.starts_with("--dossiers=")) options.dossiers = std::stoi(value("--dossiers="));
    if (argument.starts_with("--apart=")) options.apart = std::stoi(value("--apart="));
    if (argument.starts_with("--classpath=")) options.classpath = value("--classpath=");
    if (argument.starts_with("--benchmark_out=")) options.out = value("--benchmark_out=");
  }
  return motcua::Run(options);
}
