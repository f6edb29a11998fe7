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
#include "services/engine/ports.h"
#include "services/engine/service.h"

namespace motcua::testing_support {

class MemoryStore final : public engine::StateStore {
 public:
  using Rows = std::map<std::string, std::string, std::less<>>;

  Status Write(const std::vector<engine::StoreWrite>& batch) override {
    for (const engine::StoreWrite& write : batch) {
      if (write.value) {
        rows_[write.key] = *write.value;
      } else {
        rows_.erase(write.key);
      }
    }
    return OkStatus();
  }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    const auto found = rows_.find(key);
    return found == rows_.end() ? std::optional<std::string>() : found->second;
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    ++scans_;
    if (from >= to) return OkStatus();
    const auto end = rows_.lower_bound(to);
    for (auto row = rows_.lower_bound(from); row != end; ++row) {
      ++rows_read_;
      if (!visit(row->first, row->second)) break;
    }
    return OkStatus();
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    ++scans_;
    if (from >= to) return OkStatus();
    const auto begin = rows_.lower_bound(from);
    for (auto row = rows_.lower_bound(to); row != begin;) {
      --row;
      ++rows_read_;
      if (!visit(row->first, row->second)) break;
    }
    return OkStatus();
  }
  Result<std::unique_ptr<const StateStore>> Snapshot() const override {
    ++snapshots_;
    return std::unique_ptr<const StateStore>(std::make_unique<MemoryStore>(*this));
  }

  const Rows& rows() const { return rows_; }
  Rows& rows() { return rows_; }
  // What scans have cost so far.
  std::uint64_t scans() const { return scans_; }
  std::uint64_t rows_read() const { return rows_read_; }
  // How many have been taken of it; what they read is not counted here.
  std::uint64_t snapshots() const { return snapshots_; }

 private:
  Rows rows_;
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
