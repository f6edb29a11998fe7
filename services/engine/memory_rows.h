// A state store in memory, which ends with its process: for a fold that serves nobody else, for
// rows of a stopped service that are looked at, and for tests. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/engine/ports.h"

namespace motcua::engine {

class MemoryRows final : public StateStore {
 public:
  using Rows = std::map<std::string, std::string, std::less<>>;

  Status Write(const std::vector<StoreWrite>& batch) override;
  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override;
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override;
  // A copy.
  Result<std::unique_ptr<const StateStore>> Snapshot() const override;

  const Rows& rows() const { return rows_; }
  Rows& rows() { return rows_; }

 private:
  Rows rows_;
};

}  // namespace motcua::engine
