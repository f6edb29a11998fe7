// What is known about the log as a whole and about each partition: usable, unreachable for now, or
// damaged for good. Writer, readers and keeper report here; everybody asks here. Any thread.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"

namespace motcua::kafka {

class LogHealth {
 public:
  // `on_change` is called without a lock held, after anything changed.
  LogHealth(engine::PartitionId partitions, std::function<void(const Status&)> on_change);

  // LOG_DAMAGED stays until the process ends: what was read may not belong to what comes.
  void SetDamaged(const Status& why);
  void SetUnavailable(engine::PartitionId partition, const Status& why);
  void SetAvailable(engine::PartitionId partition);

  // Damage, else what holds for the partition. Cheap while all is well.
  Status Of(engine::PartitionId partition) const;
  bool damaged() const { return damaged_flag_.load(std::memory_order_acquire); }

 private:
  const std::function<void(const Status&)> on_change_;
  std::atomic<bool> damaged_flag_ = false;
  std::vector<std::atomic<bool>> unavailable_flags_;
  mutable std::mutex mutex_;
  Status damaged_;
  std::vector<Status> unavailable_;
};

}  // namespace motcua::kafka
