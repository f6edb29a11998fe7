// ServiceLoop: all partitions of one service behind one inbox. Its driver (a thread in
// production, the simulation's timeline) calls RunOnce() when woken and after NextWake().
//
// Partitions do not wait for each other: one whose log has no leader, or that is full, is paused or
// refuses by itself, and its commands do not count against those of the others. What they share is
// the store, whose failure stops all.
//
// Submit: any thread. All else: the driver's thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "services/engine/fold_progress.h"
#include "services/engine/partition.h"

namespace motcua::engine {

// Commands whose callers wait for the answer; beyond it they get RESOURCE_EXHAUSTED at once. A
// quarter more than keep a service busy: more would not be answered sooner, and a command that is
// taken is not kept waiting by all who want to be.
inline constexpr std::size_t kCommandsAdmittedMax = 320;
// Commands at the door, with the rows of imports: they come by the hundred in a call, and nobody
// stands at the counter for them.
inline constexpr std::size_t kInboxCommandsMax = 16384;

// A partition whose step has failed is left alone for so long.
inline constexpr Micros kPartitionRetryPause{200'000};
// The same when the store only does not take rows at this moment.
inline constexpr Micros kStoreRetryPause{10'000};
// A partition that has failed for so long refuses new commands at once, and is named to operators:
// a slow moment of a broker is no failure.
inline constexpr Micros kFailurePatience{1'000'000};
// A service that starts does not wait longer than this for a partition that fails from the start.
inline constexpr Micros kCatchUpPatience{10'000'000};

// The queue between callers and the loop: bounded, many writers, one reader.
class Inbox {
 public:
  virtual ~Inbox() = default;
  // Any thread. False: full or closed; the command is untouched.
  virtual bool Push(PendingCommand&& command) = 0;
  // The oldest commands, at most `commands_max`; empty when there are none. The reader's thread.
  virtual std::vector<PendingCommand> Drain(std::size_t commands_max) = 0;
};

struct ServiceLoopPorts {
  EventLog& log;
  StateStore& store;
  const Clock& clock;
  const Codec& codec;
  const catalogue::Catalogue& catalogue;
  const ServiceRules& rules;
  Inbox& inbox;
  std::shared_ptr<LogAnswers> answers = std::make_shared<LogAnswers>();
};

struct ServiceLoopOptions {
  // Which instance of how many this is: partition p belongs first to instance p mod replicas.
  int ordinal = 0;
  int replicas = 1;
  Micros grace = kGraceDefault;
  // Called after each commit that changed something, from the driver's thread.
  std::function<void()> on_commit;
};

class ServiceLoop final : public CommandSink {
 public:
  ServiceLoop(ServiceLoopPorts ports, ServiceLoopOptions options);

  // Reads where the store stands; then RunOnce() until CaughtUp().
  Status Recover();
  bool CaughtUp() const { return caught_up_; }

  // Until it has caught up: NOT_SERVING at once. Beyond the limits above: OVERLOADED at once.
  void Submit(cases::Command command, Micros deadline, Reply reply) override;

  // Does what there is to do now. True: call again. An error: no partition can go on, or the store
  // takes nothing; call again later, after a pause; until then nothing is answered.
  Result<bool> RunOnce();
  // Whether nobody waits for what it does: it has caught up, and no command and no own event is
  // inside. What it folds then is read by later callers.
  bool Idle() const;
  // How long from now RunOnce() is to be called at the latest, though nobody woke it.
  Micros NextWake() const;
  // Refuses what is still inside: the service stops.
  void Stop(const Status& status);

  // Any thread.
  const Metrics& metrics() const { return metrics_; }
  // The driver's thread.
  Readings readings() const;
  const std::vector<std::unique_ptr<Partition>>& partitions() const { return partitions_; }

 private:
  // How the loop stands with a partition. The driver's.
  struct Standing {
    Status failure;  // of its last step
    std::optional<Micros> failing_since;
    std::optional<Micros> untold_since;  // the log has not told its end since
    Micros step_at{0};                   // not before
  };
  // What callers see of a partition. Any thread.
  struct Door {
    std::atomic<std::size_t> inside = 0;  // commands that count against kCommandsAdmittedMax
    std::atomic<bool> aside = false;      // it does not move, and takes nobody's place
  };

  // Counts it among those inside until it is answered. False: there are too many.
  bool Admit(PendingCommand& pending, PartitionId partition);
  std::size_t InsideMoving() const;
  // Counts and answers a command that no partition has taken.
  void Reject(PendingCommand& pending, const Status& status);
  // The partition of a command: that of the register book it belongs to.
  PartitionId PartitionOfCommand(const cases::Command& command) const;
  bool TakeCommands();  // whether there may be more
  void TakeLogAnswers();
  // One step, if it is time. What it came to, or what still stands.
  Result<bool> StepOne(PartitionId id, bool& folded);
  bool FailingFor(PartitionId id, Micros patience) const;
  bool Since(const std::optional<Micros>& since, Micros patience) const {
    return since && ports_.clock.Passed() - *since >= patience;
  }
  // What operators are told of it.
  Status FailureOf(PartitionId id) const;
  void NoteCaughtUp();

  ServiceLoopPorts ports_;
  ServiceLoopOptions options_;
  Metrics metrics_;
  std::vector<std::unique_ptr<Partition>> partitions_;
  std::vector<Standing> standings_;  // by partition
  std::vector<Door> doors_;          // by partition
  std::atomic<bool> caught_up_ = false;
  std::atomic<std::size_t> inside_ = 0;  // of all doors
};

}  // namespace motcua::engine
