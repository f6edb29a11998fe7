#include "services/engine/service_loop.h"

#include <algorithm>
#include <utility>

#include "services/base/hash.h"

namespace motcua::engine {
namespace {

Status Overloaded(const std::string& limit, std::size_t commands) {
  return Status(Reason::kOverloaded,
                std::to_string(commands) + " commands wait for their answers, the most it takes",
                {{"limit", limit}});
}

Status NotCaughtUp() {
  return Status(Reason::kNotServing, "the service has not read the whole log yet");
}

}  // namespace

ServiceLoop::ServiceLoop(ServiceLoopPorts ports, ServiceLoopOptions options)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      standings_(ports_.log.partitions()),
      doors_(ports_.log.partitions()) {
  MOTCUA_CHECK(
      options_.replicas > 0 && options_.ordinal >= 0 && options_.ordinal < options_.replicas,
      "the ordinal must lie below the number of replicas");
  const std::uint64_t incarnation =
      HashBytes(std::string(ports_.rules.name()) + "/" + std::to_string(options_.ordinal) + "/" +
                std::to_string(ports_.clock.Now().micros));
  for (PartitionId id = 0; id < ports_.log.partitions(); ++id) {
    const PartitionPorts partition{ports_.log,       ports_.store, ports_.clock, ports_.codec,
                                   ports_.catalogue, ports_.rules, metrics_,     ports_.answers};
    const bool first = id % options_.replicas == options_.ordinal;
    partitions_.push_back(std::make_unique<Partition>(
        id, partition, PartitionOptions{first, options_.grace, incarnation}));
  }
}

Status ServiceLoop::Recover() {
  for (const auto& partition : partitions_) {
    MOTCUA_RETURN_IF_ERROR(partition->Recover());
  }
  return OkStatus();
}

void ServiceLoop::Submit(cases::Command command, Micros deadline, Reply reply) {
  PendingCommand pending{std::move(command), deadline, std::move(reply)};
  if (!ports_.rules.Decides(pending.command.action)) {
    Reject(pending, Status(Reason::kInternal, "the service does not decide this command"));
    return;
  }
  if (!caught_up_) {
    Reject(pending, NotCaughtUp());
    return;
  }
  if (!Admit(pending, PartitionOfCommand(pending.command))) {
    Reject(pending, Overloaded("kCommandsAdmittedMax", kCommandsAdmittedMax));
    return;
  }
  if (!ports_.inbox.Push(std::move(pending))) {
    // A refused Push leaves the command untouched: its contract.
    Reject(pending,  // NOLINT(bugprone-use-after-move)
           Overloaded("kInboxCommandsMax", kInboxCommandsMax));
  }
}

bool ServiceLoop::Admit(PendingCommand& pending, PartitionId partition) {
  if (cases::IsBulk(pending.command)) return true;
  Door& door = doors_[partition];
  const bool all = inside_.fetch_add(1, std::memory_order_relaxed) < kCommandsAdmittedMax;
  const bool own = door.inside.fetch_add(1, std::memory_order_relaxed) < kCommandsAdmittedMax;
  const auto leave = [this, &door] {
    inside_.fetch_sub(1, std::memory_order_relaxed);
    door.inside.fetch_sub(1, std::memory_order_relaxed);
  };
  if (!own || (!all && InsideMoving() > kCommandsAdmittedMax)) {
    leave();
    return false;
  }
  pending.reply = [leave, reply = std::move(pending.reply)](Result<Answer> answer) {
    leave();
    reply(std::move(answer));
  };
  return true;
}

// Those of partitions that do not move wait for their deadlines, whatever else comes.
std::size_t ServiceLoop::InsideMoving() const {
  std::size_t inside = 0;
  for (const Door& door : doors_) {
    if (!door.aside.load(std::memory_order_relaxed)) {
      inside += door.inside.load(std::memory_order_relaxed);
    }
  }
  return inside;
}

void ServiceLoop::Reject(PendingCommand& pending, const Status& status) {
  metrics_.commands.fetch_add(1, std::memory_order_relaxed);
  metrics_.refused.at(static_cast<std::size_t>(status.reason()))
      .fetch_add(1, std::memory_order_relaxed);
  pending.reply(status);
}

Readings ServiceLoop::readings() const {
  Readings readings;
  readings.reserve(partitions_.size());
  for (const auto& partition : partitions_) {
    PartitionReading& reading = readings.emplace_back(partition->reading());
    reading.failure = FailureOf(partition->id());
  }
  return readings;
}

PartitionId ServiceLoop::PartitionOfCommand(const cases::Command& command) const {
  return PartitionOf(cases::UnitOfCommand(command), static_cast<PartitionId>(partitions_.size()));
}

bool ServiceLoop::TakeCommands() {
  constexpr std::size_t kCommandsPerRoundMax = 1024;
  std::vector<PendingCommand> commands = ports_.inbox.Drain(kCommandsPerRoundMax);
  for (PendingCommand& command : commands) {
    const PartitionId id = PartitionOfCommand(command.command);
    Partition& partition = *partitions_[id];
    if (FailingFor(id, kFailurePatience)) {
      Reject(command, standings_[id].failure);
    } else if (!partition.CaughtUp()) {
      Reject(command, NotCaughtUp());
    } else if (!partition.HasRoom()) {
      Reject(command, Overloaded("kCommandsQueuedMax", kCommandsQueuedMax));
    } else {
      partition.Take(std::move(command));
    }
  }
  return commands.size() == kCommandsPerRoundMax;
}

// What a partition cannot take of it, its next step meets again.
void ServiceLoop::TakeLogAnswers() {
  const LogAnswers::Taken answers = ports_.answers->Take();
  for (const FailedAppend& append : answers.failed) {
    static_cast<void>(partitions_[append.partition]->OnFailedAppend(append));
  }
  for (const EndReported& told : answers.ends) {
    static_cast<void>(partitions_[told.partition]->OnEndReported(told));
  }
}

Result<bool> ServiceLoop::RunOnce() {
  bool more = TakeCommands();
  TakeLogAnswers();
  bool folded = false;
  std::size_t failing = 0;
  Status failed;
  bool stalled = false;
  for (PartitionId id = 0; id < partitions_.size(); ++id) {
    const Result<bool> step = StepOne(id, folded);
    if (step.ok()) {
      more = *step || more;
    } else if (step.status().reason() != Reason::kOverloaded) {
      ++failing;
      failed = step.status();
      stalled = stalled || !partitions_[id]->store_failure().ok();
    }
  }
  NoteCaughtUp();
  if (folded && options_.on_commit) options_.on_commit();
  if (failing == partitions_.size() || stalled) return failed;
  return more;
}

Result<bool> ServiceLoop::StepOne(PartitionId id, bool& folded) {
  Partition& partition = *partitions_[id];
  Standing& standing = standings_[id];
  const Micros now = ports_.clock.Passed();
  if (now < standing.step_at) return standing.failure;
  const Offset before = partition.next_offset();
  const Result<bool> step = partition.Step();
  folded = folded || partition.next_offset() != before;
  standing.failure = step.status();
  const auto note = [now](std::optional<Micros>& since, bool ok) {
    if (ok) {
      since.reset();
    } else if (!since) {
      since = now;
    }
  };
  note(standing.failing_since, step.ok());
  note(standing.untold_since, partition.ask_failure().ok());
  if (!step.ok()) {
    const bool soon = step.status().reason() == Reason::kOverloaded;
    standing.step_at = now + (soon ? kStoreRetryPause : kPartitionRetryPause);
  }
  doors_[id].aside = FailingFor(id, kFailurePatience) || partition.Stuck();
  return step;
}

// A store that is behind with its files is none of the partition's failures.
bool ServiceLoop::FailingFor(PartitionId id, Micros patience) const {
  const Standing& standing = standings_[id];
  return standing.failure.reason() != Reason::kOverloaded &&
         Since(standing.failing_since, patience);
}

Status ServiceLoop::FailureOf(PartitionId id) const {
  if (FailingFor(id, kFailurePatience)) return standings_[id].failure;
  if (Since(standings_[id].untold_since, kFailurePatience)) return partitions_[id]->ask_failure();
  return ports_.log.partition_health(id);
}

// A partition that fails from the start is not waited for longer than the others can bear: its
// commands are refused until it has caught up.
void ServiceLoop::NoteCaughtUp() {
  if (caught_up_) return;
  bool any = false;
  for (const auto& partition : partitions_) {
    any = any || partition->CaughtUp();
    const PartitionId id = partition->id();
    if (!partition->CaughtUp() && !FailingFor(id, kCatchUpPatience) &&
        !Since(standings_[id].untold_since, kCatchUpPatience)) {
      return;
    }
  }
  caught_up_ = any;
}

bool ServiceLoop::Idle() const {
  return caught_up_ && std::all_of(partitions_.begin(), partitions_.end(),
                                   [](const auto& partition) { return partition->Idle(); });
}

Micros ServiceLoop::NextWake() const {
  Micros wake = Micros::max();
  const Micros now = ports_.clock.Passed();
  for (const auto& partition : partitions_) {
    const Micros step_at = standings_[partition->id()].step_at;
    wake = std::min(wake, now < step_at ? step_at - now : partition->NextWake());
  }
  return wake;
}

void ServiceLoop::Stop(const Status& status) {
  for (PendingCommand& pending : ports_.inbox.Drain(kInboxCommandsMax)) {
    Reject(pending, status);
  }
  for (const auto& partition : partitions_) partition->AbandonAll(status);
}

}  // namespace motcua::engine
