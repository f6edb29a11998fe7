// Goal: RocksStore keeps rows, tells an unclean end, another format and damage, and never serves a
// wrong row.
// Method: the real RocksDB on real files in a folder per test; files are removed, shortened and
// changed between two openings; a full disk comes from FaultyEnv.
#include "services/platform/rocksdb/rocks_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "services/platform/rocksdb/directory.h"
#include "tests/integration/rocksdb/log_testing.h"
#include "tests/support/faulty_env.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {
namespace {

using ::testing::ElementsAre;
using testing::FilesLike;

constexpr int kRows = 3000;

std::string Key(int row) { return "row " + std::to_string(100000 + row); }
std::string Value(int row) {
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

TEST_F(RocksStoreTest, KeepsRowsOverACleanClose) {
  {
    const auto store = Open();
    EXPECT_FALSE(store->rebuilt());
    ASSERT_TRUE(store->Write({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"b", std::nullopt}}).ok());
    ASSERT_TRUE(store->Write({{"c", "4"}, {"d", ""}, {"c", "5"}}).ok());
  }
  const auto store = Open();
  EXPECT_FALSE(store->rebuilt()) << store->rebuilt_reason();
  EXPECT_EQ(store->Get("a").value(), "1");
  EXPECT_EQ(store->Get("b").value(), std::nullopt);
  EXPECT_EQ(store->Get("c").value(), "5");
  EXPECT_EQ(store->Get("d").value(), "");
  EXPECT_GT(DirectoryBytes(directory()), 0u);
}

TEST_F(RocksStoreTest, ScansBothWaysWithinTheirBounds) {
  const auto store = Open();
  ASSERT_TRUE(store->Write({{"a", ""}, {"b1", ""}, {"b2", ""}, {"b3", ""}, {"c", ""}}).ok());
  EXPECT_THAT(KeysOf(*store, "b", "c", false, 9), ElementsAre("b1", "b2", "b3"));
  EXPECT_THAT(KeysOf(*store, "b", "c", true, 9), ElementsAre("b3", "b2", "b1"));
  EXPECT_THAT(KeysOf(*store, "b1", "b3", true, 9), ElementsAre("b2", "b1"));
  EXPECT_THAT(KeysOf(*store, "", "\xff\xff\xff", false, 2), ElementsAre("a", "b1"));
  EXPECT_THAT(KeysOf(*store, "b2", "\xff\xff\xff", true, 9), ElementsAre("c", "b3", "b2"));
  EXPECT_THAT(KeysOf(*store, "c", "b", false, 9), ElementsAre());
  EXPECT_THAT(KeysOf(*store, "x", "x", true, 9), ElementsAre());
}

TEST_F(RocksStoreTest, ManyRowsAreReadAsEachAlone) {
  Fill();
  const auto store = Open();
  ASSERT_TRUE(store->Write({{Key(10), "newer"}, {Key(20), {}}, {Key(kRows), "new"}}).ok());
  std::vector<std::string> keys;
  for (int row = 0; row <= kRows + 2; row += 2) keys.push_back(Key(row));
  const auto rows = store->GetMany(keys);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ((*rows)[i], *store->Get(keys[i])) << i;
  EXPECT_EQ((*rows)[5], "newer");
  EXPECT_EQ((*rows)[10], std::nullopt);
  EXPECT_EQ(rows->back(), std::nullopt);
  EXPECT_TRUE(store->GetMany({})->empty());
}

TEST_F(RocksStoreTest, AScanSeesOneMoment) {
  const auto store = Open();
  ASSERT_TRUE(store->Write({{"a", "1"}, {"b", "1"}, {"c", "1"}}).ok());
  std::string seen;
  ASSERT_TRUE(store
                  ->Scan("a", "z",
                         [&](std::string_view key, std::string_view value) {
                           seen.append(key).append(value);
                           EXPECT_TRUE(store->Write({{"b", "2"}, {"bb", "2"}}).ok());
                           return true;
                         })
                  .ok());
  EXPECT_EQ(seen, "a1b1c1");
}

TEST_F(RocksStoreTest, ASnapshotIsOfOneMomentInEveryReading) {
  const auto store = Open();
  ASSERT_TRUE(store->Write({{"a", "1"}, {"b", "1"}, {"c", "1"}}).ok());
  auto moment = store->Snapshot().value();
  ASSERT_TRUE(store->Write({{"a", "2"}, {"b", std::nullopt}, {"bb", "2"}}).ok());
  ASSERT_TRUE(store->Flush().ok());
  const auto all = [](const engine::StateStore& rows, bool forward) {
    std::string seen;
    const auto take = [&](std::string_view key, std::string_view value) {
      seen.append(key).append(value);
      return true;
    };
    EXPECT_TRUE((forward ? rows.Scan("a", "z", take) : rows.ScanBackward("a", "z", take)).ok());
    return seen;
  };
  EXPECT_EQ(all(*moment, true), "a1b1c1");
  EXPECT_EQ(all(*moment, false), "c1b1a1");
  EXPECT_EQ(*moment->Get("b"), "1");
  EXPECT_EQ(*moment->Get("bb"), std::nullopt);
  EXPECT_THAT(*moment->GetMany({"a", "b", "bb"}), ElementsAre("1", "1", std::nullopt));
  EXPECT_EQ(all(*store, true), "a2bb2c1");
  moment.reset();
  EXPECT_TRUE(store->Close().ok());
}

// A report of many scans while every batch changes all its rows.
TEST_F(RocksStoreTest, SnapshotsAreConsistentWhileWritingGoesOn) {
  const auto store = Open();
  constexpr int kBatches = 300;
  const auto batch = [](int number) {
    std::vector<engine::StoreWrite> rows;
    for (const char* key : {"a", "b", "c"}) rows.push_back({key, std::to_string(number)});
    return rows;
  };
  ASSERT_TRUE(store->Write(batch(0)).ok());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int number = 1; number <= kBatches; ++number)
      EXPECT_TRUE(store->Write(batch(number)).ok());
    done = true;
  });
  do {
    const auto moment = store->Snapshot().value();
    const auto first = *moment->Get("a");
    EXPECT_EQ(*moment->Get("b"), first);
    EXPECT_EQ(*moment->Get("c"), first);
  } while (!done);
  writer.join();
}

TEST_F(RocksStoreTest, AnotherFormatBeginsAnEmptyStore) {
  Fill();
  {
    const auto store = Open("2");
    EXPECT_TRUE(store->rebuilt());
    EXPECT_THAT(store->rebuilt_reason(), ::testing::HasSubstr("format"));
    EXPECT_EQ(store->Get(Key(1)).value(), std::nullopt);
  }
  EXPECT_FALSE(Open("2")->rebuilt());
}

TEST_F(RocksStoreTest, ASecondOpenerIsRefusedAndHarmsNothing) {
  Fill();
  const auto store = Open();
  EXPECT_EQ(TryOpen().status().reason(), Reason::kStoreInUse);
  EXPECT_EQ(TryOpen("2").status().reason(), Reason::kStoreInUse);
  ExpectNothingWrong(*store);
}

TEST_F(RocksStoreTest, AFolderOfSomethingElseIsRefusedAndLeftAlone) {
  Fill();
  for (const std::string name : {"HIGHWATER", "my thesis.odt"}) {
    testing::WriteFile(directory() / name, "precious");
    EXPECT_EQ(TryOpen("2").status().reason(), Reason::kFileInvalid);
    EXPECT_EQ(testing::ReadFile(directory() / name), "precious");
    std::filesystem::remove(directory() / name);
  }
  ExpectNothingWrong(*Open());
}

TEST_F(RocksStoreTest, EachFileRemovedShortenedOrChangedIsNoticed) {
  Fill();
  // With and without the mark of a clean end.
  for (const bool clean : {true, false}) {
    std::filesystem::remove_all(temp_ / "saved");
    if (!clean) std::filesystem::remove(directory() / "CLEAN");
    Save();
    for (const std::string affix : {".sst", "MANIFEST", "CURRENT"}) {
      for (int kind = 0; kind < 12; ++kind) {
        Restore();
        const auto files = FilesLike(directory(), affix);
        ASSERT_FALSE(files.empty());
        const std::string good = testing::ReadFile(files.back());
        if (kind == 0) std::filesystem::remove(files.back());
        if (kind == 1) testing::WriteFile(files.back(), good.substr(0, good.size() / 2));
        if (kind == 2) testing::WriteFile(files.back(), "");
        if (kind > 2) {
          const auto at = static_cast<std::size_t>(kind - 3) * good.size() / 9;
          testing::FlipByte(files.back(), at);
        }
        SCOPED_TRACE(affix + " kind " + std::to_string(kind) + (clean ? " clean" : " unclean"));
        auto store = Open();
        ASSERT_NE(store, nullptr);
        if (kind < 3 || affix != ".sst") {
          EXPECT_TRUE(store->rebuilt());
        } else if (!clean) {
          // It serves at once; what the check finds is rebuilt at the next opening.
          AwaitChecked(*store);
          EXPECT_TRUE(store->rebuilt() || store->damaged());
          ExpectNothingWrong(*store);
          store.reset();
          store = Open();
          EXPECT_TRUE(store->rebuilt());
        }
        ExpectNothingWrong(*store);
        EXPECT_TRUE(std::filesystem::exists(temp_ / "store.damaged") || !store->rebuilt());
      }
    }
    Restore();
  }
}

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

TEST_F(RocksStoreTest, AStoreThatWasKilledServesAtOnceAndIsCheckedMeanwhile) {
  Fill();
  std::filesystem::remove(directory() / "CLEAN");
  {
    const auto store = Open();
    EXPECT_FALSE(store->rebuilt());
    ExpectNothingWrong(*store);
    AwaitChecked(*store);
    EXPECT_FALSE(store->damaged());
    ASSERT_TRUE(store->Close().ok());
  }
  EXPECT_FALSE(Open()->checking()) << "a clean end needs no check";
}

TEST_F(RocksStoreTest, DamageThatACallHasSeenIsRebuiltAtTheNextOpening) {
  Fill();
  const auto tables = FilesLike(directory(), ".sst");
  testing::FlipByte(tables.back(), 100);
  auto store = Open();
  EXPECT_FALSE(store->rebuilt()) << "after a clean end nothing is read ahead";
  for (int row = 0; row < kRows && !store->damaged(); ++row) (void)store->Get(Key(row)).ok();
  ASSERT_TRUE(store->damaged());
  store.reset();
  store = Open();
  EXPECT_TRUE(store->rebuilt());
  store.reset();
  EXPECT_FALSE(Open()->rebuilt()) << "once";
}

TEST_F(RocksStoreTest, ACopyIsTheStoreOfOneMomentWhileWritingGoesOn) {
  const auto store = Open();
  std::atomic<bool> stop = false;
  // Rows that belong together are written together.
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      const std::string text = std::to_string(i);
      ASSERT_TRUE(store->Write({{"first", text}, {"last", text}, {Key(i % kRows), text}}).ok());
    }
  });
  while (!store->Get("last").value()) std::this_thread::yield();
  std::vector<int> seen;
  for (int copy = 0; copy < 5; ++copy) {
    const int before = std::stoi(*store->Get("last").value());
    const std::filesystem::path to = temp_ / ("copy " + std::to_string(copy));
    const Status copied = store->CopyTo(to);
    ASSERT_TRUE(copied.ok()) << copied.ToString();
    RocksStoreOptions options;
    options.format = "1";
    const auto opened = RocksStore::Open(to, options);
    ASSERT_TRUE(opened.ok()) << opened.status().ToString();
    EXPECT_FALSE((*opened)->rebuilt()) << (*opened)->rebuilt_reason();
    const std::string last = (*opened)->Get("last").value().value_or("");
    EXPECT_EQ((*opened)->Get("first").value(), last);
    EXPECT_GE(std::stoi(last), before) << "what was written before is in it";
    EXPECT_TRUE((*opened)->Write({{"last", "of the copy"}}).ok());
  }
  stop = true;
  writer.join();
  EXPECT_NE(store->Get("last").value(), "of the copy");
  EXPECT_EQ(store->CopyTo(temp_ / "copy 0").reason(), Reason::kLogUnavailable);
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

}  // namespace
}  // namespace motcua::rocks
