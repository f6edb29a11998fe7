// SimStore: a state store that outlives its processes, and loses what a real one may lose: a suffix
// of the latest batches, each as a whole (engine/ports.h, StateStore). One thread.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/memory_store.h"

namespace motcua::simulation {

class SimStore final : public engine::StateStore {
 public:
  // Asked before each write; false: it fails and nothing was written.
  std::function<bool()> may_write;
  Status refusal{Reason::kLogUnavailable, "the disk was full for a moment"};
  // What it was folded as; a store of another format is put aside, as RocksStore does.
  std::string format;

  Status Write(const std::vector<engine::StoreWrite>& batch) override {
    if (may_write && !may_write()) {
      return refusal;
    }
    Undo undo;
    for (const engine::StoreWrite& write : batch) {
      const auto row = store_.rows().find(write.key);
      undo.emplace_back(write.key,
                        row == store_.rows().end() ? std::optional<std::string>() : row->second);
    }
    if (undos_.size() == kUndosMax) undos_.pop_front();
    undos_.push_back(std::move(undo));
    return store_.Write(batch);
  }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    return store_.Get(key);
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    return store_.Scan(from, to, visit);
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    return store_.ScanBackward(from, to, visit);
  }
  Result<std::unique_ptr<const StateStore>> Snapshot() const override { return store_.Snapshot(); }

  // The machine lost its power: the latest batches, at most `batches_max`, never happened.
  void LoseLatest(std::size_t batches_max) {
    for (; batches_max > 0 && !undos_.empty(); --batches_max) {
      const Undo undo = std::move(undos_.back());
      undos_.pop_back();
      // A key that stands twice in a batch: its first undo is the oldest.
      std::for_each(undo.rbegin(), undo.rend(), [this](const auto& row) {
        if (row.second) {
          store_.rows()[row.first] = *row.second;
        } else {
          store_.rows().erase(row.first);
        }
      });
    }
  }
  const testing_support::MemoryStore::Rows& rows() const { return store_.rows(); }

 private:
  using Undo = std::vector<std::pair<std::string, std::optional<std::string>>>;
  static constexpr std::size_t kUndosMax = 16;

  testing_support::MemoryStore store_;
  std::deque<Undo> undos_;
};

}  // namespace motcua::simulation
