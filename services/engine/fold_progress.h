// FoldProgress: how far a service has folded the log, and waiting until it has come somewhere. What
// a read answers is true for everything before the offsets that it began with, and may show more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "services/base/status.h"
#include "services/engine/clock_check.h"
#include "services/engine/ports.h"

namespace motcua::engine {

// How far a service has folded a partition: everything before `next` is in its store.
struct PartitionReading {
  PartitionId id = 0;
  Offset next = 0;
  Offset end = 0;  // of the log, as it was last told; not below `next`
  bool first_in_line = false;
  Instant effective = {};       // of the last accepted event
  std::uint64_t in_flight = 0;  // own events, appended and not read back
  // What the log of this partition says of the own clock; ahead of the log's if positive.
  ClockState clock = ClockState::kUnsure;
  Micros clock_offset{0};
  Status failure = {};  // for longer than kFailurePatience; or what the log says of it
};
using Readings = std::vector<PartitionReading>;

// For each partition the offset before which everything is folded, or is to be.
using Offsets = std::map<PartitionId, Offset>;

// How many records before `target` a service that has read so far does not have yet.
inline Offset MissingOf(const Readings& readings, const Offsets& target) {
  Offset missing = 0;
  for (const auto& [partition, offset] : target) {
    const auto found = std::find_if(readings.begin(), readings.end(),
                                    [&](const auto& reading) { return reading.id == partition; });
    const Offset next = found == readings.end() ? 0 : found->next;
    if (next < offset) missing += offset - next;
  }
  return missing;
}

// Any thread.
class FoldProgress {
 public:
  virtual ~FoldProgress() = default;

  // What the store holds.
  virtual Readings readings() const = 0;

  // Calls `reached` once, from any thread, maybe before Await returns: when the store holds all
  // before `target`, or when the service stops. It must not block. Without a target there is
  // nothing to reach until SetTarget. `waiter` is any address that nobody else uses meanwhile.
  virtual void Await(const void* waiter, std::optional<Offsets> target,
                     std::function<void()> reached) = 0;
  virtual void SetTarget(const void* waiter, Offsets target) = 0;
  // Ends the waiting; owed for each Await. The service does not go before.
  virtual void Forget(const void* waiter) = 0;
  // Whether the service stops.
  virtual bool closed() const = 0;

  // Asks the log for all its ends; see EventLog::AskEnd. `done` is called once, from any thread.
  using EndsDone = std::function<void(Result<Offsets>)>;
  virtual void AskEnds(EndsDone done) = 0;
};

}  // namespace motcua::engine
