// Goal: the instants of a LocalLog do not follow a wall clock that is set, are kept with the
//       records, and a log of the first format still opens, its records without an instant (C10).
// Method: LogClock over readings by hand; LocalLog over the same on real files; records of the
//         first format are written through LogDisk, which still writes them.
#include "services/platform/rocksdb/log_clock.h"

#include <gtest/gtest.h>

#include "services/platform/rocksdb/local_log.h"
#include "services/platform/rocksdb/log_disk.h"
#include "services/platform/rocksdb/log_record.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/integration/rocksdb/log_testing.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {
namespace {

using engine::TakenRecord;
using std::chrono::hours;
using std::chrono::seconds;
using testing::AppendNow;
using testing::FakeRecord;

constexpr Instant kStart{1'800'000'000'000'000};

class HandReading {
 public:
  ReadClocks reader() {
    return [this] { return reading; };
  }
  void Pass(Micros time) {
    reading.wall = reading.wall + time;
    reading.passed += time;
  }
  ClockReading reading{kStart, Micros(0)};
};

TEST(LogClock, Faults_C10_AWallClockThatIsSetDoesNotTakeTheLogAlong) {
  HandReading hand;
  LogClock clock(hand.reader(), std::nullopt);
  EXPECT_EQ(clock.Next(), kStart);
  hand.Pass(seconds(10));
  EXPECT_EQ(clock.Next(), kStart + seconds(10));
  hand.reading.wall = hand.reading.wall + hours(24 * 30);
  hand.Pass(seconds(5));
  // Led by half a thousandth at most.
  const Micros led = Micros(seconds(5)) * kSlewPpm / 1'000'000;
  EXPECT_EQ(clock.Next(), kStart + seconds(15) + led);
  hand.reading.wall = hand.reading.wall - hours(24 * 400);
  hand.Pass(seconds(100));
  const Instant behind = clock.Next();
  EXPECT_EQ(behind, kStart + seconds(115) + led - Micros(seconds(100)) * kSlewPpm / 1'000'000);
  // It never goes back, not even where no time passes.
  EXPECT_EQ(clock.Next(), behind);
  hand.reading.passed -= seconds(1);
  EXPECT_EQ(clock.Next(), behind);
}

TEST(LogClock, FollowsAClockThatDrifts) {
  HandReading hand;
  LogClock clock(hand.reader(), std::nullopt);
  for (int i = 0; i < 1000; ++i) {
    hand.Pass(seconds(1));
    hand.reading.wall = hand.reading.wall + Micros(100);
    EXPECT_EQ(clock.Next(), hand.reading.wall);
  }
}

TEST(LogClock, Faults_C10_AfterARestartAnOddWallClockIsNotBelievedUntilItIsSet) {
  for (const Instant odd : {Instant{0}, kStart - hours(1), kStart + kRestMax + hours(1)}) {
    HandReading hand;
    hand.reading.wall = odd;
    LogClock clock(hand.reader(), kStart);
    EXPECT_FALSE(clock.anchored());
    hand.Pass(seconds(3));
    EXPECT_EQ(clock.Next(), kStart + seconds(3));
    hand.reading.wall = kStart + hours(7);
    EXPECT_EQ(clock.Next(), kStart + hours(7));
    EXPECT_TRUE(clock.anchored());
  }
  HandReading hand;
  hand.reading.wall = kStart + hours(24 * 200);
  LogClock rested(hand.reader(), kStart);
  EXPECT_TRUE(rested.anchored());
  EXPECT_EQ(rested.Next(), hand.reading.wall);
}

TEST(LogRecord, HoldsItsInstantUnderItsSeal) {
  for (const std::optional<Instant> appended : {std::optional(kStart), std::optional<Instant>()}) {
    const std::string bytes = "a record";
    const LogEnding ending = MakeEnding(3, 7, bytes, appended);
    const std::string value = bytes + std::string(ending.text());
    const auto parsed = ParseValue(3, 7, value);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->bytes, bytes);
    EXPECT_EQ(parsed->appended, appended);
    EXPECT_EQ(ParseValue(3, 8, value).status().reason(), Reason::kLogDamaged);
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::string flipped = value;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      EXPECT_EQ(ParseValue(3, 7, flipped).status().reason(), Reason::kLogDamaged) << i;
      EXPECT_EQ(ParseValue(3, 7, value.substr(0, i)).status().reason(), Reason::kLogDamaged) << i;
    }
  }
}

class LocalLogClockTest : public ::testing::Test {
 protected:
  std::unique_ptr<LocalLog> Open(bool trust_clock = false) {
    LocalLogOptions options;
    options.clocks = hand_.reader();
    options.trust_clock = trust_clock;
    auto log = LocalLog::Open(folder(), 1, codec_, options);
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    return log.ok() ? std::move(log).value() : nullptr;
  }
  std::vector<std::optional<Instant>> Appended(LocalLog& log) {
    std::vector<std::optional<Instant>> all;
    while (true) {
      const auto chunk = log.Read(0, all.size());
      EXPECT_TRUE(chunk.ok());
      if (!chunk.ok() || (*chunk)->entries.empty()) return all;
      for (const engine::LogEntry& entry : (*chunk)->entries) {
        if (entry.offset == all.size()) all.push_back(entry.appended);
      }
    }
  }
  std::filesystem::path folder() const { return temp_ / "log"; }

  testing::TempDir temp_;
  testing::FakeCodec codec_;
  HandReading hand_;
};

TEST_F(LocalLogClockTest, EveryReaderSeesTheSameInstantAlsoAfterARestart) {
  std::vector<std::optional<Instant>> before;
  {
    const auto log = Open();
    AppendNow(*log, 0, {FakeRecord("A", 1), FakeRecord("A", 2)});
    hand_.Pass(seconds(1));
    AppendNow(*log, 0, {FakeRecord("A", 3)});
    before = {kStart, kStart, kStart + seconds(1)};
    EXPECT_EQ(Appended(*log), before);
  }
  // A machine without a clock starts again.
  hand_.reading.wall = Instant{0};
  const auto log = Open();
  EXPECT_EQ(Appended(*log), before);
  AppendNow(*log, 0, {FakeRecord("A", 4)});
  before.emplace_back(kStart + seconds(1));
  EXPECT_EQ(Appended(*log), before);
}

// What an operator is told who starts a log of years ago, or a machine that woke up in 1970.
TEST_F(LocalLogClockTest, AClockThatIsNotBelievedIsSaidAtOpening) {
  {
    const auto log = Open();
    AppendNow(*log, 0, {FakeRecord("A", 1)});
    EXPECT_FALSE(log->clock_doubted_since());
  }
  for (const Instant wall : {kStart + kRestMax + seconds(1), Instant{0}}) {
    hand_.reading.wall = wall;
    EXPECT_EQ(Open()->clock_doubted_since(), kStart);
    EXPECT_FALSE(Open(/*trust_clock=*/true)->clock_doubted_since());
  }
}

TEST_F(LocalLogClockTest, ALogOfTheFirstFormatOpensAndItsRecordsAreTrusted) {
  const std::string first = FakeRecord("A", 1);
  {
    auto disk = LogDisk::Open(folder(), 1, {});
    ASSERT_TRUE(disk.ok());
    const std::vector<PlacedRecord> placed = {{0, 0, first}};
    ASSERT_TRUE((*disk)->Commit(placed).status.ok());
    EXPECT_FALSE((*disk)->LastAppended().value());
  }
  const auto log = Open();
  AppendNow(*log, 0, {FakeRecord("A", 2)});
  EXPECT_EQ(Appended(*log), (std::vector<std::optional<Instant>>{std::nullopt, kStart}));
}

}  // namespace
}  // namespace motcua::rocks
