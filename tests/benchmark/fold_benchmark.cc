// What the fold of reporting costs: an event's contributions and index rows, a report over ten
// years from the counters, a report at an instant from every dossier. Targets: the index well under
// 1 us for the average event (the whole fold should take 250,000 events/s on a core).
//
// The sink here does what a loop's does: it sums the deltas of a batch by key, in memory.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/domain/reporting/contributions.h"
#include "services/engine/keys.h"
#include "services/reporting/report.h"
#include "services/reporting/rules.h"
#include "services/wire/codec.h"
#include "tests/support/memory_store.h"

namespace motcua::reporting {
namespace {

using testing_support::MemoryStore;

class BatchSink final : public engine::IndexSink {
 public:
  void Put(std::string key, std::string value) override {
    ++writes;
    puts_.insert_or_assign(std::move(key), std::move(value));
  }
  void Delete(std::string key) override { puts_.erase(key); }
  void Add(std::string_view key, std::int64_t delta) override {
    ++writes;
    sums_[std::string(key)] += delta;
  }
  // The end of a batch: what is left to write.
  void Clear() {
    rows += puts_.size() + sums_.size();
    puts_.clear();
    sums_.clear();
  }

  std::uint64_t writes = 0;  // calls
  std::uint64_t rows = 0;    // of the store, after a batch has merged them

 private:
  std::unordered_map<std::string, std::string> puts_;
  std::unordered_map<std::string, std::int64_t> sums_;
};

// Before, event, after: what Index is called with.
struct Step {
  std::optional<cases::Dossier> before;
  cases::CaseEvent event;
  cases::Dossier after;
};

ZonedTime Morning(CivilDate day) { return AtOffset({day, std::chrono::hours(9)}, {420}); }

struct Lives {
  int dossiers = 20'000;
  int days = 300;
  int hand_over_events = 4;  // that do not concern reports
  int paused_percent = 10;
};

// Lives of 33 units and 100 procedures: received, handed over, some paused, resolved, closed. In
// the order of a log.
std::vector<Step> MakeSteps(const Lives& lives) {
  std::vector<Step> steps;
  const ReportingRules rules;
  for (int number = 0; number < lives.dossiers; ++number) {
    const CivilDate day = MakeDate(2016, 1, 1) + number * 7919 % lives.days;
    std::optional<cases::Dossier> dossier;
    cases::Version version = 0;
    const auto add = [&](CivilDate at, cases::Payload payload) {
      cases::CaseEvent event;
      event.dossier = cases::DossierCode("000.23." + std::to_string(10 + number % 33) +
                                         ".H49-160101-" + std::to_string(1'000'000 + number));
      event.SetSteps({version++, {}}, {});
      event.at = Morning(at);
      event.actor = cases::ActorId("officer:0142");
      event.payload = std::move(payload);
      Step step{dossier, event, dossier.value_or(cases::Dossier())};
      cases::Apply(step.after, event, event.steps.front(), event.at.instant, cases::Tip(1),
                   rules.parts());
      dossier = step.after;
      steps.push_back(std::move(step));
    };
    cases::DossierReceived received;
    received.procedure = cases::ProcedureCode("1.00" + std::to_string(1000 + number % 100));
    received.field = "Lĩnh vực đất đai " + std::to_string(number % 15);
    received.channel = static_cast<cases::Channel>(1 + number % 3);
    received.clock.due = Morning(day + 10);
    add(day, received);
    for (int i = 0; i < lives.hand_over_events; ++i) add(day + 1, cases::HandOverSent{1, {}});
    if (number % 100 < lives.paused_percent) {
      add(day + 2, cases::ClockPaused{});
      cases::ClockResumed resumed;
      resumed.resumed = Morning(day + 6);
      resumed.clock.due = Morning(day + 14);
      add(day + 6, resumed);
    }
    if (number % 20 != 0) {
      add(day + (number % 30 == 1 ? 20 : 8), cases::ResultRecorded{});
      add(day + 21, cases::DossierClosed{});
    }
  }
  std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return a.event.at.instant < b.event.at.instant;
  });
  return steps;
}

template <typename Run>
void ForEachStep(benchmark::State& state, const std::vector<Step>& steps, const Run& run) {
  for ([[maybe_unused]] auto _ : state) {
    for (const Step& step : steps) run(step);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(steps.size()));
}

// Without the stream that no report sees: the dear events alone.
std::vector<Step> OnlyThatConcern() {
  Lives lives;
  lives.hand_over_events = 0;
  return MakeSteps(lives);
}

void ContributionsOfAnEvent(benchmark::State& state) {
  const auto steps = OnlyThatConcern();
  ForEachStep(state, steps, [](const Step& step) {
    benchmark::DoNotOptimize(Change(step.before ? &*step.before : nullptr, step.after));
  });
}
BENCHMARK(ContributionsOfAnEvent);

void IndexAll(benchmark::State& state, const std::vector<Step>& steps) {
  const ReportingRules rules;
  BatchSink sink;
  for ([[maybe_unused]] auto _ : state) {
    std::size_t in_batch = 0;
    for (const Step& step : steps) {
      rules.Index({}, step.before ? &*step.before : nullptr, step.after, step.event, sink);
      if (++in_batch % 1024 == 0) sink.Clear();
    }
  }
  const std::int64_t events = state.iterations() * static_cast<std::int64_t>(steps.size());
  state.SetItemsProcessed(events);
  const auto per_event = [&](std::uint64_t count) {
    return static_cast<double>(count) / static_cast<double>(events);
  };
  state.counters["calls_per_event"] = per_event(sink.writes);
  state.counters["rows_per_event"] = per_event(sink.rows);
}

void IndexAverageEvent(benchmark::State& state) { IndexAll(state, MakeSteps({})); }
BENCHMARK(IndexAverageEvent);

void IndexReceiveResolveClose(benchmark::State& state) { IndexAll(state, OnlyThatConcern()); }
BENCHMARK(IndexReceiveResolveClose);

void IndexNothingToDo(benchmark::State& state) {
  std::vector<Step> steps;
  for (Step& step : MakeSteps({})) {
    if (HoldsLeaf<cases::HandOverSent>(step.event.payload)) {
      steps.push_back(std::move(step));
    }
  }
  IndexAll(state, steps);
}
BENCHMARK(IndexNothingToDo);

// A store with 100,000 dossiers of ten years, as the service keeps it.
struct Kept {
  MemoryStore store;
  wire::WireCodec codec;
  engine::StateReader reader{store, codec};
  Kept() {
    testing_support::MemoryIndex index(store);
    const ReportingRules rules;
    Lives lives;
    lives.dossiers = 100'000;
    lives.days = 3650;
    lives.hand_over_events = 0;
    for (const Step& step : MakeSteps(lives)) {
      rules.Index({}, step.before ? &*step.before : nullptr, step.after, step.event, index);
      store.rows()[cases::AggregateId(step.after.code).path()] = codec.EncodeDossier(step.after);
    }
  }
};
const Kept& TenYears() {
  static const Kept kKept;
  return kKept;
}

StatusQuery YearOf(Dimension by) {
  StatusQuery query;
  query.from_date = MakeDate(2025, 1, 1);
  query.to_date = MakeDate(2025, 11, 17);
  query.by = by;
  return query;
}

void SumCellsBy(benchmark::State& state, const StatusQuery& query) {
  const Kept& kept = TenYears();
  const std::uint64_t rows = kept.store.rows_read();
  const std::uint64_t scans = kept.store.scans();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(SumCells(kept.store, query));
  const auto runs = static_cast<double>(state.iterations());
  state.counters["rows_read"] = static_cast<double>(kept.store.rows_read() - rows) / runs;
  state.counters["scans"] = static_cast<double>(kept.store.scans() - scans) / runs;
}

void ReportByUnit(benchmark::State& state) { SumCellsBy(state, YearOf(Dimension::kUnit)); }
BENCHMARK(ReportByUnit)->Unit(benchmark::kMillisecond);

void ReportByProcedure(benchmark::State& state) {
  SumCellsBy(state, YearOf(Dimension::kProcedure));
}
BENCHMARK(ReportByProcedure)->Unit(benchmark::kMillisecond);

void ReportOfOneUnitByField(benchmark::State& state) {
  StatusQuery query = YearOf(Dimension::kField);
  query.unit = cases::UnitCode("000.23.10.H49");
  SumCellsBy(state, query);
}
BENCHMARK(ReportOfOneUnitByField)->Unit(benchmark::kMillisecond);

// The whole of it: rows decoded and classified.
void ScanDossiersAtAnInstant(benchmark::State& state) {
  const Kept& kept = TenYears();
  StatusQuery query = YearOf(Dimension::kUnit);
  query.as_of = Morning(query.to_date).instant;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(ScanDossiers(kept.reader, query));
  state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(ScanDossiersAtAnInstant)->Unit(benchmark::kMillisecond);

void ClassifyDossiers(benchmark::State& state) {
  const auto steps = OnlyThatConcern();
  StatusQuery query = YearOf(Dimension::kUnit);
  query.from_date = MakeDate(2016, 3, 1);
  query.as_of = Morning(query.to_date).instant;
  ForEachStep(state, steps,
              [&](const Step& step) { benchmark::DoNotOptimize(Classify(step.after, query)); });
}
BENCHMARK(ClassifyDossiers);

}  // namespace
}  // namespace motcua::reporting
