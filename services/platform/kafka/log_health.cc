#include "services/platform/kafka/log_health.h"

#include <utility>

namespace motcua::kafka {

LogHealth::LogHealth(engine::PartitionId partitions, std::function<void(const Status&)> on_change)
    : on_change_(std::move(on_change)), unavailable_flags_(partitions), unavailable_(partitions) {}

void LogHealth::SetDamaged(const Status& why) {
  {
    const std::lock_guard lock(mutex_);
    if (!damaged_.ok()) return;  // the first cause explains the others
    damaged_ = why;
    damaged_flag_.store(true, std::memory_order_release);
  }
  on_change_(why);
}

void LogHealth::SetUnavailable(engine::PartitionId partition, const Status& why) {
  {
    const std::lock_guard lock(mutex_);
    const bool known = !unavailable_[partition].ok();
    unavailable_[partition] = why;
    unavailable_flags_[partition].store(true, std::memory_order_release);
    if (known) return;
  }
  on_change_(why);
}

void LogHealth::SetAvailable(engine::PartitionId partition) {
  if (!unavailable_flags_[partition].load(std::memory_order_acquire)) return;
  {
    const std::lock_guard lock(mutex_);
    unavailable_[partition] = OkStatus();
    unavailable_flags_[partition].store(false, std::memory_order_release);
  }
  on_change_(OkStatus());
}

Status LogHealth::Of(engine::PartitionId partition) const {
  if (!damaged() && !unavailable_flags_[partition].load(std::memory_order_acquire)) {
    return OkStatus();
  }
  const std::lock_guard lock(mutex_);
  return damaged_.ok() ? unavailable_[partition] : damaged_;
}

}  // namespace motcua::kafka
