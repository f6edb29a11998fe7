// A state store in memory, and an index sink that writes straight into it. For tests of folds and
// reports, and for the simulation's first rung. One thread.
#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/base/bytes.h"
#include "services/engine/keys.h"
#include "services/engine/memory_rows.h"
#include "services/engine/ports.h"
#include "services/engine/service.h"

namespace motcua::testing_support {

class MemoryStore final : public engine::StateStore {
 public:
  using Rows = engine::MemoryRows::Rows;

  Status Write(const std::vector<engine::StoreWrite>& batch) override {
    return store_.Write(batch);
  }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    return store_.Get(key);
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    ++scans_;
    return store_.Scan(from, to, Counted(visit));
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    ++scans_;
    return store_.ScanBackward(from, to, Counted(visit));
  }
  Result<std::unique_ptr<const StateStore>> Snapshot() const override {
    ++snapshots_;
    return std::unique_ptr<const StateStore>(std::make_unique<MemoryStore>(*this));
  }

  const Rows& rows() const { return store_.rows(); }
  Rows& rows() { return store_.rows(); }
  // What scans have cost so far.
  std::uint64_t scans() const { return scans_; }
  std::uint64_t rows_read() const { return rows_read_; }
  // How many have been taken of it; what they read is not counted here.
  std::uint64_t snapshots() const { return snapshots_; }

 private:
  Visit Counted(const Visit& visit) const {
    return [this, &visit](std::string_view key, std::string_view value) {
      ++rows_read_;
      return visit(key, value);
    };
  }

  engine::MemoryRows store_;
  mutable std::uint64_t scans_ = 0;
  mutable std::uint64_t rows_read_ = 0;
  mutable std::uint64_t snapshots_ = 0;
};

class MemoryIndex final : public engine::IndexSink {
 public:
  explicit MemoryIndex(MemoryStore& store) : store_(store) {}

  void Put(std::string key, std::string value) override {
    ++writes_;
    store_.rows()[std::move(key)] = std::move(value);
  }
  void Delete(std::string key) override {
    ++writes_;
    store_.rows().erase(key);
  }
  void Add(std::string_view key, std::int64_t delta) override {
    ++writes_;
    auto& rows = store_.rows();
    const auto row = rows.try_emplace(std::string(key)).first;
    const std::int64_t sum = std::bit_cast<std::int64_t>(ReadLittleEndian(row->second)) + delta;
    if (sum == 0) {
      rows.erase(row);
      return;
    }
    row->second.clear();
    AppendLittleEndian(row->second, std::bit_cast<std::uint64_t>(sum));
  }

  std::uint64_t writes() const { return writes_; }

 private:
  MemoryStore& store_;
  std::uint64_t writes_ = 0;
};

}  // namespace motcua::testing_support
