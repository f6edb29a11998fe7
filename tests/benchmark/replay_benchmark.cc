// Goal: what folding the log costs: events per second of CPU for each service, what of it is
// reading and decoding; bytes on disk per closed dossier; start-up of a finished half-year. Method:
// dossiers live their whole lives (received, resolved, handed back) through the loops of intake and
// the others on a LocalLog; then each service is folded again from nothing, alone, by CPU time of
// the process; then everything is opened again.
//
//   bench_replay [--dossiers=100000] [--fold=NAME] [--benchmark_out=FILE]
//     --fold=NAME    only this service's fold, for a profiler
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
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

namespace motcua {
namespace {

namespace fs = std::filesystem;
constexpr int kInFlight = 256;
constexpr int kEventsPerLife = 3;

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
  explicit World(fs::path data) : data_(std::move(data)) { Open(); }

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

  // All lives, in three waves; returns seconds.
  double Live(int dossiers) {
    const double begin = WallSeconds();
    std::vector<cases::DossierCode> codes(static_cast<std::size_t>(dossiers));
    Wave(
        dossiers,
        [&](int i, cases::Command& command) {
          command.request_id = cases::DeriveRequestId("receive/" + std::to_string(i));
          command.action = cases::ReceiveDossier{cases::UnitCode("000.23.10.H49"),
                                                 cases::ProcedureCode("1.000656")};
        },
        &codes);
    Wave(
        dossiers,
        [&](int i, cases::Command& command) {
          command.request_id = cases::DeriveRequestId("result/" + std::to_string(i));
          command.dossier = codes[static_cast<std::size_t>(i)];
          command.action = cases::RecordResult{};
        },
        nullptr);
    Wave(
        dossiers,
        [&](int i, cases::Command& command) {
          command.request_id = cases::DeriveRequestId("return/" + std::to_string(i));
          command.dossier = codes[static_cast<std::size_t>(i)];
          command.action = cases::ReturnResult{};
        },
        nullptr);
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
  static void Check(const Status& status) {
    if (status.ok()) return;
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    std::exit(1);
  }

  std::unique_ptr<host::ServiceHost> OpenHost(const engine::ServiceRules& rules) {
    host::HostOptions options;
    options.directory = data_ / std::string(rules.name());
    options.log_id = log_->id();
    options.cache = cache_;
    auto host = host::ServiceHost::Open({*log_, clock_, codec_, *catalogue_, rules}, options);
    Check(host.status());
    return std::move(host).value();
  }

  template <typename Fill>
  void Wave(int dossiers, const Fill& fill, std::vector<cases::DossierCode>* codes) {
    std::mutex mutex;
    std::condition_variable changed;
    int open = 0;
    for (int i = 0; i < dossiers; ++i) {
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return open < kInFlight; });
        ++open;
      }
      cases::Command command;
      command.digest = 1;
      command.actor = cases::ActorId("officer:bench");
      fill(i, command);
      hosts_[0]->sink().Submit(std::move(command), engine::kNoDeadline,
                               [&, i](Result<engine::Answer> a) {
                                 Check(a.status());
                                 if (codes != nullptr)
                                   (*codes)[static_cast<std::size_t>(i)] = a->dossier;
                                 const std::scoped_lock lock(mutex);
                                 --open;
                                 changed.notify_one();
                               });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return open == 0; });
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

int Run(int dossiers, const std::string& only, const std::string& out) {
  const fs::path data = fs::temp_directory_path() / ("motcua-replay-" + std::to_string(getpid()));
  const std::int64_t events = std::int64_t{dossiers} * kEventsPerLife;
  std::string json = "{";
  const auto say = [&](const std::string& what, double value, const char* unit) {
    std::printf("%-44s %12.1f %s\n", what.c_str(), value, unit);
    std::fflush(stdout);
    json += (json.size() > 1 ? ",\"" : "\"") + what + "\":" + std::to_string(value);
  };
  {
    World world(data);
    say("events through all five loops, wall", static_cast<double>(events) / world.Live(dossiers),
        "/s");
    world.Close();
  }
  const auto bytes = rocks::DirectoryBytes(data);
  say("bytes on disk per closed dossier", static_cast<double>(bytes) / dossiers, "bytes");
  {
    const double begin = WallSeconds();
    World world(data);
    say("start-up after a clean end", 1000 * (WallSeconds() - begin), "ms");
    world.Close();
    world.OpenLogOnly();
    say("read and decode, events per CPU second", world.ReadOnly(events), "/s");
    for (const engine::ServiceRules* rules : world.rules()) {
      if (!only.empty() && rules->name() != only) continue;
      say("fold of " + std::string(rules->name()) + ", events per CPU second",
          world.Replay(*rules, events), "/s");
    }
  }
  fs::remove_all(data);
  if (!out.empty()) std::ofstream(out) << json << "}\n";
  return 0;
}

}  // namespace
}  // namespace motcua

int main(int argc, char** argv) {
  int dossiers = 100'000;
  std::string only;
  std::string out;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.starts_with("--dossiers=")) dossiers = std::atoi(argument.c_str() + 11);
    if (argument.starts_with("--fold=")) only = argument.substr(7);
    if (argument.starts_with("--benchmark_out=")) out = argument.substr(16);
  }
  return motcua::Run(dossiers, only, out);
}
