// The contract of engine::EventLog as tests: what a reader and a writer may rely on whatever log is
// behind the port. Include it in one file of a test program, which names its world:
//
//   INSTANTIATE_TEST_SUITE_P(LocalLog, EventLogContract, ::testing::Values(MakeLocalWorld));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/engine/ports.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/event_log_testing.h"

namespace motcua::testing {

// Where a log lives: opened again it holds what it held.
class LogWorld {
 public:
  virtual ~LogWorld() = default;
  virtual std::unique_ptr<engine::EventLog> Open(engine::PartitionId partitions) = 0;
  FakeCodec codec;
};
// LOG_UNAVAILABLE: what the log needs cannot be had on this machine; its tests are skipped.
using MakeLogWorld = Result<std::unique_ptr<LogWorld>> (*)();

class EventLogContract : public ::testing::TestWithParam<MakeLogWorld> {
 protected:
  void SetUp() override {
    auto made = GetParam()();
    if (made.status().reason() == Reason::kLogUnavailable) GTEST_SKIP() << made.status().message();
    ASSERT_TRUE(made.ok()) << made.status().ToString();
    world_ = std::move(made).value();
  }

  static void AppendVersions(engine::EventLog& log, engine::PartitionId partition,
                             const std::string& dossier, std::uint32_t first, std::uint32_t last,
                             std::size_t bytes = 0) {
    std::vector<std::string> records;
    for (std::uint32_t v = first; v <= last; ++v) records.push_back(FakeRecord(dossier, v, bytes));
    const auto answer = StartAppend(log, partition, std::move(records)).get();
    ASSERT_EQ(answer.outcome, engine::AppendOutcome::kAppended) << answer.status.ToString();
  }
  // The partition holds versions 1..last of one dossier, in order.
  static void ExpectVersions(engine::EventLog& log, engine::PartitionId partition,
                             const std::string& dossier, std::uint32_t last) {
    PartitionReader reader(log, partition);
    const Status read = reader.ReadToEnd();
    ASSERT_TRUE(read.ok()) << read.ToString();
    ASSERT_EQ(reader.events.size(), last);
    for (std::uint32_t v = 1; v <= last; ++v) {
      ASSERT_EQ(reader.events[v - 1], dossier + " " + std::to_string(v));
    }
  }

  std::unique_ptr<LogWorld> world_;
};

TEST_P(EventLogContract, ReadsBackWhatWasAppendedAlsoAfterReopening) {
  {
    const auto log = world_->Open(3);
    AppendVersions(*log, 0, "A", 1, 3);
    AppendVersions(*log, 2, "B", 1, 1);
    ExpectVersions(*log, 0, "A", 3);
  }
  const auto log = world_->Open(3);
  EXPECT_EQ(log->partitions(), 3);
  ExpectVersions(*log, 0, "A", 3);
  ExpectVersions(*log, 1, "-", 0);
  ExpectVersions(*log, 2, "B", 1);
}

TEST_P(EventLogContract, TheEndIsBehindTheLastRecordThatCanBeRead) {
  const auto log = world_->Open(2);
  const engine::Offset begin = EndOf(*log, 0).value();
  AppendVersions(*log, 0, "A", 1, 5);
  EXPECT_EQ(EndOf(*log, 0).value(), begin + 5);
  EXPECT_EQ(EndOf(*log, 1).value(), begin);
  PartitionReader reader(*log, 0);
  ASSERT_TRUE(reader.ReadToEnd().ok());
  EXPECT_EQ(reader.next(), begin + 5);
}

TEST_P(EventLogContract, AReaderGoesOnWhereItWas) {
  auto log = world_->Open(1);
  AppendVersions(*log, 0, "A", 1, 10);
  PartitionReader first(*log, 0);
  ASSERT_TRUE(first.ReadToEnd().ok());
  const engine::Offset fifth = first.offsets[4];
  PartitionReader back(*log, 0, fifth);
  ASSERT_TRUE(back.ReadToEnd().ok());
  EXPECT_EQ(back.events.size(), 6u);
  EXPECT_EQ(back.events.front(), "A 5");
  EXPECT_EQ(back.offsets.front(), fifth);
}

TEST_P(EventLogContract, BytesThatAreNoEventAreAnEntryWithoutOne) {
  const auto log = world_->Open(1);
  StartAppend(*log, 0, {"rubbish", FakeRecord("A", 1)}).wait();
  PartitionReader reader(*log, 0);
  ASSERT_TRUE(reader.ReadToEnd().ok());
  EXPECT_THAT(reader.events, ::testing::ElementsAre("?", "A 1"));
}

TEST_P(EventLogContract, RefusesTooLargeRecordsAndTakesTheLargest) {
  const auto log = world_->Open(1);
  const auto refused = StartAppend(*log, 0, {std::string(engine::kRecordBytesMax + 1, 'x')}).get();
  EXPECT_EQ(refused.outcome, engine::AppendOutcome::kNotAppended);
  EXPECT_EQ(refused.status.reason(), Reason::kLimitExceeded);
  for (std::uint32_t v = 1; v <= 40; ++v) {
    AppendVersions(*log, 0, "A", v, v, engine::kRecordBytesMax);
  }
  ExpectVersions(*log, 0, "A", 40);
}

TEST_P(EventLogContract, AnAppendOfNothingIsDoneAtOnce) {
  const auto log = world_->Open(1);
  EXPECT_EQ(StartAppend(*log, 0, {}).get().outcome, engine::AppendOutcome::kAppended);
}

// Many appends in flight at once, each answered once; the log has them in the order of the calls.
TEST_P(EventLogContract, PipelinedAppendsKeepTheirOrder) {
  constexpr std::uint32_t kAppends = 20'000;
  const auto log = world_->Open(1);
  std::vector<std::future<AppendOutcomeAnswer>> answers;
  for (std::uint32_t v = 1; v <= kAppends; ++v) {
    answers.push_back(StartAppend(*log, 0, {FakeRecord("A", v, 400)}));
  }
  for (auto& answer : answers) ASSERT_EQ(answer.get().outcome, engine::AppendOutcome::kAppended);
  ExpectVersions(*log, 0, "A", kAppends);
}

TEST_P(EventLogContract, SeveralWritersEachKeepTheirOrder) {
  constexpr std::uint32_t kWriters = 4;
  constexpr std::uint32_t kAppends = 1500;
  const auto log = world_->Open(2);
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (std::uint32_t w = 0; w < kWriters; ++w) {
    writers.emplace_back([&log, w] {
      const std::string name(1, static_cast<char>('A' + w));
      std::vector<std::future<AppendOutcomeAnswer>> answers;
      for (std::uint32_t v = 1; v <= kAppends; ++v) {
        answers.push_back(
            StartAppend(*log, static_cast<engine::PartitionId>(v % 2), {FakeRecord(name, v)}));
      }
      for (auto& answer : answers) {
        EXPECT_EQ(answer.get().outcome, engine::AppendOutcome::kAppended);
      }
    });
  }
  PartitionReader reader(*log, 0);
  const Status read = reader.ReadCount(kWriters * kAppends / 2);
  for (std::thread& writer : writers) writer.join();
  ASSERT_TRUE(read.ok()) << read.ToString();
  std::map<char, std::uint32_t> version;
  for (std::size_t i = 0; i < reader.events.size(); ++i) {
    if (i > 0) {
      ASSERT_LT(reader.offsets[i - 1], reader.offsets[i]);
    }
    const auto v = static_cast<std::uint32_t>(std::stoul(reader.events[i].substr(2)));
    ASSERT_EQ(v, version[reader.events[i][0]] + 2);
    version[reader.events[i][0]] = v;
  }
}

TEST_P(EventLogContract, AChunkIsBounded) {
  const auto log = world_->Open(1);
  AppendVersions(*log, 0, "A", 1, 3 * engine::kChunkRecordsMax);
  engine::Offset from = 0;
  Waker waker(*log);
  for (std::size_t seen = 0; seen < 3 * engine::kChunkRecordsMax;) {
    const auto chunk = log->Read(0, from);
    ASSERT_TRUE(chunk.ok()) << chunk.status().ToString();
    ASSERT_LE(chunk.value()->entries.size(), engine::kChunkRecordsMax);
    seen += chunk.value()->entries.size();
    from = chunk.value()->next;
    if (chunk.value()->entries.empty()) {
      ASSERT_TRUE(waker.Wait());
    }
  }
}

TEST_P(EventLogContract, AWatcherFindsTheRecordsAndIsNotCalledAfterUnwatch) {
  const auto log = world_->Open(1);
  {
    PartitionReader reader(*log, 0);
    ASSERT_TRUE(reader.ReadToEnd().ok());
    const auto answer = StartAppend(*log, 0, {FakeRecord("A", 1)});
    ASSERT_TRUE(reader.ReadCount(1).ok());  // only wakes bring it there
    answer.wait();
  }
  std::atomic<int> calls = 0;
  const auto token = log->Watch([&calls] { ++calls; });
  log->Unwatch(token);
  const int before = calls;
  AppendVersions(*log, 0, "A", 2, 3);
  ExpectVersions(*log, 0, "A", 3);
  EXPECT_EQ(calls, before);
}

TEST_P(EventLogContract, ClosingAnswersEveryAppend) {
  auto log = world_->Open(1);
  std::vector<std::future<AppendOutcomeAnswer>> answers;
  for (std::uint32_t v = 1; v <= 2000; ++v) {
    answers.push_back(StartAppend(*log, 0, {FakeRecord("A", v)}));
  }
  log.reset();
  for (auto& answer : answers) ASSERT_EQ(answer.get().outcome, engine::AppendOutcome::kAppended);
  log = world_->Open(1);
  ExpectVersions(*log, 0, "A", 2000);
}

}  // namespace motcua::testing
