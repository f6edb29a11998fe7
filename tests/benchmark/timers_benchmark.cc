// Goal: what the timers of a big province cost: a start, a tick with nothing due, and a moment at
// which a hundred thousand due dates pass. Targets with ten million timers in 16 partitions: start
// below 2 s, a tick below 20 us, 100,000 alerts of one instant below 2 s; a start after kill -9 no
// slower than one after a clean end. What the thread computed for the alerts is told beside the
// wall's time: on a busy machine it is the fairer figure.
// Method: the deadline service's loop over a real RocksStore that is filled with timer rows, on a
// log in memory that lands what is appended at once, and a clock set by hand.
//
//   bench_timers [--timers=10000000] [--due=100000] [--benchmark_out=FILE]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/base/bytes.h"
#include "services/deadline/rules.h"
#include "services/engine/keys.h"
#include "services/engine/log_entry.h"
#include "services/engine/service_loop.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "services/wire/codec.h"

namespace motcua {
namespace {

namespace fs = std::filesystem;
using engine::Offset;
using engine::PartitionId;

constexpr PartitionId kPartitions = 16;
constexpr std::size_t kRowsPerBatch = 20'000;
constexpr int kNumbersPerDay = 9'999;
constexpr int kTicks = 2'000;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What this thread has computed: what others on the machine do does not count.
double Computed() {
  timespec at{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

void Check(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

class SetClock final : public engine::Clock {
 public:
  Instant Now() const override { return now; }
  Micros Passed() const override {
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
  }
  Instant now = ParseZonedTime("2026-01-05T08:00:00+07:00")->instant;
};

// Everything lands at once.
class MemoryLog final : public engine::EventLog {
 public:
  explicit MemoryLog(const engine::Codec& codec) : codec_(codec) {}

  PartitionId partitions() const override { return kPartitions; }
  void Append(PartitionId p, std::vector<std::string> records, AppendDone done) override {
    for (std::string& record : records) records_[p].push_back(std::move(record));
    done(engine::AppendOutcome::kAppended, OkStatus());
  }
  Result<std::shared_ptr<const engine::LogChunk>> Read(PartitionId p, Offset from) override {
    auto chunk = std::make_shared<engine::LogChunk>();
    const auto& records = records_[p];
    const Offset end = std::min<Offset>(records.size(), from + engine::kChunkRecordsMax);
    for (Offset at = from; at < end; ++at) {
      chunk->entries.push_back(engine::DecodeEntry(codec_, at, records[at], std::nullopt));
    }
    chunk->next = std::max(from, end);
    return std::shared_ptr<const engine::LogChunk>(std::move(chunk));
  }
  void AskEnd(PartitionId p, EndDone done) override { done(Offset{records_[p].size()}); }
  std::uint64_t Watch(std::function<void()>) override { return 0; }
  void Unwatch(std::uint64_t) override {}

 private:
  const engine::Codec& codec_;
  std::vector<std::vector<std::string>> records_{kPartitions};
};

class NoInbox final : public engine::Inbox {
 public:
  bool Push(engine::PendingCommand&&) override { return false; }
  std::vector<engine::PendingCommand> Drain(std::size_t) override { return {}; }
};

// One unit for each partition.
std::vector<cases::UnitCode> Units() {
  std::vector<cases::UnitCode> units(kPartitions);
  for (int number = 100; number < 1000; ++number) {
    const cases::UnitCode unit("000." + std::to_string(number / 10) + "." +
                               std::to_string(10 + number % 10) + ".H49");
    units[engine::PartitionOf(unit, kPartitions)] = unit;
  }
  return units;
}

class Filler {
 public:
  explicit Filler(rocks::RocksStore& store) : store_(store) {}

  void Put(std::string key, std::string value) {
    batch_.push_back({std::move(key), std::move(value)});
    if (batch_.size() >= kRowsPerBatch) Write();
  }
  void Write() {
    Status status;
    while ((status = store_.Write(batch_)).reason() == Reason::kOverloaded) usleep(1000);
    Check(status);
    batch_.clear();
  }

 private:
  rocks::RocksStore& store_;
  std::vector<engine::StoreWrite> batch_;
};

// Timers far ahead, in the order in which they will be due; `due` dossiers whose date is `at`.
void Fill(rocks::RocksStore& store, int timers, int due, Instant at) {
  const wire::WireCodec codec;
  const std::vector<cases::UnitCode> units = Units();
  const CivilDate first_day = MakeDate(2025, 1, 6);
  Filler filler(store);
  const auto code_of = [&](int number) {
    const cases::UnitCode& unit = units[static_cast<std::size_t>(number) % kPartitions];
    const int of_unit = number / kPartitions;
    return cases::MakeDossierCode(unit, first_day + of_unit / kNumbersPerDay,
                                  static_cast<std::uint32_t>(of_unit % kNumbersPerDay + 1));
  };
  for (int i = 0; i < timers; ++i) {
    const bool now = i < due;
    const auto partition = static_cast<PartitionId>(
        engine::PartitionOf(units[static_cast<std::size_t>(i) % kPartitions], kPartitions));
    const Instant timer =
        now ? at + Micros(1) : at + std::chrono::hours(240) + std::chrono::seconds(i);
    const cases::DossierCode code = code_of(i);
    filler.Put(engine::TimerKey(partition, timer, cases::AggregateId(code)), "");
    if (!now) continue;
    cases::Dossier dossier;
    dossier.code = code;
    dossier.head = {1, cases::Tip(1)};
    dossier.stage = cases::Stage::kProcessing;
    dossier.received = {at - std::chrono::hours(100), UtcOffset{420}};
    dossier.clock.now.due = ZonedTime{at, UtcOffset{420}};
    filler.Put(cases::AggregateId(code).path(), codec.EncodeDossier(dossier));
    std::string last;
    AppendLittleEndian(last, kNumbersPerDay);
    filler.Put(cases::DayKey(cases::UnitOf(code), cases::NumberOf(code).day), last);
  }
  filler.Write();
}

class Service {
 public:
  explicit Service(const fs::path& directory) {
    auto opened = rocks::RocksStore::Open(directory, {.format = "bench"});
    Check(opened.status());
    store = std::move(opened).value();
    loop = std::make_unique<engine::ServiceLoop>(
        engine::ServiceLoopPorts{log, *store, clock, codec, *catalogue, rules, inbox},
        engine::ServiceLoopOptions{});
    Check(loop->Recover());
    Rounds();
  }
  // Until there is nothing to do at this moment.
  void Rounds() {
    for (bool more = true; more;) {
      const Result<bool> round = loop->RunOnce();
      Check(round.status());
      more = *round;
    }
  }

  wire::WireCodec codec;
  MemoryLog log{codec};
  SetClock clock;
  std::shared_ptr<const catalogue::Catalogue> catalogue = catalogue::BuiltinCatalogue();
  deadline::DeadlineRules rules;
  NoInbox inbox;
  std::unique_ptr<rocks::RocksStore> store;
  std::unique_ptr<engine::ServiceLoop> loop;
};

int Run(int timers, int due, const std::string& out) {
  const fs::path data = fs::temp_directory_path() / ("motcua-timers-" + std::to_string(getpid()));
  const Instant at = ParseZonedTime("2026-01-08T10:00:00+07:00")->instant;
  std::string json = "{";
  const auto say = [&](const std::string& what, double value, const char* unit) {
    std::printf("%-44s %12.2f %s\n", what.c_str(), value, unit);
    std::fflush(stdout);
    json += (json.size() > 1 ? ",\"" : "\"") + what + "\":" + std::to_string(value);
  };
  {
    auto store = rocks::RocksStore::Open(data, {.format = "bench"});
    Check(store.status());
    Fill(**store, timers, due, at);
    Check((*store)->Close());
  }
  for (const bool killed : {false, true}) {
    if (killed) fs::remove(data / "CLEAN");
    const double began = Now();
    Service service(data);
    say(killed ? "start after kill -9" : "start after a clean end", 1000 * (Now() - began), "ms");
    Check(service.store->Close());
  }
  Service service(data);
  double began = Now();
  for (int i = 0; i < kTicks; ++i) Check(service.loop->RunOnce().status());
  say("a tick of 16 partitions with nothing due", 1e6 * (Now() - began) / kTicks, "us");
  service.clock.now = at + std::chrono::seconds(1);
  began = Now();
  const double computed = Computed();
  double longest = 0;
  while (service.loop->metrics().alerts_raised < static_cast<std::uint64_t>(due)) {
    const double round = Now();
    Check(service.loop->RunOnce().status());
    longest = std::max(longest, Now() - round);
  }
  say("alerts of one instant, all raised", Now() - began, "s");
  say("what the loop's thread computed for them", Computed() - computed, "s");
  say("the longest round of these", 1000 * longest, "ms");
  Check(service.store->Close());
  fs::remove_all(data);
  if (!out.empty()) std::ofstream(out) << json << "}\n";
  return 0;
}

}  // namespace
}  // namespace motcua

int main(int argc, char** argv) {
  int timers = 10'000'000;
  int due = 100'000;
  std::string out;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.starts_with("--timers=")) timers = std::atoi(argument.c_str() + 9);
    if (argument.starts_with("--due=")) due = std::atoi(argument.c_str() + 6);
    if (argument.starts_with("--benchmark_out=")) out = argument.substr(16);
  }
  return motcua::Run(timers, due, out);
}
