// TimerWindow: the first timers of a partition, in memory and in order.
//
// All timer rows before an edge are here, those after it lie in the store alone. So the store is
// read on from the edge and nowhere else: it never wades through what a hundred thousand timers
// that were just raised have left behind, nor through the rows of other partitions.
//
//   while (place = timers.Next(), place && place->at <= now) { timers.Skip(); … }
//
// One thread: the loop's.
#pragma once

#include <cstddef>
#include <optional>
#include <set>

#include "services/base/status.h"
#include "services/engine/keys.h"
#include "services/engine/ports.h"

namespace motcua::engine {

// Timers of a partition that are kept in memory, and how many are read at a time.
inline constexpr std::size_t kTimersKnownMax = 4096;
inline constexpr std::size_t kTimersPerReadMax = 1024;

class TimerWindow {
 public:
  // `store` must outlive it.
  TimerWindow(const StateStore& store, PartitionId partition)
      : store_(store), partition_(partition) {}

  // A commit has written the row, or deleted it. What stands is offered (again).
  void Note(const TimerPlace& place, bool stands);

  // The first timer that was not skipped; null when there is none, or when kTimersKnownMax were
  // skipped and stand still. Reads the store when it has come to the edge.
  Result<const TimerPlace*> Next();
  // Passes over what Next() gave, until Restart() or a change of the aggregate's timer.
  void Skip();
  void Restart() { reached_ = {kInstantMin, {}}; }

  // When the first timer is due that was not skipped, as far as it is known without reading.
  std::optional<Instant> NextAt() const;

 private:
  bool Knows(const TimerPlace& place) const { return complete_ || place < edge_; }
  Status ReadOn();
  void Trim();

  const StateStore& store_;
  const PartitionId partition_;
  std::set<TimerPlace> known_;
  TimerPlace edge_{kInstantMin, {}};
  TimerPlace reached_{kInstantMin, {}};  // all before it were skipped
  bool complete_ = false;                // there is nothing after the edge
};

}  // namespace motcua::engine
