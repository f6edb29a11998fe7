#include "tests/simulation/world.h"

#include <algorithm>
#include <utility>

#include "services/deadline/rules.h"
#include "services/intake/rules.h"
#include "services/postal/rules.h"
#include "services/reporting/rules.h"
#include "services/routing/rules.h"
#include "services/wire/codec.h"
#include "tests/simulation/master_data.h"

namespace motcua::simulation {
namespace {

constexpr Micros kMillisecond{1000};
constexpr Micros kSecond{1'000'000};
constexpr Micros kHour{3'600'000'000};
// More than any seed needs: beyond it something turns in circles. What waits for days for a program
// that understands it is looked at again every second.
constexpr std::uint64_t kItemsMax = 12'000'000;
// After the faults have ended, everything must be at rest within this.
constexpr Micros kRestWithin = 180 * kSecond;
constexpr Micros kSafetyMax = 24LL * 60 * kHour;

}  // namespace

const engine::ServiceRules& RulesOf(std::size_t index) {
  static const intake::IntakeRules kIntakeRules;
  static const routing::RoutingRules kRoutingRules;
  static const deadline::DeadlineRules kDeadlineRules;
  static const postal::PostalRules kPostalRules;
  static const reporting::ReportingRules kReportingRules;
  static const std::array<const engine::ServiceRules*, kServices> kAll = {
      &kIntakeRules, &kRoutingRules, &kDeadlineRules, &kPostalRules, &kReportingRules};
  return *kAll.at(index);
}

World::World(const Options& options, std::function<void(const std::string&)> trace)
    : options_(options),
      trace_(std::move(trace)),
      random_(options.seed),
      timeline_(options.start),
      catalogue_(MakeMasterData()),
      codec_(std::make_unique<wire::WireCodec>()),
      log_(timeline_, random_, *codec_, options.partitions, options.log),
      history_(*catalogue_, options.partitions),
      surroundings_{timeline_,
                    random_,
                    log_,
                    *codec_,
                    *catalogue_,
                    [this](const std::string& what) { Fail(what); },
                    trace_ ? [this](const std::string& what) { Trace(what); }
                           : std::function<void(const std::string&)>()} {
  log_.on_record = [this](engine::PartitionId partition, const MemoryLog::Record& record) {
    OnRecord(partition, record);
  };
  if (options.upgrade) older_.emplace(options.newer_payloads);
  for (std::size_t service = 0; service < kServices; ++service) {
    for (int ordinal = 0; ordinal < options.replicas[service]; ++ordinal) {
      to_upgrade_.insert(to_upgrade_.begin() + static_cast<std::ptrdiff_t>(to_upgrade_.size() / 2),
                         seats_.size());
      seats_.push_back({service, ordinal, nullptr, options.upgrade});
    }
  }
  workload_ = std::make_unique<Workload>(
      Workload::World{
          surroundings_, [this](std::size_t service) { return Pick(service); },
          [this](const Process* process, std::size_t service) { return IsThere(process, service); },
          [this](const cases::Command& command) { return IsHopeless(command); },
          [this](std::string_view dossier) { return IsNonsense(dossier); }, [this] { OnSend(); }},
      options_);
}

World::~World() = default;

void World::OnRecord(engine::PartitionId partition, const MemoryLog::Record& record) {
  const std::size_t before = history_.accepted().size();
  const bool by_older = older_ && record.writer == &older_->codec();
  const std::string wrong = history_.Take(partition, record, by_older);
  if (const std::string flood = JudgeFlood(partition, record); !flood.empty()) Fail(flood);
  const bool counts = history_.accepted().size() > before;
  if (trace_) {
    Trace("log " + std::to_string(partition) + "/" + std::to_string(record.entry.offset) +
          (counts ? " + " : " - ") +
          (record.entry.event ? std::string(cases::PayloadName(record.entry.event->payload)) + " " +
                                    record.entry.event->dossier.value() + " v" +
                                    std::to_string(record.entry.event->version()) + " by " +
                                    record.entry.event->actor.value() + " at " +
                                    FormatInstant(record.entry.event->at.instant)
                              : "junk"));
  }
  if (!wrong.empty()) Fail(wrong);
  if (!counts || !older_) return;
  const cases::CaseEvent& event = history_.accepted().back().event;
  const bool was_understood = older_->Note(event);
  if (by_older) ++marks_.by_older;
  if (!older_->Understands(event)) ++marks_.beyond_older;
  if (by_older && !was_understood) {
    Fail("an older program decided version " + std::to_string(event.version()) + " of " +
         event.dossier.value() + " on what it does not understand");
  }
}

// Who was told that his clock disagrees tries again now and then, and no more: by one event, or by
// as many as were under way when he heard it.
std::string World::JudgeFlood(engine::PartitionId partition, const MemoryLog::Record& record) {
  if (!record.entry.event || TimeAgrees(*record.entry.event, record)) return {};
  ++marks_.untimely;
  if (record.entry.event->cause == 0) return {};
  // What services do by themselves.
  constexpr std::size_t kMost = 200;
  constexpr Micros kWithin = 60 * kSecond;
  std::deque<Instant>& latest =
      untimely_[std::to_string(partition) + record.entry.event->actor.value()];
  latest.push_back(timeline_.now());
  while (latest.front() < timeline_.now() - kWithin) latest.pop_front();
  if (latest.size() <= kMost) return {};
  return record.entry.event->actor.value() + " goes on writing by a wrong clock";
}

bool World::IsHopeless(const cases::Command& command) const {
  const auto* import = LeafIf<cases::ImportDossier>(command.action);
  const auto is_of_row = [&](const std::string& code, const cases::CaseEvent& first) {
    if (import->code) return code == import->code->value();
    const auto* e = LeafIf<cases::DossierImported>(first.payload);
    return e != nullptr && e->source == import->recorded.source &&
           e->source_id == import->recorded.source_id && UnitPart(code) == import->unit.value();
  };
  const std::optional<cases::AggregateId> other = cases::AlsoLookedAt(command);
  return std::any_of(history_.lines().begin(), history_.lines().end(), [&](const auto& line) {
    const cases::CaseEvent& first = line.second.events.front()->event;
    return line.second.newer &&
           ((other && other->name() == line.first) || line.first == command.dossier.value() ||
            first.request_id == command.request_id ||
            (import != nullptr && is_of_row(line.first, first)));
  });
}

void World::Fail(const std::string& what) {
  Trace("WRONG: " + what);
  if (wrong_.empty()) wrong_ = FormatInstant(timeline_.now()) + " " + what;
}

void World::Trace(const std::string& what) {
  if (trace_) trace_(FormatInstant(timeline_.now()) + " " + what);
}

bool World::RunUntil(Instant end, const std::function<bool()>& done) {
  while (wrong_.empty() && !done()) {
    if (timeline_.ran() > kItemsMax) {
      Fail("the world turns in circles: " + std::to_string(kItemsMax) + " items");
      return false;
    }
    if (!timeline_.RunOne(end)) return done();
  }
  return wrong_.empty();
}

// It must be soon.
void World::ComeToRest(std::string_view when) {
  const Instant begun = timeline_.now();
  const auto at_rest = [this] { return workload_->open() == 0 && WhyNotAtRest().empty(); };
  while (wrong_.empty() && timeline_.now() < begun + kRestWithin && !at_rest()) {
    RunUntil(timeline_.now() + kSecond / 4, [] { return false; });
  }
  if (!wrong_.empty() || at_rest()) return;
  Fail("not at rest " + std::string(when) + ": " + std::to_string(workload_->open()) +
       " requests open;" + workload_->DescribeOpen() + " " + WhyNotAtRest());
}

std::string World::Run() {
  for (Seat& seat : seats_) Occupy(seat, std::make_shared<SimStore>());
  workload_->Start();
  // Safety: trouble of all kinds. Whether everything ends is not asked yet.
  RunUntil(options_.start + kSafetyMax, [this] { return workload_->AllSent(); });
  // The trouble ends in the middle of something, or a little later.
  if (random_.Chance(500)) {
    RunUntil(timeline_.now() + random_.Between(Micros(0), 10 * kSecond), [] { return false; });
  }
  if (!wrong_.empty()) return wrong_;

  // Liveness: no trouble any more, so everything must end, and soon.
  Heal();
  const Instant healed = timeline_.now();
  ComeToRest("after the faults ended");
  if (!wrong_.empty()) return wrong_;
  // Days go by; alerts come due. What nonsense owes is tried each second: of that a minute is
  // enough.
  const Micros days = random_.Between(2 * kHour, 96 * kHour);
  RunUntil(timeline_.now() + (options_.nonsense > 0 ? 60 * kSecond : days), [] { return false; });
  RunUntil(timeline_.now() + 10 * kSecond, [] { return false; });
  // An alert may come due in this very moment: then it is in flight, and lands soon.
  ComeToRest("days later");
  JudgePunctuality(healed);
  // What lay there is late by now, and goes on. A manifest that waits for a dossier that nobody
  // understands is tried all the time: of that no more days than these.
  if (wrong_.empty() && options_.nonsense == 0 && options_.manifests == 0) {
    workload_->GoOn();
    RunUntil(timeline_.now() + kSafetyMax, [this] { return workload_->AllSent(); });
    RunUntil(timeline_.now() + 10 * kSecond, [] { return false; });
    ComeToRest("after all was done");
  }
  const auto judge = [this](const std::string& wrong) {
    if (!wrong.empty()) Fail(wrong);
  };
  judge(JudgeRequests(workload_->requests(), history_));
  judge(JudgeManifests(history_));
  judge(JudgeAlerts(history_, timeline_.now() - 5 * kSecond));
  std::array<SimStore, kServices> replays;
  for (std::size_t service = 0; service < kServices; ++service) {
    judge(Replay(surroundings_, RulesOf(service), replays.at(service),
                 marks_.nonsense > 0 ? StillOwed::kMayBe : StillOwed::kIsWrong));
  }
  for (const Seat& seat : seats_) {
    judge(JudgeFold(*seat.process, RulesOf(seat.service), replays.at(seat.service), history_,
                    *codec_));
    if (const std::size_t lost = seat.process->unanswered(); lost > 0) {
      Fail(seat.process->name() + " never answered " + std::to_string(lost) + " commands");
    }
    if (seat.service == kReporting && wrong_.empty() && marks_.nonsense == 0) {
      judge(JudgeReports(surroundings_, seat.process->store(), history_, timeline_.now()));
      judge(JudgeLateness(surroundings_, seat.process->store(), history_, timeline_.now(),
                          marks_.lateness));
    }
  }
  return wrong_;
}

// ---- Instances ---------------------------------------------------------------------------------

void World::Occupy(Seat& seat, std::shared_ptr<SimStore> store) {
  seat.process = std::make_shared<Process>(
      surroundings_,
      Process::Place{RulesOf(seat.service), seat.ordinal, options_.replicas.at(seat.service),
                     seat.older ? &*older_ : nullptr},
      std::move(store));
  if (!healed_ && options_.clock_error_max.count() > 0) {
    SetClock(seat.process);
  }
  const auto index = static_cast<std::size_t>(&seat - seats_.data());
  const std::string name = seat.process->name();
  Trace("start " + name);
  seat.process->Start([this, index, name] {
    // It is still inside its last step: bury it later. Its seat may be another's already, or empty.
    ++marks_.deaths;
    Trace("death of " + name);
    timeline_.After(Micros(0), [this, index] {
      if (seats_[index].process == nullptr || seats_[index].process->alive()) return;
      Revive(index, random_.Between(kMillisecond, 2 * kSecond), StoreLeftBy(seats_[index]));
    });
  });
}

// What a dead process's disk still holds: all, less a suffix, or nothing.
std::shared_ptr<SimStore> World::StoreLeftBy(Seat& seat) {
  auto left = std::make_shared<SimStore>(seat.process->store());
  left->may_write = nullptr;
  if (random_.Chance(100)) {
    ++marks_.stores_lost;
    return std::make_shared<SimStore>();
  }
  if (random_.Chance(400)) left->LoseLatest(static_cast<std::size_t>(random_.Between(1, 8)));
  return left;
}

void World::Revive(std::size_t seat, Micros after, std::shared_ptr<SimStore> store) {
  seats_[seat].process.reset();
  timeline_.After(after, [this, seat, store = std::move(store)]() mutable {
    if (seats_[seat].process == nullptr) Occupy(seats_[seat], std::move(store));
  });
}

Process* World::Pick(std::size_t service) {
  std::vector<Process*> there;
  for (const Seat& seat : seats_) {
    if (seat.service == service && seat.process && seat.process->alive()) {
      there.push_back(seat.process.get());
    }
  }
  return there.empty() ? nullptr : random_.Pick(there);
}

bool World::IsThere(const Process* process, std::size_t service) const {
  return process != nullptr && std::any_of(seats_.begin(), seats_.end(), [&](const Seat& seat) {
           return seat.service == service && seat.process.get() == process && process->alive();
         });
}

void World::Heal() {
  Trace("the trouble ends");
  healed_ = true;
  workload_->Heal();
  zombies_.clear();
  log_.Heal();
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    Seat& seat = seats_[i];
    Become(i, false);
    if (seat.process == nullptr || !seat.process->alive()) {
      // Its disk may be anywhere by now: it begins anew.
      Occupy(seat, std::make_shared<SimStore>());
      continue;
    }
    seat.process->Doom(0);
    seat.process->FailWritesUntil(Instant{0});
    seat.process->clock().Set(Micros(0), 0);
    seat.process->Thaw();
  }
}

std::string World::WhyNotAtRest() const {
  for (const Seat& seat : seats_) {
    if (seat.process == nullptr) return "an instance is missing";
    std::string why = seat.process->WhyNotAtRest([this](std::string_view path) {
      const auto manifest = history_.manifests().find(std::string(path));
      return manifest == history_.manifests().end() ? IsNonsense(path.substr(1))
                                                    : history_.IsBlocked(manifest->second);
    });
    if (!why.empty()) return why;
  }
  return {};
}

// Without trouble an alert is in the log within a second of its instant.
void World::JudgePunctuality(Instant healed) {
  for (const Accepted& accepted : history_.accepted()) {
    const auto* raised = LeafIf<cases::AlertRaised>(accepted.event.payload);
    if (raised == nullptr) continue;
    ++marks_.alerts;
    if (raised->alert.kind != cases::AlertKind::kOverdue) continue;
    if (raised->alert.due < healed + kRestWithin) continue;
    if (IsNonsense(accepted.event.dossier.value())) continue;
    if (accepted.written - raised->alert.due > kSecond) {
      Fail("the alert of " + accepted.event.dossier.value() + " came " +
           std::to_string((accepted.written - raised->alert.due).count()) + " us late");
    }
  }
}

Marks World::marks() const {
  Marks marks = marks_;
  for (engine::PartitionId p = 0; p < options_.partitions; ++p) {
    marks.records += log_.records(p).size();
  }
  marks.accepted = history_.accepted().size();
  marks.timeline_items = timeline_.ran();
  for (const Request& request : workload_->requests()) {
    if (request.answer) ++marks.answered;
  }
  for (const auto& [path, manifest] : history_.manifests()) {
    ++marks.manifests;
    for (const ManifestItemLine& item : manifest.items) {
      if (item.state == cases::ManifestItemState::kFollowed) ++marks.followed;
      if (item.state == cases::ManifestItemState::kSkipped) ++marks.skipped;
    }
  }
  for (const Accepted& accepted : history_.accepted()) {
    if (HoldsLeaf<cases::LegReminded>(accepted.event.payload)) ++marks.reminders;
    if (const auto* e = LeafIf<cases::DossierReceived>(accepted.event.payload)) {
      marks.tiers.insert(e->tier);
      marks.interconnections.insert(e->interconnection);
    }
    const auto* const e = LeafIf<cases::EventTakenBack>(accepted.event.payload);
    if (e == nullptr) continue;
    ++marks.corrections;
    if (!e->with.empty()) ++marks.corrections_of_more;
  }
  return marks;
}

}  // namespace motcua::simulation
