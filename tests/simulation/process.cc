#include "tests/simulation/process.h"

#include <algorithm>
#include <utility>

#include "services/engine/keys.h"
#include "services/engine/reader.h"

namespace motcua::simulation {
namespace {

constexpr Micros kSecond{1'000'000};
// A process that has nothing to do is looked at this often; whatever happens wakes it before.
constexpr Micros kLeapMax{6LL * 3600 * 1'000'000};
constexpr Micros kErrorPause{50'000};

// The log tells in the loop's own thread here, but the loop must be looked at again.
class WakingLogAnswers final : public engine::LogAnswers {
 public:
  explicit WakingLogAnswers(std::function<void()> wake) : wake_(std::move(wake)) {}
  void Put(engine::FailedAppend failed) override {
    engine::LogAnswers::Put(std::move(failed));
    wake_();
  }
  void Put(engine::EndReported told) override {
    engine::LogAnswers::Put(std::move(told));
    wake_();
  }

 private:
  std::function<void()> wake_;
};

bool HasRow(const SimStore& store, std::string_view prefix) {
  const auto row = store.rows().lower_bound(prefix);
  return row != store.rows().end() && row->first.starts_with(prefix);
}

}  // namespace

Process::Process(const Surroundings& world, const Place& place, std::shared_ptr<SimStore> store)
    : world_(world), place_(place), clock_(world.timeline), store_(std::move(store)) {}

Process::~Process() { Kill(); }

std::string Process::name() const {
  return std::string(place_.rules.name()) + "-" + std::to_string(place_.ordinal);
}

const engine::Codec& Process::codec() const {
  return place_.older != nullptr ? place_.older->codec() : world_.codec;
}

void Process::Start(std::function<void()> on_death) {
  on_death_ = std::move(on_death);
  life_ = std::make_shared<bool>(true);
  log_ = world_.log.Open(codec());
  const std::string format = engine::StateFormatOf(codec());
  if (store_->format != format && !*engine::MayAdoptRows(store_->format, format, *store_)) {
    store_ = std::make_shared<SimStore>();
  }
  store_->format = format;
  store_->may_write = [this] { return MayWrite(); };
  const std::function<void()> wake = [this, weak = std::weak_ptr<bool>(life_)] {
    if (weak.lock()) Wake();
  };
  log_->Watch(wake);
  engine::ServiceLoopOptions options;
  options.ordinal = place_.ordinal;
  options.replicas = place_.replicas;
  loop_ = std::make_unique<engine::ServiceLoop>(
      engine::ServiceLoopPorts{*log_, *store_, clock_, codec(), world_.catalogue, place_.rules,
                               inbox_, std::make_shared<WakingLogAnswers>(wake)},
      std::move(options));
  if (const Status recovered = loop_->Recover(); !recovered.ok()) {
    world_.fail(name() + " cannot recover: " + recovered.ToString());
    return;
  }
  Wake();
}

void Process::Kill() {
  if (!alive()) return;
  log_->Close();
  life_.reset();
  for (const auto& probe : probes_) probe->dead = true;
  store_->may_write = nullptr;
  loop_.reset();
}

void Process::Thaw() {
  frozen_ = false;
  Wake();
}

void Process::Wake() {
  ScheduleStep(world_.timeline.now() + world_.random.Between(Micros(1), Micros(500)));
}

void Process::ScheduleStep(Instant at) {
  if (frozen_ || at >= step_at_) return;
  step_at_ = at;
  world_.timeline.At(at, [this, weak = std::weak_ptr<bool>(life_), step = ++step_] {
    if (weak.lock() && step == step_) Step();
  });
}

void Process::Step() {
  step_at_ = kInstantMax;
  if (frozen_) return;
  const Result<bool> more = loop_->RunOnce();
  if (doomed_) {
    Kill();
    on_death_();
    return;
  }
  caught_up_ = caught_up_ || loop_->CaughtUp();
  const Instant now = world_.timeline.now();
  if (!more.ok()) {
    ScheduleStep(now + kErrorPause);
  } else {
    ScheduleStep(*more ? now + world_.random.Between(Micros(1), Micros(200)) : NextStep());
  }
}

Instant Process::NextStep() const {
  const Instant shown = clock_.Now();
  const Micros wake = loop_->NextWake();
  const bool busy = std::any_of(loop_->partitions().begin(), loop_->partitions().end(),
                                [](const auto& p) { return p->in_flight() > 0; });
  if (busy || wake < kSecond || HasRow(*store_, "O")) {
    return world_.timeline.now() + std::max(wake, Micros(100));
  }
  // Idle: on to the first timer, if nobody wakes it.
  Instant next = shown + kLeapMax;
  for (const auto& partition : loop_->partitions()) {
    const std::string timers = engine::TimersOf(partition->id());
    const auto row = store_->rows().lower_bound(timers);
    if (row == store_->rows().end() || !row->first.starts_with(timers)) continue;
    // What is due already is waited for: for its event, or for the next probe of the clock.
    const Micros wait = std::max(kSecond, partition->clock_check().UntilProbe());
    next = std::min(next, std::max(engine::TimerPlaceOf(row->first).at, shown + wait));
  }
  return std::max(clock_.WhenItShows(next), world_.timeline.now() + Micros(100));
}

bool Process::Strike() {
  if (doom_in_ <= 0) return doomed_;
  --doom_in_;
  if (doom_in_ == 0) {
    doomed_ = true;
    log_->Close();
  }
  return doomed_;
}

bool Process::MayWrite() {
  if (doomed_ || world_.timeline.now() < writes_fail_until_) return false;
  // It dies right before the write, or right after it.
  return !Strike() || world_.random.Chance(500);
}

void Process::Submit(cases::Command command, Micros timeout, engine::Reply reply) {
  if (place_.older != nullptr) {
    if (!place_.older->Takes(command.action)) {
      reply(Status(Reason::kNotServing, "an older program does not have this request"));
      return;
    }
    command.trace = {};
  }
  auto probe = std::make_shared<Probe>();
  probes_.push_back(probe);
  loop_->Submit(std::move(command), clock_.Passed() + timeout,
                [this, probe, reply = std::move(reply)](Result<engine::Answer> answer) {
                  if (++probe->calls > 1) world_.fail(name() + " replied twice to one command");
                  if (probe->dead || doomed_ || Strike()) return;
                  if (answer.ok()) CheckReadable(*answer);
                  reply(std::move(answer));
                });
  Wake();
}

void Process::CheckReadable(const engine::Answer& answer) const {
  if (answer.about.kind() == cases::AggregateKind::kManifest) {
    const auto row = store_->rows().find(answer.about.path());
    const auto state = row == store_->rows().end()
                           ? Result<cases::AggregateState>(cases::AggregateState())
                           : world_.codec.DecodeRow(answer.about, row->second);
    if (!state.ok() || cases::HeadOf(*state).version < answer.version) {
      world_.fail(name() + " answered version " + std::to_string(answer.version) + " of " +
                  std::string(answer.about.name()) + ", but a read there does not see it");
    }
    return;
  }
  const engine::StateReader reader(*store_, world_.codec);
  const Result<cases::Dossier> dossier = reader.GetDossier(answer.dossier);
  if (dossier.status().reason() == Reason::kNewerSchema) {
    // Others may have written it in the moment between; but an answer that it looks up is older.
    if (answer.repeated) {
      world_.fail(name() + " answered from " + answer.dossier.value() +
                  ", which it does not understand");
    }
    return;
  }
  if (!dossier.ok() || dossier->head.version < answer.version) {
    world_.fail(name() + " answered version " + std::to_string(answer.version) + " of " +
                answer.dossier.value() + ", but a read there does not see it");
  }
}

std::string Process::WhyNotAtRest(const std::function<bool(std::string_view)>& excused) const {
  if (!serving()) return name() + " is not serving";
  for (const auto& partition : loop_->partitions()) {
    const std::string where = name() + " partition " + std::to_string(partition->id());
    if (partition->next_offset() != world_.log.records(partition->id()).size()) {
      return where + " has read " + std::to_string(partition->next_offset()) + " of " +
             std::to_string(world_.log.records(partition->id()).size()) + " records";
    }
    if (partition->in_flight() > 0) return where + " has events in flight";
  }
  const auto& rows = store_->rows();
  for (auto row = rows.lower_bound("O"); row != rows.end() && row->first.starts_with("O"); ++row) {
    if (!excused(engine::OwedOf(row->first).path()))
      return name() + " owes a reaction: " + row->first;
  }
  return {};
}

std::size_t Process::unanswered() const {
  return static_cast<std::size_t>(
      std::count_if(probes_.begin(), probes_.end(),
                    [](const auto& probe) { return !probe->dead && probe->calls == 0; }));
}

}  // namespace motcua::simulation
