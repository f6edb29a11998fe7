// Goal: LocalLog keeps order, loses nothing that it acknowledged, refuses with a reason, and
// notices every damage instead of serving it.
//
// Method: the real RocksDB on real files in a folder per test; a full disk and a failed sync
// come from FaultyEnv; damage is made by changing files between two openings. Crashes of the
// process: rocksdb_crash_test.cc.
#include "services/platform/rocksdb/local_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/integration/rocksdb/log_testing.h"
#include "tests/support/faulty_env.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {
namespace {

using engine::AppendOutcome;
using engine::Offset;
using testing::AppendLater;
using testing::AppendNow;
using testing::FakeRecord;
using testing::FilesLike;
using testing::FlipByte;
using testing::ReadAll;

class LocalLogTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<LocalLog>> TryOpen(engine::PartitionId partitions = 0) {
    options_.env = faulty_.env();
    return LocalLog::Open(directory(), partitions, codec_, options_);
  }
  std::unique_ptr<LocalLog> Open(engine::PartitionId partitions = 0) {
    auto log = TryOpen(partitions);
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    return log.ok() ? std::move(log).value() : nullptr;
  }
  std::filesystem::path directory() const { return temp_ / "log"; }
  // Appends versions `first`..`last` of dossier "A" to partition 0, one synced batch.
  static void AppendVersions(LocalLog& log, std::uint32_t first, std::uint32_t last,
                             std::size_t bytes = 0) {
    std::vector<std::string> records;
    for (std::uint32_t v = first; v <= last; ++v) records.push_back(FakeRecord("A", v, bytes));
    const auto answer = AppendNow(log, 0, std::move(records));
    ASSERT_EQ(answer.outcome, AppendOutcome::kAppended) << answer.status.ToString();
  }
  static void ExpectVersions(LocalLog& log, std::uint32_t last) {
    const auto events = ReadAll(log, 0);
    ASSERT_TRUE(events.ok()) << events.status().ToString();
    ASSERT_EQ(events->size(), last);
    for (std::uint32_t v = 1; v <= last; ++v) {
      ASSERT_EQ(events.value()[v - 1], "A " + std::to_string(v));
    }
  }

  testing::TempDir temp_;
  testing::FaultyEnv faulty_;
  testing::FakeCodec codec_;
  LocalLogOptions options_;
};

TEST_F(LocalLogTest, ReadsBackWhatWasAppendedAlsoAfterReopening) {
  std::string id;
  {
    const auto log = Open(3);
    AppendVersions(*log, 1, 3);
    ASSERT_EQ(AppendNow(*log, 2, {FakeRecord("B", 1)}).outcome, AppendOutcome::kAppended);
    ExpectVersions(*log, 3);
    id = log->id();
  }
  const auto log = Open();
  EXPECT_EQ(log->partitions(), 3);
  EXPECT_EQ(log->id(), id);
  EXPECT_EQ(id.size(), 32u);
  ExpectVersions(*log, 3);
  EXPECT_EQ(testing::EndOf(*log, 0), 3u);
  EXPECT_EQ(testing::EndOf(*log, 1), 0u);
  EXPECT_THAT(ReadAll(*log, 2).value(), ::testing::ElementsAre("B 1"));
  EXPECT_TRUE(log->Verify().ok());
}

TEST_F(LocalLogTest, RefusesAnotherNumberOfPartitions) {
  Open(4).reset();
  EXPECT_EQ(TryOpen(8).status().reason(), Reason::kFileInvalid);
  EXPECT_EQ(Open(4)->partitions(), 4);
  EXPECT_EQ(Open(0)->partitions(), 4);
}

TEST_F(LocalLogTest, ANewLogHasOnePartitionUnlessTold) { EXPECT_EQ(Open()->partitions(), 1); }

TEST_F(LocalLogTest, ASecondOpenerIsRefused) {
  const auto log = Open();
  EXPECT_EQ(TryOpen().status().reason(), Reason::kStoreInUse);
  AppendVersions(*log, 1, 1);
}

TEST_F(LocalLogTest, BytesThatAreNoEventAreAnEntryWithoutOne) {
  const auto log = Open();
  ASSERT_EQ(AppendNow(*log, 0, {"rubbish", FakeRecord("A", 1)}).outcome, AppendOutcome::kAppended);
  EXPECT_THAT(ReadAll(*log, 0).value(), ::testing::ElementsAre("?", "A 1"));
}

TEST_F(LocalLogTest, RefusesTooLargeRecordsAndTakesTheLargest) {
  const auto log = Open();
  const auto refused = AppendNow(*log, 0, {std::string(engine::kRecordBytesMax + 1, 'x')});
  EXPECT_EQ(refused.outcome, AppendOutcome::kNotAppended);
  EXPECT_EQ(refused.status.reason(), Reason::kLimitExceeded);
  for (std::uint32_t v = 1; v <= 40; ++v) {
    AppendVersions(*log, v, v, engine::kRecordBytesMax);
  }
  ExpectVersions(*log, 40);
}

TEST_F(LocalLogTest, LargeRecordsAreReadBackFromDiskInCutBlocks) {
  {
    const auto log = Open();
    for (std::uint32_t v = 1; v <= 40; ++v) AppendVersions(*log, v, v, engine::kRecordBytesMax);
  }
  const auto log = Open();
  ExpectVersions(*log, 40);
  const auto chunk = log->Read(0, 39);
  ASSERT_TRUE(chunk.ok());
  EXPECT_EQ(chunk.value()->next, 40u);
}

// Several threads append while several read: every reader sees the same order, each writer's own
// order is kept, offsets have no gap.
TEST_F(LocalLogTest, ManyWritersAndReadersSeeOneOrder) {
  constexpr std::uint32_t kWriters = 4;
  constexpr std::uint32_t kReaders = 3;
  constexpr std::uint32_t kAppends = 1500;
  options_.tail_records_max = 512;  // so that readers also fall out of the tail onto the disk
  options_.cached_blocks_max = 2;
  const auto log = Open(2);
  std::vector<std::thread> threads;
  threads.reserve(2 * kWriters);
  for (std::uint32_t w = 0; w < kWriters; ++w) {
    threads.emplace_back([&log, w] {
      const std::string name(1, static_cast<char>('A' + w));
      std::future<testing::AppendAnswer> last;
      for (std::uint32_t v = 1; v <= kAppends; ++v) {
        last = AppendLater(*log, static_cast<engine::PartitionId>(v % 2), {FakeRecord(name, v)});
        if (v % 64 == 0) last.wait();
      }
      EXPECT_EQ(last.get().outcome, AppendOutcome::kAppended);
    });
  }
  std::vector<std::vector<std::string>> seen(kReaders);
  for (std::uint32_t r = 0; r < kReaders; ++r) {
    threads.emplace_back([&log, &mine = seen[r]] {
      std::mutex mutex;
      std::condition_variable changed;
      bool woken = false;
      const auto token = log->Watch([&] {
        const std::lock_guard lock(mutex);
        woken = true;
        changed.notify_one();
      });
      for (Offset from = 0; mine.size() < kWriters * kAppends / 2;) {
        const auto chunk = log->Read(0, from);
        ASSERT_TRUE(chunk.ok()) << chunk.status().ToString();
        if (chunk.value()->entries.empty()) {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&woken] { return std::exchange(woken, false); });
        }
        for (const engine::LogEntry& entry : chunk.value()->entries) {
          if (entry.offset < from) continue;
          ASSERT_EQ(entry.offset, mine.size());
          mine.push_back(entry.event->dossier.value() + " " +
                         std::to_string(entry.event->version()));
        }
        from = chunk.value()->next;
      }
      log->Unwatch(token);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<char, std::uint32_t> version;
  for (const std::string& event : seen[0]) {
    const auto v = static_cast<std::uint32_t>(std::stoul(event.substr(2)));
    EXPECT_LT(version[event[0]], v);
    version[event[0]] = v;
  }
  for (std::uint32_t r = 1; r < kReaders; ++r) EXPECT_EQ(seen[r], seen[0]);
  EXPECT_EQ(testing::EndOf(*log, 0) + testing::EndOf(*log, 1), kWriters * kAppends);
}

TEST_F(LocalLogTest, RecordsAreDecodedOnceForSeveralReaders) {
  const auto log = Open();
  AppendVersions(*log, 1, 1000);
  std::array<std::thread, 5> readers;
  for (std::thread& reader : readers) reader = std::thread([&log] { ExpectVersions(*log, 1000); });
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(codec_.decoded, 1000u);
}

TEST_F(LocalLogTest, AReplayBySeveralReadersSharesItsBlocks) {
  {
    const auto log = Open();
    AppendVersions(*log, 1, 3000);
  }
  const auto log = Open();
  for (int r = 0; r < 5; ++r) ExpectVersions(*log, 3000);
  EXPECT_EQ(codec_.decoded, 3000u);
  // The block at the end has grown since it was cached.
  AppendVersions(*log, 3001, 3010);
  ExpectVersions(*log, 3010);
}

TEST_F(LocalLogTest, AFullQueueRefusesAtOnceAndAClosingLogAnswersEverything) {
  options_.queued_records_max = 100;
  auto log = Open();
  // The writer is held inside the first answer, so what follows stays queued.
  std::promise<void> held;
  std::promise<void> release;
  log->Append(0, {FakeRecord("A", 1)}, [&](AppendOutcome, const Status&) {
    held.set_value();
    release.get_future().wait();
  });
  held.get_future().wait();
  std::vector<std::future<testing::AppendAnswer>> queued;
  for (std::uint32_t v = 2; v <= 101; ++v) {
    queued.push_back(AppendLater(*log, 0, {FakeRecord("A", v)}));
  }
  const auto refused = AppendNow(*log, 0, {FakeRecord("A", 102)});
  EXPECT_EQ(refused.outcome, AppendOutcome::kNotAppended);
  EXPECT_EQ(refused.status.reason(), Reason::kOverloaded);
  EXPECT_EQ(log->stats().appends_refused, 1u);

  release.set_value();
  log.reset();
  for (auto& answer : queued) EXPECT_EQ(answer.get().outcome, AppendOutcome::kAppended);
  log = Open();
  ExpectVersions(*log, 101);
}

TEST_F(LocalLogTest, WatchersAreCalledAfterAnAppendAndNeverAfterUnwatch) {
  const auto log = Open();
  std::promise<Offset> woken;
  std::atomic<int> calls = 0;
  const auto token = log->Watch([&] {
    if (++calls == 1) woken.set_value(testing::EndOf(*log, 0));
  });
  AppendVersions(*log, 1, 1);
  EXPECT_EQ(woken.get_future().get(), 1u);
  log->Unwatch(token);
  AppendVersions(*log, 2, 2);
  AppendVersions(*log, 3, 3);
  EXPECT_EQ(calls, 1);
}

// ---- Full disk and failed sync ---------------------------------------------------------------

TEST_F(LocalLogTest, AFullDiskRefusesWithReasonLosesNothingAndGoesOn) {
  auto log = Open();
  AppendVersions(*log, 1, 10);
  faulty_.SetFull(true);
  for (int i = 0; i < 5; ++i) {
    const auto refused = AppendNow(*log, 0, {FakeRecord("A", 11)});
    EXPECT_EQ(refused.outcome, AppendOutcome::kNotAppended) << i;
    EXPECT_EQ(refused.status.reason(), Reason::kLogUnavailable);
    ExpectVersions(*log, 10);  // reading goes on
    EXPECT_EQ(log->health().reason(), Reason::kLogUnavailable);
  }
  EXPECT_GT(faulty_.refused(), 0u);
  faulty_.SetFull(false);
  // No append is needed for it to recover; but a caller's retry is refused until it has.
  testing::AppendAnswer answer;
  do {
    answer = AppendNow(*log, 0, {FakeRecord("A", 11)});
  } while (answer.outcome == AppendOutcome::kNotAppended);
  EXPECT_EQ(answer.outcome, AppendOutcome::kAppended);
  EXPECT_EQ(log->stats().recoveries, 1u);
  EXPECT_TRUE(log->health().ok());
  AppendVersions(*log, 12, 20);
  ExpectVersions(*log, 20);
  log = nullptr;
  log = Open();
  ExpectVersions(*log, 20);
}

TEST_F(LocalLogTest, ADiskThatFillsWhileAMemtableIsFlushedLosesNothing) {
  options_.write_buffer_bytes = 256 * 1024;
  auto log = Open();
  std::uint32_t version = 0;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 40; ++i) {
      AppendVersions(*log, version + 1, version + 100, 300);
      version += 100;
    }
    faulty_.SetFull(true);
    const auto refused = AppendNow(*log, 0, {FakeRecord("A", version + 1)});
    EXPECT_EQ(refused.outcome, AppendOutcome::kNotAppended);
    faulty_.SetFull(false);
    testing::AppendAnswer answer;
    do {
      answer = AppendNow(*log, 0, {FakeRecord("A", version + 1)});
    } while (answer.outcome == AppendOutcome::kNotAppended);
    ASSERT_EQ(answer.outcome, AppendOutcome::kAppended);
    ++version;
  }
  ExpectVersions(*log, version);
  log = nullptr;
  log = Open();
  ExpectVersions(*log, version);
}

TEST_F(LocalLogTest, AfterAFailedSyncTheAnswerIsWhatTheLogHolds) {
  auto log = Open();
  AppendVersions(*log, 1, 3);
  faulty_.FailNextSync();
  const auto answer = AppendNow(*log, 0, {FakeRecord("A", 4)});
  ASSERT_NE(answer.outcome, AppendOutcome::kUnknown);
  const std::uint32_t last = answer.outcome == AppendOutcome::kAppended ? 4 : 3;
  ExpectVersions(*log, last);
  AppendVersions(*log, last + 1, last + 5);
  log = nullptr;
  log = Open();
  ExpectVersions(*log, last + 5);
}

TEST_F(LocalLogTest, AnUnknownOutcomeIsSettledWhenTheDiskIsBackWithoutAnotherAppend) {
  auto log = Open();
  AppendVersions(*log, 1, 3);
  faulty_.FailNextSync(/*then_full=*/true);
  EXPECT_EQ(AppendNow(*log, 0, {FakeRecord("A", 4)}).outcome, AppendOutcome::kUnknown);
  ExpectVersions(*log, 3);  // not before it is known to be durable
  EXPECT_EQ(AppendNow(*log, 0, {FakeRecord("A", 5)}).outcome, AppendOutcome::kNotAppended);

  std::promise<void> settled;
  std::atomic<bool> told = false;
  const auto token = log->Watch([&] {
    if (testing::EndOf(*log, 0) == 4 && !told.exchange(true)) settled.set_value();
  });
  faulty_.SetFull(false);
  settled.get_future().wait();
  log->Unwatch(token);
  ExpectVersions(*log, 4);
  AppendVersions(*log, 5, 6);
  ExpectVersions(*log, 6);
  log = nullptr;
  log = Open();
  ExpectVersions(*log, 6);
}

// ---- Damage ----------------------------------------------------------------------------------

TEST_F(LocalLogTest, AMissingCurrentIsDamageNotANewLog) {
  {
    const auto log = Open();
    AppendVersions(*log, 1, 10);
  }
  std::filesystem::remove(directory() / "CURRENT");
  EXPECT_EQ(TryOpen().status().reason(), Reason::kLogDamaged);
  EXPECT_FALSE(FilesLike(directory(), ".sst").empty());
}

TEST_F(LocalLogTest, AFlippedByteOfAFileIsNoticedAndNeverServedWrong) {
  {
    const auto log = Open();
    AppendVersions(*log, 1, 5000, 200);
  }
  const auto files = FilesLike(directory(), ".sst");
  ASSERT_EQ(files.size(), 1u);
  const std::string good = testing::ReadFile(files[0]);
  for (std::size_t i = 0; i < 40; ++i) {
    testing::WriteFile(files[0], good);
    FlipByte(files[0], good.size() * i / 40 + i);
    auto log = TryOpen();
    if (!log.ok()) {
      EXPECT_EQ(log.status().reason(), Reason::kLogDamaged) << log.status().ToString();
      continue;
    }
    const auto events = ReadAll(*log.value(), 0);
    if (!events.ok()) {
      EXPECT_EQ(events.status().reason(), Reason::kLogDamaged) << events.status().ToString();
      continue;
    }
    // A byte that no reader needs (a property, padding): everything else must be right.
    ExpectVersions(*log.value(), 5000);
  }
}

TEST_F(LocalLogTest, AMissingOrShortenedFileIsNoticedAtOpening) {
  {
    const auto log = Open();
    AppendVersions(*log, 1, 5000, 200);
  }
  const auto files = FilesLike(directory(), ".sst");
  ASSERT_EQ(files.size(), 1u);
  const std::string good = testing::ReadFile(files[0]);
  testing::WriteFile(files[0], good.substr(0, good.size() / 2));
  EXPECT_EQ(TryOpen().status().reason(), Reason::kLogDamaged);
  std::filesystem::remove(files[0]);
  EXPECT_EQ(TryOpen().status().reason(), Reason::kLogDamaged);
  testing::WriteFile(files[0], good);
  ExpectVersions(*Open(), 5000);
}

// What a lost write-ahead log between two files would leave: both ends are there, the middle is
// not.
TEST_F(LocalLogTest, AStretchMissingInTheMiddleIsNoticedAtOpening) {
  {
    const auto log = Open();
    AppendVersions(*log, 1, 100);
  }
  {
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, directory().string(), &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    const std::string key("\0\0\0\0\0\0\0\0\0\x32", 10);
    std::string value;
    ASSERT_TRUE(db->Get({}, key, &value).ok());
    ASSERT_TRUE(db->Delete({}, key).ok());
    ASSERT_TRUE(db->CompactRange({}, nullptr, nullptr).ok());
  }
  EXPECT_EQ(TryOpen().status().reason(), Reason::kLogDamaged);
}

}  // namespace
}  // namespace motcua::rocks
