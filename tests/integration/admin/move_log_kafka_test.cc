// Goal: a small office grows into Kafka and back without losing a record, and what cannot be moved
// is refused.
// Method: a log that a real `motcua standalone` wrote, the real program, a real broker; the dumps
// of the logs are compared line by line.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "services/admin/kafka_records.h"
#include "services/admin/local_records.h"
#include "tests/integration/admin/written_log.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/support/kafka.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;

constexpr engine::PartitionId kPartitions = 2;

// A topic of the test's own with first records, and the flags that name it.
struct OwnTopic {
  explicit OwnTopic(std::string at, engine::PartitionId partitions = kPartitions)
      : brokers(std::move(at)), names(OwnTopics()) {
    const auto made = kafka::CreateTopics(PlainConnection(brokers), PlanOf(names, partitions));
    EXPECT_TRUE(made.ok()) << made.status().ToString();
  }

  std::vector<std::string> Flags(std::vector<std::string> words) const {
    words.insert(words.end(), {"--brokers", brokers, "--topic", names.case_events});
    return words;
  }

  std::string brokers;
  kafka::TopicNames names;
};

// Offsets of Kafka begin after the first record.
std::string WithoutOffsets(const std::string& dump) {
  return std::regex_replace(dump, std::regex("\"offset\":[0-9]+,"), "");
}

class MoveLogTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    written = std::make_unique<TempDir>();
    written_whole = WriteLog(*written / "data", std::to_string(kPartitions));
  }
  static void TearDownTestSuite() { written.reset(); }

  // Where Kafka cannot be had the tests are skipped.
  void SetUp() override {
    const auto brokers = SharedKafka();
    MOTCUA_REQUIRE_KAFKA(brokers);
    brokers_ = *brokers;
    ASSERT_TRUE(written_whole);
  }

  static std::string data() { return (*written / "data").string(); }
  Ran MoveInto(const OwnTopic& topic) {
    return Admin(topic.Flags({"move-log", "--from", data(), "--to", "kafka", "--allow-unsafe"}),
                 errors());
  }
  Ran MoveOut(const OwnTopic& topic, const fs::path& to) {
    return Admin(topic.Flags({"move-log", "--from", "kafka", "--to", to.string()}), errors());
  }
  static std::string DumpLocal(const fs::path& folder) {
    const Ran ran = Admin({"dump-log", "--data", folder.string(), "--format", "json"});
    EXPECT_EQ(ran.exit_code, 0);
    return ran.out;
  }
  static std::string DumpKafka(const OwnTopic& topic) {
    const Ran ran = Admin(topic.Flags({"dump-log", "--format", "json"}));
    EXPECT_EQ(ran.exit_code, 0);
    return ran.out;
  }
  std::string errors() const { return (temp_ / "errors").string(); }

  static inline std::unique_ptr<TempDir> written;
  static inline bool written_whole = false;
  const TempDir temp_;
  std::string brokers_;
};

TEST_F(MoveLogTest, IntoKafkaAndBackIsTheSameLog) {
  const OwnTopic topic(brokers_);
  const std::string before = DumpLocal(data());
  // Six dossiers, and what was decided on them.
  EXPECT_GT(std::count(before.begin(), before.end(), '\n'), kDossiersWritten);
  EXPECT_NE(before.find("\"verdict\":\"accepted\""), std::string::npos) << before;

  const Ran into = MoveInto(topic);
  ASSERT_EQ(into.exit_code, 0) << ReadText(errors());
  EXPECT_NE(into.out.find("moved and compared"), std::string::npos) << into.out;
  EXPECT_EQ(WithoutOffsets(DumpKafka(topic)), WithoutOffsets(before));

  const fs::path back = temp_ / "back";
  ASSERT_EQ(MoveOut(topic, back).exit_code, 0) << ReadText(errors());
  EXPECT_EQ(DumpLocal(back), before);
  EXPECT_FALSE(fs::exists(back / "log.partial"));
  // A log of its own: no store of the old one fits it.
  const auto old_log = admin::LocalRecords::Open(fs::path(data()) / "log");
  const auto new_log = admin::LocalRecords::Open(back / "log");
  ASSERT_TRUE(old_log.ok() && new_log.ok());
  EXPECT_NE((*old_log)->log_id(), (*new_log)->log_id());
}

TEST_F(MoveLogTest, ServicesGoOnWithTheMovedLog) {
  const OwnTopic topic(brokers_);
  ASSERT_EQ(MoveInto(topic).exit_code, 0) << ReadText(errors());
  const fs::path back = temp_ / "back";
  ASSERT_EQ(MoveOut(topic, back).exit_code, 0) << ReadText(errors());
  const Services services(back, {"--scenario", "2020-10-31T10:00:00+07:00"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  const Ran received =
      Motcua(services.address(), {"dossier", "receive", "--unit", "000.23.10.H49", "--procedure",
                                  "1.000893", "--channel", "direct", "--format", "json"});
  EXPECT_EQ(Json(received)["dossier"], "000.23.10.H49-201031-0007");
}

TEST_F(MoveLogTest, AMoveThatWasInterruptedGoesOn) {
  const OwnTopic topic(brokers_);
  {
    const auto from = admin::LocalRecords::Open(fs::path(data()) / "log");
    ASSERT_TRUE(from.ok()) << from.status().ToString();
    const auto to = admin::KafkaAppender::Open(PlainConnection(brokers_), topic.names.case_events,
                                               /*allow_unsafe=*/true);
    ASSERT_TRUE(to.ok()) << to.status().ToString();
    for (engine::PartitionId p = 0; p < kPartitions; ++p) {
      if ((*from)->end(p) == 0) continue;
      auto records = (*from)->Read(p, 0);
      ASSERT_TRUE(records.ok());
      records->resize(3);
      ASSERT_TRUE((*to)->Append(p, *std::move(records)).ok());
    }
    ASSERT_TRUE((*to)->Finish().ok());
  }
  const Ran rest = MoveInto(topic);
  ASSERT_EQ(rest.exit_code, 0) << ReadText(errors());
  EXPECT_NE(ReadText(errors()).find("comparing what is there already: 3 records"),
            std::string::npos)
      << ReadText(errors());
  EXPECT_EQ(WithoutOffsets(DumpKafka(topic)), WithoutOffsets(DumpLocal(data())));
  // Once more: nothing to do, and nothing doubled.
  EXPECT_EQ(MoveInto(topic).out, rest.out);
}

TEST_F(MoveLogTest, ATopicThatHoldsSomethingElseIsRefused) {
  const OwnTopic topic(brokers_);
  KafkaAdmin(brokers_).Produce(topic.names.case_events, 0, "unit", "a record of somebody else");
  EXPECT_EQ(MoveInto(topic).exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("FILE_INVALID"), std::string::npos) << ReadText(errors());
}

TEST_F(MoveLogTest, AnotherNumberOfPartitionsIsRefusedWithTheCommandThatHelps) {
  const OwnTopic topic(brokers_, kPartitions + 1);
  EXPECT_EQ(MoveInto(topic).exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("motcua admin topics --partitions 2"), std::string::npos)
      << ReadText(errors());
}

TEST_F(MoveLogTest, AMissingTopicIsRefusedWithTheCommandThatHelps) {
  OwnTopic topic(brokers_);
  topic.names = OwnTopics();  // other names: not made
  EXPECT_EQ(MoveInto(topic).exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("--partitions 2"), std::string::npos) << ReadText(errors());
  EXPECT_NE(ReadText(errors()).find("motcua admin topics"), std::string::npos)
      << ReadText(errors());
}

TEST_F(MoveLogTest, ALogInUseIsRefused) {
  const OwnTopic topic(brokers_);
  const auto in_use = admin::LocalRecords::Open(fs::path(data()) / "log");
  ASSERT_TRUE(in_use.ok());
  EXPECT_EQ(MoveInto(topic).exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("STORE_IN_USE"), std::string::npos) << ReadText(errors());
}

TEST_F(MoveLogTest, AFolderThatHasALogIsRefused) {
  const OwnTopic topic(brokers_);
  EXPECT_EQ(MoveOut(topic, data()).exit_code, 1);
}

TEST_F(MoveLogTest, TheDumpSaysWhatBecomesOfEachRecord) {
  const OwnTopic topic(brokers_);
  ASSERT_EQ(MoveInto(topic).exit_code, 0) << ReadText(errors());
  // A producer that came back from the past, with the same record: its time is not the log's any
  // more. And bytes that are no event.
  std::string first;
  engine::PartitionId partition = 0;
  {
    const auto log = admin::LocalRecords::Open(fs::path(data()) / "log");
    ASSERT_TRUE(log.ok());
    if ((*log)->end(0) == 0) partition = 1;
    first = (*log)->Read(partition, 0)->front().bytes;
  }
  KafkaAdmin kafka(brokers_);
  kafka.Produce(topic.names.case_events, partition, "000.23.10.H49", first);
  kafka.Produce(topic.names.case_events, partition, "000.23.10.H49", "\xff");
  const std::string dump = DumpKafka(topic);
  EXPECT_NE(dump.find("\"verdict\":\"clock_disagrees\""), std::string::npos) << dump;
  EXPECT_NE(dump.find("\"verdict\":\"not_an_event\""), std::string::npos) << dump;
  // Such a topic is not the moved log any more.
  EXPECT_EQ(MoveInto(topic).exit_code, 1);

  const Ran one = Admin(topic.Flags({"dump-log", "--partition", std::to_string(partition)}));
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_NE(one.out.find("DossierReceived  000.23.10.H49-201031-0001  version 1"),
            std::string::npos)
      << one.out;
  EXPECT_EQ(Admin(topic.Flags({"dump-log", "--partition", "2"})).exit_code, 1);
}

}  // namespace
}  // namespace motcua::testing
