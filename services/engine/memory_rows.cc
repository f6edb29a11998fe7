#include "services/engine/memory_rows.h"

namespace motcua::engine {

Status MemoryRows::Write(const std::vector<StoreWrite>& batch) {
  for (const StoreWrite& write : batch) {
    if (write.value) {
      rows_[write.key] = *write.value;
    } else {
      rows_.erase(write.key);
    }
  }
  return OkStatus();
}

Result<std::optional<std::string>> MemoryRows::Get(std::string_view key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? std::optional<std::string>() : found->second;
}

Status MemoryRows::Scan(std::string_view from, std::string_view to, const Visit& visit) const {
  for (auto row = rows_.lower_bound(from); row != rows_.end() && row->first < to; ++row) {
    if (!visit(row->first, row->second)) break;
  }
  return OkStatus();
}

Status MemoryRows::ScanBackward(std::string_view from, std::string_view to,
                                const Visit& visit) const {
  for (auto row = rows_.lower_bound(to); row != rows_.begin();) {
    --row;
    if (row->first < from || !visit(row->first, row->second)) break;
  }
  return OkStatus();
}

Result<std::unique_ptr<const StateStore>> MemoryRows::Snapshot() const {
  return std::unique_ptr<const StateStore>(std::make_unique<MemoryRows>(*this));
}

}  // namespace motcua::engine
