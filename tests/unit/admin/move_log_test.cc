// Goal: a moved log is the same log, or the move says where it is not; an interrupted move goes on.
// Method: logs in memory as both ends, one of them spoiled in each way there is.
#include "services/admin/move_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace motcua::admin {
namespace {

using engine::Offset;
using engine::PartitionId;

class MemoryRecords final : public RecordSource, public RecordTarget {
 public:
  using Partitions = std::vector<std::vector<engine::TakenRecord>>;

  MemoryRecords(Partitions partitions, Offset begin)
      : records(std::move(partitions)), begin_(begin) {}

  std::string name() const override { return "memory"; }
  std::string log_id() const override { return "0123456789abcdef0123456789abcdef"; }
  PartitionId partitions() const override { return static_cast<PartitionId>(records.size()); }
  Offset begin() const override { return begin_; }
  Offset end(PartitionId partition) const override { return begin_ + records[partition].size(); }
  // Three at a time, so that chunks of both ends do not lie side by side.
  Result<std::vector<engine::TakenRecord>> Read(PartitionId partition, Offset from) override {
    constexpr std::size_t kChunk = 3;
    const auto& all = records[partition];
    const std::size_t first = from - begin_;
    const std::size_t last = std::min(all.size(), first + kChunk + begin_);
    return std::vector<engine::TakenRecord>(all.begin() + static_cast<std::ptrdiff_t>(first),
                                            all.begin() + static_cast<std::ptrdiff_t>(last));
  }
  Status Append(PartitionId partition, std::vector<engine::TakenRecord> more) override {
    if (appends_left-- == 0) return Status(Reason::kLogUnavailable, "the broker is gone");
    auto& all = records[partition];
    all.insert(all.end(), more.begin(), more.end());
    return OkStatus();
  }
  Status Finish() override { return OkStatus(); }

  Partitions records;
  std::size_t appends_left = 1'000;

 private:
  const Offset begin_;
};

MemoryRecords::Partitions Sample() {
  MemoryRecords::Partitions partitions(3);
  for (int i = 0; i < 20; ++i) partitions[0].push_back({"a" + std::to_string(i), Instant{i}});
  for (int i = 0; i < 7; ++i) partitions[2].push_back({"c" + std::to_string(i), {}});
  return partitions;
}

const MoveProgress kSilent = [](MoveStep, std::uint64_t, std::uint64_t) {};

TEST(MoveLog, CarriesEveryRecordInItsOrder) {
  MemoryRecords from(Sample(), 0);
  MemoryRecords to(MemoryRecords::Partitions(3), 1);
  ASSERT_TRUE(ComparePrefix(from, to, kSilent).ok());
  ASSERT_TRUE(AppendRest(from, to, to, kSilent).ok());
  EXPECT_EQ(to.records, from.records);
  const auto moved = Verify(from, to, kSilent);
  ASSERT_TRUE(moved.ok()) << moved.status().ToString();
  ASSERT_EQ(moved->size(), 3U);
  EXPECT_EQ((*moved)[0].records, 20U);
  EXPECT_EQ((*moved)[1], (MovedPartition{0, 0}));
  EXPECT_NE((*moved)[0].hash, (*moved)[2].hash);
}

TEST(MoveLog, GoesOnWhereItStopped) {
  MemoryRecords from(Sample(), 0);
  MemoryRecords to(MemoryRecords::Partitions(3), 1);
  to.appends_left = 2;
  EXPECT_EQ(AppendRest(from, to, to, kSilent).reason(), Reason::kLogUnavailable);
  ASSERT_EQ(CountOf(to), 6U);
  to.appends_left = 1'000;
  ASSERT_TRUE(ComparePrefix(from, to, kSilent).ok());
  ASSERT_TRUE(AppendRest(from, to, to, kSilent).ok());
  EXPECT_TRUE(Verify(from, to, kSilent).ok());
}

TEST(MoveLog, ProgressEndsAtTheTotalOfEachStep) {
  MemoryRecords from(Sample(), 0);
  MemoryRecords to(Sample(), 1);
  to.records[0].resize(4);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> last(3);
  const MoveProgress progress = [&](MoveStep step, std::uint64_t done, std::uint64_t total) {
    last[static_cast<std::size_t>(step)] = {done, total};
  };
  ASSERT_TRUE(ComparePrefix(from, to, progress).ok());
  ASSERT_TRUE(AppendRest(from, to, to, progress).ok());
  ASSERT_TRUE(Verify(from, to, progress).ok());
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {
      {11, 11}, {16, 16}, {27, 27}};
  EXPECT_EQ(last, expected);
}

TEST(MoveLog, RefusesATargetThatIsNotABeginningOfTheSource) {
  MemoryRecords from(Sample(), 0);
  MemoryRecords other(Sample(), 1);
  other.records[0][5].bytes = "x";
  const Status differs = ComparePrefix(from, other, kSilent);
  EXPECT_EQ(differs.reason(), Reason::kFileInvalid);
  EXPECT_NE(differs.message().find("partition 0 holds another record number 5"), std::string::npos)
      << differs.message();

  MemoryRecords longer(Sample(), 1);
  longer.records[2].push_back({"c7", {}});
  EXPECT_EQ(ComparePrefix(from, longer, kSilent).reason(), Reason::kFileInvalid);

  MemoryRecords narrower(MemoryRecords::Partitions(2), 1);
  const Status partitions = ComparePrefix(from, narrower, kSilent);
  EXPECT_EQ(partitions.reason(), Reason::kFileInvalid);
  EXPECT_NE(partitions.message().find("motcua admin topics --partitions 3"), std::string::npos)
      << partitions.message();
}

TEST(MoveLog, VerificationFindsWhatIsMissingChangedSwappedOrDoubled) {
  MemoryRecords from(Sample(), 0);
  const auto spoiled = [&](const std::function<void(std::vector<engine::TakenRecord>&)>& spoil) {
    MemoryRecords to(Sample(), 1);
    spoil(to.records[0]);
    return Verify(from, to, kSilent).status().reason();
  };
  EXPECT_EQ(spoiled([](auto&) {}), Reason::kNone);
  EXPECT_EQ(spoiled([](auto& records) { records.pop_back(); }), Reason::kLogDamaged);
  EXPECT_EQ(spoiled([](auto& records) { records[19].bytes = "a"; }), Reason::kLogDamaged);
  EXPECT_EQ(spoiled([](auto& records) { records[7].appended.reset(); }), Reason::kLogDamaged);
  EXPECT_EQ(spoiled([](auto& records) { std::swap(records[3], records[4]); }), Reason::kLogDamaged);
  EXPECT_EQ(spoiled([](auto& records) { records.push_back(records.back()); }), Reason::kLogDamaged);
}

}  // namespace
}  // namespace motcua::admin
