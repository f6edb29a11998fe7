// The trouble of a World: processes that die and freeze, clocks that are wrong, strangers.
#include <algorithm>
#include <utility>

#include "tests/simulation/world.h"
#include "tests/support/sample_events.h"

namespace motcua::simulation {
namespace {

constexpr Micros kMillisecond{1000};
constexpr Micros kSecond{1'000'000};
constexpr Micros kHour{3'600'000'000};
// Parts in a million: over the days of a world it stays within what clocks may differ by.
constexpr std::int64_t kDriftMax = 5;

}  // namespace

void World::OnSend() {
  ++marks_.requests;
  if (healed_) return;
  if (older_) UpgradeInTurn();
  if (random_.Chance(options_.fault)) {
    timeline_.After(random_.Between(Micros(0), 100 * kMillisecond), [this] {
      if (!healed_) Trouble();
    });
  }
  if (options_.nonsense > 0 && random_.Chance(options_.nonsense)) {
    timeline_.After(random_.Between(Micros(0), kSecond), [this] {
      if (!healed_) SpeakNonsense();
    });
  }
  if (random_.Chance(options_.stranger)) {
    timeline_.After(random_.Between(Micros(0), kSecond), [this] {
      if (!healed_) SpeakAsStranger();
    });
  }
}

// One seat after the other, spread over all commands; now and then one is taken back.
void World::UpgradeInTurn() {
  const auto commands = static_cast<std::size_t>(options_.clients) *
                        static_cast<std::size_t>(options_.commands_per_client);
  const std::size_t upgraded = seats_.size() - to_upgrade_.size();
  if (to_upgrade_.empty() || marks_.requests * (seats_.size() + 1) < (upgraded + 1) * commands) {
    return;
  }
  const std::size_t seat = to_upgrade_.back();
  to_upgrade_.pop_back();
  Become(seat, false);
  if (random_.Chance(100)) Become(random_.Below(seats_.size()), true);
}

void World::Become(std::size_t index, bool older) {
  Seat& seat = seats_[index];
  if (seat.older == older) return;
  ++marks_.upgrades;
  seat.older = older;
  // Who is away comes back as what it is now.
  if (seat.process == nullptr || !seat.process->alive()) return;
  Trace((older ? "downgrade " : "upgrade ") + seat.process->name());
  if (seat.process->older()) {
    if (const std::string wrong = older_->Judge(*seat.process, history_); !wrong.empty()) {
      Fail(wrong);
    }
  }
  seat.process->Kill();
  Revive(index, random_.Between(kMillisecond, 2 * kSecond), StoreLeftBy(seat));
}

void World::Trouble() {
  const std::size_t seat = random_.Below(seats_.size());
  Process* process = seats_[seat].process.get();
  if (process == nullptr || !process->alive()) return;
  switch (random_.Below(6)) {
    case 0:
    case 1:
      KillSeat(seat);
      return;
    case 2:
      process->Doom(static_cast<int>(random_.Between(1, 12)));
      return;
    case 3:
      FreezeSeat(seat);
      return;
    case 4:
      StepClock(seats_[seat].process);
      return;
    default:
      process->FailWritesUntil(timeline_.now() + random_.Between(kMillisecond, 2 * kSecond));
      return;
  }
}

Micros World::ClockError() {
  const Micros most =
      random_.Chance(options_.clock_wrong) ? options_.clock_wrong_max : options_.clock_error_max;
  return random_.Between(-most, most);
}

// Somebody sets it right after a while, if nothing else happens to it before.
void World::SetClock(const std::shared_ptr<Process>& process) {
  const Micros error = ClockError();
  process->clock().Set(error, random_.Between(-kDriftMax, kDriftMax));
  Trace("clock of " + process->name() + " is off by " + std::to_string(error.count()) + " us");
  if (error <= options_.clock_error_max && error >= -options_.clock_error_max) return;
  timeline_.After(
      random_.Between(kSecond, kHour / 2), [this, weak = std::weak_ptr<Process>(process)] {
        const auto wrong = weak.lock();
        if (!wrong || healed_) return;
        wrong->clock().Set(random_.Between(-options_.clock_error_max, options_.clock_error_max), 0);
      });
}

// Of a process, or of a broker.
void World::StepClock(const std::shared_ptr<Process>& process) {
  if (options_.clock_error_max.count() == 0) return;
  if (random_.Chance(options_.log_clock_wrong)) {
    const auto partition = static_cast<engine::PartitionId>(random_.Below(options_.partitions));
    const Micros offset = random_.Between(-options_.clock_wrong_max, options_.clock_wrong_max);
    log_.SetClock(partition, offset);
    Trace("the log's clock of partition " + std::to_string(partition) + " steps by " +
          std::to_string(offset.count()) + " us");
    timeline_.After(random_.Between(kSecond, 60 * kSecond),
                    [this, partition] { log_.SetClock(partition, Micros(0)); });
    return;
  }
  SetClock(process);
  ++marks_.clock_steps;
}

void World::KillSeat(std::size_t seat) {
  Trace("kill " + seats_[seat].process->name());
  ++marks_.deaths;
  seats_[seat].process->Kill();
  const Micros away = random_.Chance(100) ? random_.Between(kHour, 20 * kHour)
                                          : random_.Between(kMillisecond, 5 * kSecond);
  Revive(seat, away, StoreLeftBy(seats_[seat]));
}

// A process that hangs. Sometimes another one takes its place meanwhile, and it does not know.
void World::FreezeSeat(std::size_t seat) {
  Trace("freeze " + seats_[seat].process->name());
  ++marks_.freezes;
  seats_[seat].process->Freeze();
  const Micros away = random_.Between(100 * kMillisecond, 10 * kSecond);
  if (random_.Chance(500)) {
    timeline_.After(away, [frozen = std::weak_ptr<Process>(seats_[seat].process)] {
      if (const auto process = frozen.lock(); process && process->alive()) process->Thaw();
    });
    return;
  }
  zombies_.push_back(std::move(seats_[seat].process));
  const std::weak_ptr<Process> zombie = zombies_.back();
  Revive(seat, random_.Between(kMillisecond, kSecond), std::make_shared<SimStore>());
  timeline_.After(away, [zombie] {
    if (const auto process = zombie.lock(); process && process->alive()) process->Thaw();
  });
  timeline_.After(away + random_.Between(kMillisecond, 5 * kSecond), [zombie] {
    if (const auto process = zombie.lock()) process->Kill();
  });
}

void World::SpeakAsStranger() {
  engine::PartitionId partition = 0;
  const std::string record = StrangersRecord(partition);
  log_.Land(partition, {record});
}

bool World::IsNonsense(std::string_view dossier) const {
  const auto line = history_.lines().find(std::string(dossier));
  return line != history_.lines().end() && line->second.nonsense;
}

// Some payload in the place of the next: it counts, whatever it says.
void World::SpeakNonsense() {
  if (history_.lines().empty()) return;
  auto line = history_.lines().begin();
  std::advance(line, random_.Below(history_.lines().size()));
  testing::Random payloads(random_.Next());
  cases::CaseEvent event = line->second.events.back()->event;
  event.payload = testing::RandomEvent(payloads).payload;
  event.actor = cases::ActorId(kNonsense);
  event.cause = 0;
  event.SetSteps(
      {static_cast<cases::Version>(line->second.events.size()), cases::Tip(line->second.tip)}, {});
  for (std::uint8_t& byte : event.request_id.bytes)
    byte = static_cast<std::uint8_t>(random_.Next());
  event.at.instant = timeline_.now();
  ++marks_.nonsense;
  log_.Land(history_.PartitionOfUnit(UnitPart(line->first)), {codec_->EncodeEvent(event)});
}

std::string World::StrangersRecord(engine::PartitionId& partition) {
  partition = static_cast<engine::PartitionId>(random_.Below(options_.partitions));
  const std::size_t records = log_.records(partition).size();
  const std::uint64_t kind = random_.Below(6);
  if (records == 0 || kind == 0) return std::string(random_.Below(40), '\xC3');
  const MemoryLog::Record& old = log_.records(partition)[random_.Below(records)];
  if (kind == 1) return old.bytes;                                                 // once more
  if (kind == 2) return old.bytes.substr(0, random_.Below(old.bytes.size() + 1));  // torn
  if (kind == 3) {  // to the wrong partition, if there is one
    partition = static_cast<engine::PartitionId>(random_.Below(options_.partitions));
    return old.bytes;
  }
  if (history_.lines().empty() || !old.entry.event) return "?";
  auto line = history_.lines().begin();
  std::advance(line, random_.Below(history_.lines().size()));
  // A newer program says something that this one does not understand, at the right place or, as if
  // it had lived through another history, at the wrong one.
  cases::CaseEvent event = line->second.events.back()->event;
  event.payload = cases::UnknownPayload{};
  event.actor = cases::ActorId(kStranger);
  event.SetSteps({static_cast<cases::Version>(line->second.events.size()),
                  cases::Tip(kind == 4 ? line->second.tip : random_.Next())},
                 {});
  for (std::uint8_t& byte : event.request_id.bytes)
    byte = static_cast<std::uint8_t>(random_.Next());
  event.at.instant = timeline_.now();
  partition = history_.PartitionOfUnit(UnitPart(line->first));
  return codec_->EncodeEvent(event);
}

}  // namespace motcua::simulation
