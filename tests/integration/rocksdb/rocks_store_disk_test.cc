// Goal: a disk that is full or slow costs RocksStore neither rows nor its callers more than a short
// wait, and all goes on when it has room.
// Method: the real RocksDB on real files in a folder per test; the disk is FaultyEnv's, once
//         a tmpfs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/rocksdb/rocks_store_testing.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {
namespace {

TEST_F(RocksStoreTest, AFullDiskRefusesWithReasonLosesNothingAndGoesOn) {
  write_buffer_bytes_ = 64 * 1024;
  const auto store = Open();
  int batches = 0;
  const auto write = [&] {
    const std::string text = std::to_string(batches + 1);
    return store->Write({{"last", text}, {"batch " + text, std::string(2000, 'x')}});
  };
  for (int i = 0; i < 50; ++i, ++batches) ASSERT_TRUE(write().ok());
  faulty_.SetFull(true);
  Status status;
  while ((status = write()).reason() != Reason::kLogUnavailable) {
    if (!status.ok()) {
      ASSERT_EQ(status.reason(), Reason::kOverloaded) << status.ToString();
      continue;
    }
    ASSERT_LT(++batches, 10000);
  }
  EXPECT_FALSE(write().ok());
  EXPECT_EQ(store->Get("last").value(), std::to_string(batches));
  EXPECT_FALSE(store->damaged());
  faulty_.SetFull(false);
  while (!(status = write()).ok()) {
    ASSERT_TRUE(IsRefusal(status)) << status.ToString();
    std::this_thread::yield();
  }
  ++batches;
  for (int i = 0; i < 200; ++i, ++batches) {
    while ((status = write()).reason() == Reason::kOverloaded) std::this_thread::yield();
    ASSERT_TRUE(status.ok()) << status.ToString();
  }
  ASSERT_TRUE(store->Flush().ok());
  for (int batch = 1; batch <= batches; ++batch) {
    ASSERT_TRUE(store->Get("batch " + std::to_string(batch)).value().has_value()) << batch;
  }
  EXPECT_EQ(store->Get("last").value(), std::to_string(batches));
  // And it is durable: nothing of it is in memory only.
  ASSERT_TRUE(store->Close().ok());
  const auto again = Open();
  EXPECT_FALSE(again->rebuilt()) << again->rebuilt_reason();
  EXPECT_EQ(again->Get("last").value(), std::to_string(batches));
}

// Review 4.11: a disk that takes its time kept the loop for half a minute.
TEST_F(RocksStoreTest, ADiskThatIsBehindKeepsNoWriterWaiting) {
  write_buffer_bytes_ = 64 * 1024;
  const auto store = Open();
  faulty_.HoldTables(true);
  int batches = 0;
  const auto write = [&] {
    const std::string text = std::to_string(batches + 1);
    return store->Write({{"last", text}, {"batch " + text, std::string(2000, 'x')}});
  };
  Status status;
  while ((status = write()).ok()) ASSERT_LT(++batches, 10000);
  // It comes back though nothing is written: waiting for the disk would never end here.
  EXPECT_EQ(status.reason(), Reason::kOverloaded) << status.ToString();
  EXPECT_EQ(write().reason(), Reason::kOverloaded);
  EXPECT_EQ(store->Get("last").value(), std::to_string(batches)) << "readers go on";
  faulty_.HoldTables(false);
  while (!(status = write()).ok()) {
    ASSERT_EQ(status.reason(), Reason::kOverloaded) << status.ToString();
    std::this_thread::yield();
  }
  ++batches;
  ASSERT_TRUE(store->Close().ok());
  const auto again = Open();
  EXPECT_EQ(again->Get("last").value(), std::to_string(batches));
}

TEST_F(RocksStoreTest, AFullDiskRefusesACopyAndIsNotWaitedFor) {
  const auto store = Open();
  ASSERT_TRUE(store->Write({{"a", "1"}}).ok());
  faulty_.SetFull(true);
  const Status refused = store->CopyTo(temp_ / "copy");
  EXPECT_EQ(refused.reason(), Reason::kLogUnavailable) << refused.ToString();
  faulty_.SetFull(false);
  Status copied = refused;
  while (copied.reason() == Reason::kLogUnavailable) {
    std::filesystem::remove_all(temp_ / "copy");
    copied = store->CopyTo(temp_ / "copy");
  }
  EXPECT_TRUE(copied.ok()) << copied.ToString();
}

// The stores of a process share RocksDB's threads, so that a flush may be queued behind the failed
// one of another store. A resume that failed meanwhile used to leave such a flush where nobody
// looks for it, and the next resume waited for it without end: now and then one of the five
// services did not stop.
TEST_F(RocksStoreTest, StoresThatFillTheirDiskTogetherAllGoOnAndClose) {
  constexpr std::size_t kStores = 5;
  constexpr int kRounds = 3;
  std::atomic<bool> stop = false;
  std::atomic<int> round = 0;
  // The latest round in which each store took, and refused, a batch.
  std::array<std::atomic<int>, kStores> taken_in{};
  std::array<std::atomic<int>, kStores> refused_in{};
  std::array<int, kStores> batches{};
  std::vector<std::thread> writers;
  writers.reserve(kStores);
  const auto open = [&](std::size_t store) {
    RocksStoreOptions options;
    options.format = "1";
    options.write_buffer_bytes = 64 * 1024;
    options.env = faulty_.env();
    return RocksStore::Open(temp_ / std::to_string(store), options).value();
  };
  for (std::size_t i = 0; i < kStores; ++i) {
    writers.emplace_back([&, i, store = open(i)] {
      while (!stop) {
        const int now = round;
        const std::string text = std::to_string(batches[i] + 1);
        const Status status =
            store->Write({{"last", text}, {"batch " + text, std::string(2000, 'x')}});
        if (status.ok()) {
          ++batches[i];
          taken_in[i] = now;
        } else {
          EXPECT_TRUE(IsRefusal(status)) << status.ToString();
          if (status.reason() == Reason::kLogUnavailable) refused_in[i] = now;
          std::this_thread::yield();
        }
      }
      const Status closed = store->Close();
      EXPECT_TRUE(closed.ok() || closed.reason() == Reason::kLogUnavailable) << closed.ToString();
    });
  }
  const auto wait_for_all = [&](const auto& seen_in) {
    while (std::any_of(seen_in.begin(), seen_in.end(),
                       [&](const std::atomic<int>& seen) { return seen != round; })) {
      std::this_thread::yield();
    }
  };
  for (round = 1; round <= kRounds; ++round) {
    wait_for_all(taken_in);
    faulty_.SetFull(true);
    wait_for_all(refused_in);
    faulty_.SetFull(false);
  }
  stop = true;
  for (std::thread& writer : writers) writer.join();
  for (std::size_t i = 0; i < kStores; ++i) {
    const auto store = open(i);
    EXPECT_FALSE(store->rebuilt()) << store->rebuilt_reason();
    const auto last = store->Get("last").value();
    ASSERT_TRUE(last.has_value());
    // What could not be flushed is missing as a whole, from the end.
    const int kept = std::stoi(*last);
    EXPECT_LE(kept, batches[i]);
    for (int batch = 1; batch <= batches[i]; ++batch) {
      const bool there = store->Get("batch " + std::to_string(batch)).value().has_value();
      ASSERT_EQ(there, batch <= kept) << "store " << i << ", batch " << batch;
    }
  }
}

// Services open their stores at once: none may reserve room that another needs for its first byte.
TEST(RocksStoreDiskTest, SeveralOpenAtOnceOnASmallDisk) {
  MOTCUA_REQUIRE_SMALL_DISK();
  const testing::TempDir temp;
  constexpr int kStores = 5;
  for (int round = 0; round < 10; ++round) {
    const testing::SmallDisk disk(temp / "disk", 12 * 1024 * 1024);
    ASSERT_TRUE(disk.mounted());
    std::array<Status, kStores> opened;
    std::vector<std::jthread> openers;
    for (int i = 0; i < kStores; ++i) {
      openers.emplace_back([&, i] {
        const auto store = RocksStore::Open(disk.folder() / std::to_string(i), {.format = "1"});
        opened.at(static_cast<std::size_t>(i)) = store.status();
      });
    }
    openers.clear();
    for (const Status& status : opened) EXPECT_TRUE(status.ok()) << status.ToString();
  }
}

}  // namespace
}  // namespace motcua::rocks
