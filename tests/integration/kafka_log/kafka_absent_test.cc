// Goal: a log opens while nobody leads some of its partitions (a service is restarted in such an
// hour): these are unavailable by name and refused at once, the others serve, and each comes to
// life with its leader, unless it turns out to be another log's.
// Method: three real brokers without copies, one of them killed; librdkafka's mock cluster, whose
// partitions lose their leader at a word.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "services/platform/kafka/kafka_log.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/await.h"
#include "tests/support/event_log_testing.h"
#include "tests/support/kafka.h"

namespace motcua::kafka {
namespace {

using engine::AppendOutcome;
using engine::PartitionId;
using Partitions = std::initializer_list<PartitionId>;
using testing::EndOf;
using testing::FakeRecord;
using testing::PartitionReader;
using testing::StartAppend;

constexpr std::chrono::seconds kPatience{90};

bool Eventually(const std::function<bool()>& condition) {
  return testing::Await(condition, kPatience);
}

AppendOutcome AppendOne(KafkaLog& log, PartitionId partition, std::uint32_t version) {
  return StartAppend(log, partition, {FakeRecord("A", version)}).get().outcome;
}

// What a service sees of a partition that nobody leads.
void ExpectAway(KafkaLog& log, PartitionId partition) {
  EXPECT_EQ(log.partition_health(partition).reason(), Reason::kLogUnavailable);
  EXPECT_EQ(EndOf(log, partition).status().reason(), Reason::kLogUnavailable);
  EXPECT_EQ(log.Read(partition, 0).status().reason(), Reason::kLogUnavailable);
  const auto refused = StartAppend(log, partition, {FakeRecord("A", 99)}).get();
  EXPECT_EQ(refused.outcome, AppendOutcome::kNotAppended);
  EXPECT_EQ(refused.status.reason(), Reason::kLogUnavailable);
}

void ExpectServes(KafkaLog& log, PartitionId partition, std::uint32_t version) {
  EXPECT_TRUE(log.partition_health(partition).ok());
  EXPECT_TRUE(EndOf(log, partition).ok());
  EXPECT_EQ(AppendOne(log, partition, version), AppendOutcome::kAppended);
}

class KafkaAbsentTest : public ::testing::Test {
 protected:
  const TopicNames names_ = testing::OwnTopics();
  testing::FakeCodec codec_;
};

TEST_F(KafkaAbsentTest, ABrokerThatIsDownKeepsNobodyFromOpening) {
  constexpr PartitionId kPartitions = 6;
  const auto started = testing::KafkaCluster::Start(3);
  MOTCUA_REQUIRE_KAFKA(started);
  testing::KafkaCluster& cluster = **started;
  const auto made = CreateTopics(testing::PlainConnection(cluster.bootstrap()),
                                 testing::PlanOf(names_, kPartitions));
  ASSERT_TRUE(made.ok()) << made.status().ToString();
  testing::KafkaAdmin admin(cluster.bootstrap());
  // The first partition's: the one that says which log it is.
  const std::optional<int> node = admin.Leader(names_.case_events, 0);
  ASSERT_TRUE(node);
  std::set<PartitionId> away;
  for (PartitionId p = 0; p < kPartitions; ++p) {
    if (admin.Leader(names_.case_events, p) == node) away.insert(p);
  }
  ASSERT_LT(away.size(), kPartitions);
  ASSERT_TRUE(cluster.KillBroker(*node).ok());

  const auto opened =
      KafkaLog::Open(testing::OptionsOf(cluster.bootstrap(), names_.case_events), codec_);
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  KafkaLog& log = **opened;
  EXPECT_EQ(log.id(), made->id);
  EXPECT_EQ(log.partitions(), kPartitions);
  EXPECT_TRUE(log.health().ok()) << log.health().ToString();
  for (PartitionId p = 0; p < kPartitions; ++p) {
    SCOPED_TRACE(p);
    if (away.contains(p)) {
      ExpectAway(log, p);
    } else {
      ExpectServes(log, p, 1);
    }
  }

  ASSERT_TRUE(cluster.StartBroker(*node).ok());
  for (const PartitionId p : away) {
    SCOPED_TRACE(p);
    ASSERT_TRUE(Eventually([&] { return log.partition_health(p).ok(); }));
    ASSERT_TRUE(Eventually([&] { return AppendOne(log, p, 2) == AppendOutcome::kAppended; }));
    PartitionReader reader(log, p);
    ASSERT_TRUE(reader.ReadToEnd().ok());
    EXPECT_EQ(reader.events.back(), "A 2");
  }
}

class KafkaAbsentMockTest : public KafkaAbsentTest {
 protected:
  static constexpr std::int32_t kNobody = -1;

  KafkaAbsentMockTest()
      : host_(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0)),
        cluster_(rd_kafka_mock_cluster_new(host_.get(), 1)),
        brokers_(rd_kafka_mock_cluster_bootstraps(cluster_.get())) {}

  void MakeTopic(PartitionId partitions) {
    rd_kafka_mock_topic_create(cluster_.get(), names_.case_events.c_str(), partitions, 1);
  }
  void SetLeader(PartitionId partition, std::int32_t broker) {
    rd_kafka_mock_partition_set_leader(cluster_.get(), names_.case_events.c_str(), partition,
                                       broker);
  }
  Result<std::unique_ptr<KafkaLog>> Open() {
    return KafkaLog::Open(testing::OptionsOf(brokers_, names_.case_events), codec_);
  }

  ClientHandle host_;
  std::unique_ptr<rd_kafka_mock_cluster_t, Destroyer<rd_kafka_mock_cluster_destroy>> cluster_;
  const std::string brokers_;
};

TEST_F(KafkaAbsentMockTest, PartitionsWithoutALeaderAreUnavailableUntilTheyHaveOne) {
  MakeTopic(4);
  const auto genesis = WriteGenesis(testing::PlainConnection(brokers_), names_.case_events, 4);
  ASSERT_TRUE(genesis.ok()) << genesis.status().ToString();
  for (const PartitionId p : Partitions{0, 2}) SetLeader(p, kNobody);
  const auto opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  KafkaLog& log = **opened;
  EXPECT_EQ(log.id(), genesis->id);
  EXPECT_TRUE(log.health().ok());
  for (const PartitionId p : Partitions{0, 2}) ExpectAway(log, p);
  for (const PartitionId p : Partitions{1, 3}) ExpectServes(log, p, 1);
  for (const PartitionId p : Partitions{0, 2}) {
    SetLeader(p, 1);
    ASSERT_TRUE(Eventually([&] { return log.partition_health(p).ok(); }));
    ASSERT_TRUE(Eventually([&] { return AppendOne(log, p, 1) == AppendOutcome::kAppended; }));
  }
}

TEST_F(KafkaAbsentMockTest, WithoutAnyLeaderItIsTriedAgainLater) {
  MakeTopic(2);
  ASSERT_TRUE(WriteGenesis(testing::PlainConnection(brokers_), names_.case_events, 2).ok());
  for (const PartitionId p : Partitions{0, 1}) SetLeader(p, kNobody);
  EXPECT_EQ(Open().status().reason(), Reason::kLogUnavailable);
}

TEST_F(KafkaAbsentMockTest, APartitionThatComesBackAsAnotherLogsIsDamage) {
  MakeTopic(2);
  testing::KafkaAdmin admin(brokers_);
  for (const PartitionId p : Partitions{0, 1}) {
    const Genesis genesis{2, std::string(32, static_cast<char>('a' + p)), p};
    admin.Produce(names_.case_events, p, std::string(kGenesisKey), FormatGenesis(genesis));
    admin.Produce(names_.case_events, p, "A", FakeRecord("A", 1));
  }
  SetLeader(1, kNobody);
  const auto opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.status().ToString();
  KafkaLog& log = **opened;
  ExpectServes(log, 0, 2);
  ExpectAway(log, 1);
  SetLeader(1, 1);
  ASSERT_TRUE(Eventually([&] { return log.health().reason() == Reason::kLogDamaged; }));
  EXPECT_THAT(log.health().message(), ::testing::HasSubstr("belongs to another log"));
  EXPECT_EQ(log.Read(1, 0).status().reason(), Reason::kLogDamaged);
}

}  // namespace
}  // namespace motcua::kafka
