// Goal: RocksStore keeps rows, tells an unclean end, another format and damage, and never serves a
// wrong row.
// Method: the real RocksDB on real files in a folder per test; files are removed, shortened and
// changed between two openings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include "tests/integration/rocksdb/rocks_store_testing.h"

namespace motcua::rocks {
namespace {

using ::testing::ElementsAre;
using testing::FilesLike;

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

TEST_F(RocksStoreTest, AnotherFormatIsKeptWhereItIsAdopted) {
  RocksStoreOptions options;
  options.format = "1";
  {
    const auto store = RocksStore::Open(directory(), options);
    ASSERT_TRUE(store.ok());
    ASSERT_TRUE((*store)->Write({{"a", "1"}}).ok());
    ASSERT_TRUE((*store)->Close().ok());
  }
  options.format = "2";
  options.adopts = [](std::string_view stored, const engine::StateStore& rows) {
    return Result<bool>(stored == "1" && rows.Get("a")->has_value());
  };
  for (int opened = 0; opened < 2; ++opened) {
    const auto store = RocksStore::Open(directory(), options);
    ASSERT_TRUE(store.ok());
    EXPECT_FALSE((*store)->rebuilt());
    EXPECT_EQ(*(*store)->Get("a"), "1");
    ASSERT_TRUE((*store)->Close().ok());
    options.adopts = {};  // from now on it has the new format
  }
  options.format = "3";
  EXPECT_TRUE((*RocksStore::Open(directory(), options))->rebuilt());
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
          // Found before it serves, or by the check that goes on beside: then at the next opening.
          AwaitChecked(*store);
          EXPECT_TRUE(store->rebuilt() || store->damaged());
          ExpectNothingWrong(*store);
          if (!store->rebuilt()) {
            store.reset();
            store = Open();
            EXPECT_TRUE(store->rebuilt());
          }
        }
        ExpectNothingWrong(*store);
        EXPECT_TRUE(std::filesystem::exists(temp_ / "store.damaged") || !store->rebuilt());
      }
    }
    Restore();
  }
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

}  // namespace
}  // namespace motcua::rocks
