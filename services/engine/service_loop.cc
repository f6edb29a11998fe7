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

}  // namespace

ServiceLoop::ServiceLoop(ServiceLoopPorts ports, ServiceLoopOptions options)
    : ports_(std::move(ports)), options_(std::move(options)) {
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
    RefuseAtDoor(pending, Status(Reason::kInternal, "the service does not decide this command"));
    return;
  }
  if (!caught_up_) {
    RefuseAtDoor(pending,
                 Status(Reason::kNotServing, "the service has not read the whole log yet"));
    return;
  }
  if (!Admit(pending)) {
    RefuseAtDoor(pending, Overloaded("kCommandsInsideMax", kCommandsInsideMax));
    return;
  }
  if (!ports_.inbox.Push(std::move(pending))) {
    // A refused Push leaves the command untouched: its contract.
    RefuseAtDoor(pending,  // NOLINT(bugprone-use-after-move)
                 Overloaded("kInboxCommandsMax", kInboxCommandsMax));
  }
}

bool ServiceLoop::Admit(PendingCommand& pending) {
  if (std::holds_alternative<cases::ImportDossier>(pending.command.action)) return true;
  if (inside_.fetch_add(1, std::memory_order_relaxed) >= kCommandsInsideMax) {
    inside_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  pending.reply = [this, reply = std::move(pending.reply)](Result<Answer> answer) {
    inside_.fetch_sub(1, std::memory_order_relaxed);
    reply(std::move(answer));
  };
  return true;
}

void ServiceLoop::RefuseAtDoor(PendingCommand& pending, const Status& status) {
  metrics_.commands.fetch_add(1, std::memory_order_relaxed);
  metrics_.refused.at(static_cast<std::size_t>(status.reason()))
      .fetch_add(1, std::memory_order_relaxed);
  pending.reply(status);
}

Readings ServiceLoop::readings() const {
  Readings readings;
  readings.reserve(partitions_.size());
  for (const auto& partition : partitions_) readings.push_back(partition->reading());
  return readings;
}

Partition* ServiceLoop::Route(const cases::Command& command) {
  const cases::UnitCode* creating = cases::CreatingUnit(command);
  const cases::UnitCode unit = creating != nullptr ? *creating : cases::UnitOf(command.dossier);
  return partitions_[PartitionOf(unit, ports_.log.partitions())].get();
}

Result<bool> ServiceLoop::RunOnce() {
  const bool room = std::all_of(partitions_.begin(), partitions_.end(),
                                [](const auto& partition) { return partition->HasRoom(); });
  bool more = false;
  if (room) {
    constexpr std::size_t kCommandsPerRoundMax = 1024;
    std::vector<PendingCommand> commands = ports_.inbox.Drain(kCommandsPerRoundMax);
    more = commands.size() == kCommandsPerRoundMax;
    for (PendingCommand& command : commands) {
      Route(command.command)->Take(std::move(command));
    }
  }
  bool folded = false;
  Status failed;
  const LogAnswers::Taken answers = ports_.answers->Take();
  // Each is told once, so none may be left out when one of them cannot be taken.
  const auto note = [&failed](const Status& status) {
    if (failed.ok()) failed = status;
  };
  for (const FailedAppend& append : answers.failed) {
    note(partitions_[append.partition]->OnFailedAppend(append));
  }
  for (const EndTold& told : answers.ends) note(partitions_[told.partition]->OnEndTold(told));
  for (const auto& partition : partitions_) {
    const Offset before = partition->next_offset();
    const Result<bool> step = partition->Step();
    if (!step.ok()) {
      failed = step.status();
      continue;
    }
    more = *step || more;
    folded = folded || partition->next_offset() != before;
  }
  if (!caught_up_) {
    caught_up_ = std::all_of(partitions_.begin(), partitions_.end(),
                             [](const auto& partition) { return partition->CaughtUp(); });
  }
  if (folded && options_.on_commit) options_.on_commit();
  if (!failed.ok()) return failed;
  return more;
}

bool ServiceLoop::Idle() const {
  return caught_up_ && std::all_of(partitions_.begin(), partitions_.end(),
                                   [](const auto& partition) { return partition->Idle(); });
}

Micros ServiceLoop::NextWake() const {
  Micros wake = Micros::max();
  for (const auto& partition : partitions_) wake = std::min(wake, partition->NextWake());
  return wake;
}

void ServiceLoop::Stop(const Status& status) {
  for (PendingCommand& pending : ports_.inbox.Drain(kInboxCommandsMax)) {
    RefuseAtDoor(pending, status);
  }
  for (const auto& partition : partitions_) partition->AbandonAll(status);
}

}  // namespace motcua::engine
