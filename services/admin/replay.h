// What the services say to each record of a log when they read it from its beginning: the engine's
// own Accept over a fold of its own, which keeps of a dossier no more than Accept asks for.
//
// One partition at a time, in memory (about 500 bytes a dossier) or in a store. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/engine/log_entry.h"
#include "services/engine/memory_rows.h"
#include "services/engine/ports.h"
#include "services/engine/state_layer.h"

namespace motcua::admin {

// What became of a record.
enum class Verdict : std::uint8_t {
  kAccepted,
  kStale,
  kOtherHistory,
  kRepeated,
  kMisplaced,
  kEarly,
  kClockDisagrees,
  kMisrouted,   // its unit belongs to another partition
  kNotAnEvent,  // bytes that are no event
};
// engine::AcceptanceName's words, "misrouted", "not_an_event".
std::string_view VerdictName(Verdict verdict);

struct ReplayedRecord {
  engine::PartitionId partition = 0;
  engine::LogEntry entry;
  Verdict verdict = Verdict::kNotAnEvent;
  Instant effective;  // of the partition, after this record
};

// One partition of a log of `partitions`, from its first record on.
class Replay {
 public:
  // The codec outlives it.
  Replay(engine::PartitionId partition, engine::PartitionId partitions, const engine::Codec& codec);
  // The same with its rows in a store that may be larger than memory, and serve several partitions
  // one after the other. The store outlives it.
  Replay(engine::PartitionId partition, engine::PartitionId partitions, const engine::Codec& codec,
         engine::StateStore& rows);
  ~Replay();

  // Records come in their order.
  Result<ReplayedRecord> Next(engine::Offset offset, const engine::TakenRecord& taken);

 private:
  class Rules;

  Status Commit();

  const engine::PartitionId partition_;
  const engine::PartitionId partitions_;
  const engine::Codec& codec_;
  const std::unique_ptr<const Rules> rules_;
  const std::unique_ptr<engine::MemoryRows> memory_;  // none where the rows are kept elsewhere
  engine::StateStore& rows_;
  engine::AcceptedState state_;
  Instant effective_{};
  std::size_t uncommitted_ = 0;  // records
};

}  // namespace motcua::admin
