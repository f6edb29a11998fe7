// Process: one instance of one service, as the machine room knows it: it starts, recovers, serves,
// freezes, dies in the middle of a step, and comes back on the store it left. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/domain/catalogue/catalogue.h"
#include "services/engine/service_loop.h"
#include "tests/simulation/memory_log.h"
#include "tests/simulation/older.h"
#include "tests/simulation/sim_store.h"

namespace motcua::simulation {

// What all processes of a world share. Must outlive them.
struct Surroundings {
  Timeline& timeline;
  Random& random;
  MemoryLog& log;
  const engine::Codec& codec;
  const catalogue::Catalogue& catalogue;
  std::function<void(const std::string&)> fail;   // the judge has seen something wrong
  std::function<void(const std::string&)> trace;  // empty unless somebody reads it
};

class SimInbox final : public engine::Inbox {
 public:
  bool Push(engine::PendingCommand&& command) override {
    if (commands_.size() >= kCommandsMax) return false;
    commands_.push_back(std::move(command));
    return true;
  }
  std::vector<engine::PendingCommand> Drain(std::size_t commands_max) override {
    std::vector<engine::PendingCommand> drained;
    for (; commands_max > 0 && !commands_.empty(); --commands_max) {
      drained.push_back(std::move(commands_.front()));
      commands_.pop_front();
    }
    return drained;
  }

 private:
  static constexpr std::size_t kCommandsMax = 64;
  std::deque<engine::PendingCommand> commands_;
};

class Process {
 public:
  // Which instance of how many it is.
  struct Place {
    const engine::ServiceRules& rules;
    int ordinal = 0;
    int replicas = 1;
    const Older* older = nullptr;  // null: it is of today
  };

  Process(const Surroundings& world, const Place& place, std::shared_ptr<SimStore> store);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Recovers and runs. `on_death` is told when it dies by itself.
  void Start(std::function<void()> on_death);
  // Gone at once: nothing that it holds is told to anybody.
  void Kill();
  // Dies at the `steps`-th write or answer from now, in the middle of its work.
  void Doom(int steps) { doom_in_ = steps; }
  // Not scheduled any more, or again, with everything it believed then.
  void Freeze() { frozen_ = true; }
  void Thaw();
  // Writes to its store fail until then.
  void FailWritesUntil(Instant until) { writes_fail_until_ = until; }

  bool older() const { return place_.older != nullptr; }
  bool alive() const { return loop_ != nullptr; }
  bool frozen() const { return frozen_; }
  bool serving() const { return alive() && !frozen_ && caught_up_; }
  // `reply` is called at most once, never after its death.
  void Submit(cases::Command command, Micros timeout, engine::Reply reply);

  // Whether it has folded the whole log and owes nothing.
  // `excused`: dossiers of which something may be owed permanently.
  std::string WhyNotAtRest(const std::function<bool(std::string_view)>& excused) const;
  SimClock& clock() { return clock_; }
  const SimStore& store() const { return *store_; }
  const engine::ServiceLoop& loop() const { return *loop_; }
  std::string name() const;
  // Commands that it took and never answered, though it lives.
  std::size_t unanswered() const;

 private:
  struct Probe {
    int calls = 0;
    bool dead = false;
  };

  const engine::Codec& codec() const;
  void Wake();
  void ScheduleStep(Instant at);
  void Step();
  Instant NextStep() const;
  bool MayWrite();
  bool Strike();  // a step nearer to its doom; true: dead
  void CheckReadable(const engine::Answer& answer) const;

  const Surroundings& world_;
  const Place place_;
  SimClock clock_;
  std::shared_ptr<SimStore> store_;
  std::shared_ptr<MemoryLog::Handle> log_;
  SimInbox inbox_;
  std::unique_ptr<engine::ServiceLoop> loop_;
  std::vector<std::shared_ptr<Probe>> probes_;
  std::function<void()> on_death_;

  std::shared_ptr<bool> life_;  // what the timeline holds on to
  std::uint64_t step_ = 0;      // of the steps scheduled, only this one counts
  Instant step_at_ = kInstantMax;
  Instant writes_fail_until_{0};
  int doom_in_ = 0;
  bool doomed_ = false;
  bool frozen_ = false;
  bool caught_up_ = false;
};

}  // namespace motcua::simulation
