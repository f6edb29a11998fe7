// Rows on the disk for the length of one command: what has to be sorted and may be larger than
// memory. A RocksStore in a folder of its own, which goes with it.
//
// One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/platform/rocksdb/rocks_store.h"

namespace motcua::admin {

class Scratch final : public engine::StateStore {
 public:
  // What is left in `folder` from a crash is removed; the folder must be one that nobody needs.
  static Result<std::unique_ptr<Scratch>> Make(const std::filesystem::path& folder);
  ~Scratch() override;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // Collects and writes when enough has come together; Scan sees what Flush has written.
  Status Put(std::string key, std::string value);
  Status Flush();

  // Waits where the store is slower than its writer.
  Status Write(const std::vector<engine::StoreWrite>& batch) override;
  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override;
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override;
  Result<std::unique_ptr<const StateStore>> Snapshot() const override;

 private:
  Scratch(std::filesystem::path folder, std::unique_ptr<rocks::RocksStore> store);

  const std::filesystem::path folder_;
  std::unique_ptr<rocks::RocksStore> store_;
  std::vector<engine::StoreWrite> waiting_;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace motcua::admin
