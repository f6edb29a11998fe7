// Rows in memory: what a fold keeps that serves no one else, and rows of a stopped service that are
// looked at. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/engine/ports.h"

namespace motcua::admin {

class MemoryRows final : public engine::StateStore {
 public:
  Status Write(const std::vector<engine::StoreWrite>& batch) override;
  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override;
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override;
  // A copy.
  Result<std::unique_ptr<const StateStore>> Snapshot() const override;

 private:
  std::map<std::string, std::string, std::less<>> rows_;
};

}  // namespace motcua::admin
