// Goal: what folding the log costs: events per second of CPU for each service, what of it is
// reading and decoding; bytes on disk per closed dossier; start-up of a finished half-year. Method:
// dossiers live their whole lives (received, resolved, handed back) through the loops of intake and
// the others on a LocalLog; then each service is folded again from nothing, alone, by CPU time of
// the process; then everything is opened again.
//
//   bench_replay [--dossiers=100000] [--apart=N] [--data=DIR] [--fold=NAME] [--benchmark_out=FILE]
//     --apart=N      a dossier's next event comes N dossiers later, as where N are in progress; 0:
//                    all are received before the first is resolved, the worst for every cache
//     --data=DIR     kept; its log is folded as it is where there is one, so that two programs can
//                    be compared on the same log
//     --fold=NAME    only this service's fold, for a profiler
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/deadline/rules.h"
#include "services/intake/rules.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/host/service_host.h"
#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/clocks.h"
#include "services/postal/rules.h"
#include "services/reporting/rules.h"
#include "services/routing/rules.h"
#include "services/wire/codec.h"
#include "tests/benchmark/lives.h"

namespace motcua {
namespace {

namespace fs = std::filesystem;
using bench::Check;
using bench::kEventsPerLife;

// Of all threads: the fold's, and those of RocksDB that write its files.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}
double WallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class World {
 public:
  World(fs::path data, bool log_only) : data_(std::move(data)) {
    if (log_only) OpenLogOnly();
  }

  void Open() {
    auto log = rocks::LocalLog::Open(data_ / "log", 1, codec_, {});
    Check(log.status());
    log_ = std::move(log).value();
    for (const engine::ServiceRules* rules : rules_) hosts_.push_back(OpenHost(*rules));
    for (auto& host : hosts_) {
      host->Start();
      Check(host->AwaitCaughtUp());
    }
  }
  void Close() {
    for (auto& host : hosts_) host->Stop();
    hosts_.clear();
    log_.reset();
  }

  // Returns seconds.
  double Live(int dossiers, int apart) {
    const double begin = WallSeconds();
    bench::Lives(hosts_[0]->sink()).Live(dossiers, apart);
    return WallSeconds() - begin;
  }

  // Events per second of CPU of a fold from nothing.
  double Replay(const engine::ServiceRules& rules, std::int64_t events) {
    fs::remove_all(data_ / std::string(rules.name()));
    auto host = OpenHost(rules);
    const double begin = CpuSeconds();
    host->Start();
    Check(host->AwaitCaughtUp());
    const double took = CpuSeconds() - begin;
    host->Stop();
    return static_cast<double>(events) / took;
  }

  // The same without a fold: reading and decoding.
  double ReadOnly(std::int64_t events) {
    const double begin = CpuSeconds();
    engine::Offset at = 0;
    while (true) {
      auto chunk = log_->Read(0, at);
      Check(chunk.status());
      if ((*chunk)->entries.empty()) break;
      at = (*chunk)->next;
    }
    return static_cast<double>(events) / (CpuSeconds() - begin);
  }

  void OpenLogOnly() {
    auto log = rocks::LocalLog::Open(data_ / "log", 1, codec_, {});
    Check(log.status());
    log_ = std::move(log).value();
  }

  const std::array<const engine::ServiceRules*, 5>& rules() const { return rules_; }

 private:
  std::unique_ptr<host::ServiceHost> OpenHost(const engine::ServiceRules& rules) {
    host::HostOptions options;
    options.directory = data_ / std::string(rules.name());
    options.log_id = log_->id();
    options.cache = cache_;
    auto host = host::ServiceHost::Open({*log_, clock_, codec_, *catalogue_, rules}, options);
    Check(host.status());
    return std::move(host).value();
  }

  const fs::path data_;
  const wire::WireCodec codec_;
  const runtime::SystemClock clock_;
  const std::shared_ptr<const catalogue::Catalogue> catalogue_ = catalogue::BuiltinCatalogue();
  const std::shared_ptr<rocksdb::Cache> cache_ = rocks::MakeSharedCache();
  const intake::IntakeRules intake_;
  const routing::RoutingRules routing_;
  const deadline::DeadlineRules deadline_;
  const postal::PostalRules postal_;
  const reporting::ReportingRules reporting_;
  const std::array<const engine::ServiceRules*, 5> rules_ = {&intake_, &routing_, &deadline_,
                                                             &postal_, &reporting_};
  std::unique_ptr<rocks::LocalLog> log_;
  std::vector<std::unique_ptr<host::ServiceHost>> hosts_;
};

struct Options {
  int dossiers = 100'000;
  int apart = 0;
  std::string data;
  std::string fold;
  std::string out;
};

int Run(const Options& options) {
  const bool keep = !options.data.empty();
  const fs::path data =
      keep ? fs::path(options.data)
           : fs::temp_directory_path() / ("motcua-replay-" + std::to_string(getpid()));
  const bool lived = fs::exists(data / "log");
  const std::int64_t events = std::int64_t{options.dossiers} * kEventsPerLife;
  std::string json = "{";
  const auto say = [&](const std::string& what, double value, const char* unit) {
    std::printf("%-44s %12.1f %s\n", what.c_str(), value, unit);
    std::fflush(stdout);
    json += (json.size() > 1 ? ",\"" : "\"") + what + "\":" + std::to_string(value);
  };
  if (!lived) {
    World world(data, false);
    world.Open();
    say("events through all five loops, wall",
        static_cast<double>(events) / world.Live(options.dossiers, options.apart), "/s");
    world.Close();
    say("bytes on disk per closed dossier",
        static_cast<double>(rocks::DirectoryBytes(data)) / options.dossiers, "bytes");
  }
  {
    World world(data, lived);
    if (!lived) {
      const double begin = WallSeconds();
      world.Open();
      say("start-up after a clean end", 1000 * (WallSeconds() - begin), "ms");
      world.Close();
      world.OpenLogOnly();
    }
    say("read and decode, events per CPU second", world.ReadOnly(events), "/s");
    for (const engine::ServiceRules* rules : world.rules()) {
      if (!options.fold.empty() && rules->name() != options.fold) continue;
      say("fold of " + std::string(rules->name()) + ", events per CPU second",
          world.Replay(*rules, events), "/s");
    }
  }
  if (!keep) fs::remove_all(data);
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
    if (argument.starts_with("--data=")) options.data = value("--data=");
    if (argument.starts_with("--fold=")) options.fold = value("--fold=");
    if (argument.starts_with("--benchmark_out=")) options.out = value("--benchmark_out=");
  }
  return motcua::Run(options);
}
