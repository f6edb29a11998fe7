// MemoryLog: the ordered log of the simulated world, with everything that a real one does to its
// users (ports.h says what they may count on): appends that land late, acknowledgements that get
// lost, appends that never land and those that land twice, readers that lag, records of strangers.
//
// Each process has a Handle of its own; what it asked for before it died may still happen.
// One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/engine/ports.h"
#include "tests/simulation/random.h"
#include "tests/simulation/timeline.h"

namespace motcua::simulation {

// Chances in thousandths, of each append or read.
struct LogFaults {
  int unknown = 0;    // no outcome is told: it landed, will land late, or never lands
  int refused = 0;    // kNotAppended
  int duplicate = 0;  // the same records land once more, later
  int read_error = 0;
  Micros append_max{20'000};   // until a record stands in the log
  Micros lag_max{20'000};      // until a reader sees it
  Micros late_max{8'000'000};  // how late "late" is
};

class MemoryLog {
 public:
  struct Record {
    std::string bytes;
    engine::LogEntry entry;
    Instant written;
    const engine::Codec* writer = nullptr;  // of the process that wrote it; null: a stranger
  };

  // All must outlive it.
  MemoryLog(Timeline& timeline, Random& random, const engine::Codec& codec,
            engine::PartitionId partitions, const LogFaults& faults);

  // A process's connection: it reads what `codec` makes of the records. Drop it when the process
  // dies; the codec stays.
  class Handle;
  std::shared_ptr<Handle> Open(const engine::Codec& codec);

  // Another writer's record.
  void Land(engine::PartitionId partition, const std::vector<std::string>& records,
            const engine::Codec* writer = nullptr);
  // The clock of the broker that leads a partition, against the world's.
  void SetClock(engine::PartitionId partition, Micros offset) { clocks_[partition] = offset; }
  // No faults from now on, small delays, right clocks.
  void Heal();

  engine::PartitionId partitions() const {
    return static_cast<engine::PartitionId>(partitions_.size());
  }
  const std::vector<Record>& records(engine::PartitionId partition) const {
    return partitions_[partition];
  }
  // Called for each record that lands.
  std::function<void(engine::PartitionId, const Record&)> on_record;

 private:
  void Show(Handle& handle, engine::PartitionId partition);

  Timeline& timeline_;
  Random& random_;
  const engine::Codec& codec_;
  LogFaults faults_;
  std::vector<std::vector<Record>> partitions_;
  std::vector<Micros> clocks_;  // by partition
  std::vector<std::weak_ptr<Handle>> handles_;
};

class MemoryLog::Handle final : public engine::EventLog,
                                public std::enable_shared_from_this<MemoryLog::Handle> {
 public:
  Handle(MemoryLog& log, const engine::Codec& codec);

  engine::PartitionId partitions() const override { return log_.partitions(); }
  void Append(engine::PartitionId partition, std::vector<std::string> records,
              AppendDone done) override;
  Result<std::shared_ptr<const engine::LogChunk>> Read(engine::PartitionId partition,
                                                       engine::Offset from) override;
  void AskEnd(engine::PartitionId partition, EndDone done) override;
  std::uint64_t Watch(std::function<void()> wake) override;
  void Unwatch(std::uint64_t token) override { wakes_.erase(token); }

  // The process is dead: what it asked for goes its way, nothing is told to it any more.
  void Close() {
    closed_ = true;
    wakes_.clear();
  }

 private:
  friend class MemoryLog;
  void Wake();
  void LandLater(engine::PartitionId partition, Instant when, std::vector<std::string> records);
  void Tell(Instant when, engine::AppendOutcome outcome, AppendDone done);

  MemoryLog& log_;
  const engine::Codec& codec_;
  std::vector<engine::Offset> visible_;
  std::vector<Instant> last_landing_;  // appends of one process keep their order
  std::map<std::uint64_t, std::function<void()>> wakes_;
  std::uint64_t next_token_ = 1;
  bool closed_ = false;
};

}  // namespace motcua::simulation
