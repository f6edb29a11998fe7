// What the tests of RocksStore share: a store in a folder of the test's own, on a disk that can
// fail.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "tests/integration/rocksdb/log_testing.h"
#include "tests/support/faulty_env.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {

inline constexpr int kRows = 3000;

inline std::string Key(int row) { return "row " + std::to_string(100000 + row); }
inline std::string Value(int row) {
  return "value of " + std::to_string(row) + std::string(static_cast<std::size_t>(row % 50), '.');
}

class RocksStoreTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<RocksStore>> TryOpen(std::string format = "1") {
    RocksStoreOptions options;
    options.format = std::move(format);
    options.write_buffer_bytes = write_buffer_bytes_;
    options.env = faulty_.env();
    return RocksStore::Open(directory(), options);
  }
  std::unique_ptr<RocksStore> Open(std::string format = "1") {
    auto store = TryOpen(std::move(format));
    EXPECT_TRUE(store.ok()) << store.status().ToString();
    return store.ok() ? std::move(store).value() : nullptr;
  }
  void Fill() {
    const auto store = Open();
    std::vector<engine::StoreWrite> batch;
    for (int row = kRows; row-- > 0;) batch.push_back({Key(row), Value(row)});
    ASSERT_TRUE(store->Write(batch).ok());
    ASSERT_TRUE(store->Close().ok());
  }
  static void ExpectNothingWrongTogether(RocksStore& store) {
    std::vector<std::string> keys;
    keys.reserve(kRows);
    for (int row = 0; row < kRows; ++row) keys.push_back(Key(row));
    const auto rows = store.GetMany(keys);
    if (!rows.ok()) {
      EXPECT_EQ(rows.status().reason(), Reason::kStoreDamaged);
      EXPECT_TRUE(store.damaged());
      return;
    }
    for (int row = 0; row < kRows; ++row) {
      const std::optional<std::string>& value = (*rows)[static_cast<std::size_t>(row)];
      ASSERT_EQ(value, store.rebuilt() ? std::nullopt : std::optional(Value(row))) << row;
    }
  }
  // Every row is right, or gone with the store rebuilt, or reading says STORE_DAMAGED.
  static void ExpectNothingWrong(RocksStore& store) {
    ExpectNothingWrongTogether(store);
    for (int row = 0; row < kRows; row += 7) {
      const auto value = store.Get(Key(row));
      if (!value.ok()) {
        EXPECT_EQ(value.status().reason(), Reason::kStoreDamaged);
        EXPECT_TRUE(store.damaged());
        return;
      }
      if (store.rebuilt()) {
        ASSERT_FALSE(value->has_value());
      } else {
        ASSERT_TRUE(value->has_value()) << row;
        ASSERT_EQ(**value, Value(row));
      }
    }
  }
  static std::vector<std::string> KeysOf(const RocksStore& store, std::string_view from,
                                         std::string_view to, bool backward, std::size_t max) {
    std::vector<std::string> keys;
    const auto visit = [&](std::string_view key, std::string_view) {
      keys.emplace_back(key);
      return keys.size() < max;
    };
    EXPECT_TRUE(
        (backward ? store.ScanBackward(from, to, visit) : store.Scan(from, to, visit)).ok());
    return keys;
  }
  static bool IsRefusal(const Status& status) {
    return status.reason() == Reason::kLogUnavailable || status.reason() == Reason::kOverloaded;
  }
  static void AwaitChecked(const RocksStore& store) {
    while (store.checking()) std::this_thread::yield();
  }
  std::filesystem::path directory() const { return temp_ / "store"; }
  // A copy of the folder as it is, to begin each kind of damage from.
  void Save() {
    std::filesystem::copy(directory(), temp_ / "saved", std::filesystem::copy_options::recursive);
  }
  void Restore() {
    std::filesystem::remove_all(directory());
    std::filesystem::copy(temp_ / "saved", directory(), std::filesystem::copy_options::recursive);
  }

  testing::TempDir temp_;
  testing::FaultyEnv faulty_;
  std::size_t write_buffer_bytes_ = 1024 * 1024;
};

}  // namespace motcua::rocks
