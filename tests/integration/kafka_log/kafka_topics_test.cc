// Goal: a log is opened only on a topic that is whole, is the log it says, and loses nothing; every
// other one is refused with the thing that is wrong and what to do.
// Method: topics on a real broker, made by CreateTopics or spoilt on purpose before opening.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/platform/kafka/kafka_log.h"
#include "services/platform/kafka/topics.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/kafka.h"

namespace motcua::kafka {
namespace {

using ::testing::HasSubstr;

class KafkaTopicsTest : public testing::KafkaTopicTest {
 protected:
  // A topic made a moment ago may have no leader yet: that is waited for.
  Status OpenError(engine::PartitionId partitions = 0) {
    constexpr int kTriesMax = 20;
    Status error = Open(partitions).status();
    for (int i = 0; i < kTriesMax && error.reason() == Reason::kLogUnavailable; ++i) {
      error = Open(partitions).status();
    }
    return error;
  }
};

TEST(KafkaGenesis, IsReadBackAsWritten) {
  const Genesis genesis{12, "0123456789abcdef0123456789abcdef", 11};
  EXPECT_EQ(FormatGenesis(genesis), "motcua-log-2 12 0123456789abcdef0123456789abcdef 11");
  EXPECT_EQ(ParseGenesis("motcua-log", FormatGenesis(genesis)), genesis);
}

TEST(KafkaGenesis, OtherBytesAreNone) {
  const std::string good = "motcua-log-2 12 0123456789abcdef0123456789abcdef 11";
  EXPECT_TRUE(ParseGenesis("motcua-log", good));
  EXPECT_FALSE(ParseGenesis("H49.23", good));
  EXPECT_FALSE(ParseGenesis("motcua-log", good + " "));
  for (const char* bad :
       {"", "motcua-log-3 12 0123456789abcdef0123456789abcdef 11",
        "motcua-log-2 12 0123456789abcdef0123456789abcdef 12",
        "motcua-log-2 x 0123456789abcdef0123456789abcdef 0",
        "motcua-log-2 70000 0123456789abcdef0123456789abcdef 0",
        "motcua-log-2 12 0123456789ABCDEF0123456789abcdef 11", "motcua-log-1 12 0123 11"}) {
    EXPECT_FALSE(ParseGenesis("motcua-log", bad)) << bad;
  }
}

TEST_F(KafkaTopicsTest, MadeAgainIsTheSameLog) {
  const auto first = Create(3);
  ASSERT_TRUE(first.ok()) << first.status().ToString();
  EXPECT_EQ(first->id.size(), 32u);
  const auto again = Create(3);
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  EXPECT_EQ(again->id, first->id);
  const auto log = Open(3);
  ASSERT_TRUE(log.ok()) << log.status().ToString();
  EXPECT_EQ((*log)->id(), first->id);
  EXPECT_EQ((*log)->partitions(), 3);
  EXPECT_TRUE((*log)->health().ok());
}

TEST_F(KafkaTopicsTest, AnInterruptedCreationIsCompleted) {
  admin_->CreateBare(names_.case_events, 2);
  EXPECT_EQ(OpenError().reason(), Reason::kFileInvalid);
  const Genesis half{2, std::string(32, 'a'), 0};
  admin_->Produce(names_.case_events, 0, std::string(kGenesisKey), FormatGenesis(half));
  const Status error = OpenError();
  EXPECT_EQ(error.reason(), Reason::kFileInvalid);
  EXPECT_THAT(error.message(), HasSubstr("motcua admin topics"));
  const auto made = Create(2);
  ASSERT_TRUE(made.ok()) << made.status().ToString();
  EXPECT_EQ(made->id, half.id);
  // Kafka's own settings: records would carry their writers' time.
  EXPECT_THAT(OpenError().message(), HasSubstr("message.timestamp.type"));
  admin_->Set(names_.case_events, "message.timestamp.type", "LogAppendTime");
  EXPECT_TRUE(Open().ok());
}

TEST_F(KafkaTopicsTest, AMissingTopicIsRefusedWithTheWayToMakeIt) {
  const Status error = OpenError();
  EXPECT_EQ(error.reason(), Reason::kFileInvalid);
  EXPECT_THAT(error.message(), HasSubstr("motcua admin topics"));
  EXPECT_EQ(CheckTopics(connection_, names_).status().reason(), Reason::kFileInvalid);
}

TEST_F(KafkaTopicsTest, AnotherNumberOfPartitionsIsRefused) {
  ASSERT_TRUE(Create(2).ok());
  EXPECT_EQ(OpenError(3).reason(), Reason::kFileInvalid);
  EXPECT_EQ(Create(3).status().reason(), Reason::kFieldInvalid);
  admin_->AddPartitions(names_.case_events, 3);
  EXPECT_EQ(OpenError().reason(), Reason::kFileInvalid);
}

TEST_F(KafkaTopicsTest, AMissingBeginningIsDamage) {
  ASSERT_TRUE(Create(2).ok());
  admin_->Truncate(names_.case_events, 1, 1);
  const Status error = OpenError();
  EXPECT_EQ(error.reason(), Reason::kLogDamaged) << error.ToString();
  EXPECT_EQ(Create(2).status().reason(), Reason::kLogDamaged);
}

TEST_F(KafkaTopicsTest, SomebodyElsesTopicIsDamageAndIsLeftAlone) {
  admin_->CreateBare(names_.case_events, 1);
  admin_->Produce(names_.case_events, 0, "k", "v");
  EXPECT_EQ(OpenError().reason(), Reason::kLogDamaged);
  EXPECT_EQ(Create(1).status().reason(), Reason::kLogDamaged);
}

TEST_F(KafkaTopicsTest, PartitionsOfTwoLogsAreDamage) {
  admin_->CreateBare(names_.case_events, 2);
  for (engine::PartitionId p = 0; p < 2; ++p) {
    const Genesis genesis{2, std::string(32, static_cast<char>('a' + p)), p};
    admin_->Produce(names_.case_events, p, std::string(kGenesisKey), FormatGenesis(genesis));
  }
  EXPECT_EQ(OpenError().reason(), Reason::kLogDamaged);
}

TEST_F(KafkaTopicsTest, ASingleCopyIsUnsafeAndSaysSo) {
  ASSERT_TRUE(Create(1).ok());
  KafkaLogOptions options = testing::OptionsOf(brokers_, names_.case_events);
  options.allow_unsafe = false;
  const Status error = KafkaLog::Open(options, codec_).status();
  EXPECT_EQ(error.reason(), Reason::kFileInvalid);
  EXPECT_THAT(error.message(), HasSubstr("single copy"));
  std::vector<std::string> warnings;
  options.allow_unsafe = true;
  options.warn = [&warnings](const Status& status) { warnings.push_back(status.message()); };
  ASSERT_TRUE(KafkaLog::Open(options, codec_).ok());
  EXPECT_THAT(warnings, ::testing::Contains(HasSubstr("single copy")));
}

TEST_F(KafkaTopicsTest, EverySettingThatLosesRecordsIsFound) {
  ASSERT_TRUE(Create(1).ok());
  const auto texts = [this] {
    std::vector<std::string> found;
    const auto findings = CheckTopics(connection_, names_);
    EXPECT_TRUE(findings.ok()) << findings.status().ToString();
    if (!findings.ok()) return found;
    for (const TopicFinding& finding : *findings) {
      if (finding.topic == names_.case_events) found.push_back(finding.text);
    }
    return found;
  };
  EXPECT_THAT(texts(), ::testing::ElementsAre(HasSubstr("single copy")));
  // AlterConfigs replaces all settings of the topic: each goes back to Kafka's own.
  admin_->Set(names_.case_events, "cleanup.policy", "compact");
  EXPECT_THAT(texts(), ::testing::IsSupersetOf({HasSubstr("cleanup.policy is compact"),
                                                HasSubstr("retention.ms is 604800000"),
                                                HasSubstr("min.insync.replicas is no setting of "
                                                          "the topic itself")}));
  admin_->Set(names_.case_events, "retention.bytes", "1000");
  EXPECT_THAT(texts(), ::testing::Contains(HasSubstr("retention.bytes is 1000")));
  admin_->Set(names_.case_events, "unclean.leader.election.enable", "true");
  EXPECT_THAT(texts(), ::testing::Contains(HasSubstr("unclean.leader.election.enable is true")));
  admin_->Set(names_.case_events, "max.message.bytes", "1000");
  EXPECT_THAT(texts(), ::testing::Contains(HasSubstr("max.message.bytes is below")));
}

TEST(KafkaSettings, AreRefusedByName) {
  const testing::FakeCodec codec;
  const auto error_of = [&codec](auto change) {
    KafkaLogOptions options = testing::OptionsOf("127.0.0.1:1", "t");
    change(options);
    const Status status = KafkaLog::Open(std::move(options), codec).status();
    EXPECT_THAT(status.message(), Not(HasSubstr("hush")));
    return status.ToString();
  };
  EXPECT_THAT(error_of([](auto& o) { o.brokers.clear(); }), HasSubstr("kafka.brokers"));
  EXPECT_THAT(error_of([](auto& o) { o.security.sasl_password = "hush"; }),
              HasSubstr("kafka.protocol"));
  EXPECT_THAT(error_of([](auto& o) { o.security.ca_file = "/nowhere/ca.pem"; }),
              HasSubstr("kafka.protocol"));
  EXPECT_THAT(error_of([](auto& o) {
                o.security.protocol = KafkaProtocol::kSsl;
                o.security.ca_file = "/nowhere/ca.pem";
              }),
              HasSubstr("FILE_UNREADABLE: kafka: kafka.ca_file"));
  EXPECT_THAT(error_of([](auto& o) {
                o.security.protocol = KafkaProtocol::kSsl;
                o.security.key_file = "/nowhere/key.pem";
              }),
              HasSubstr("kafka.certificate_file"));
  EXPECT_THAT(error_of([](auto& o) {
                o.security = {KafkaProtocol::kSaslSsl, {}, {}, {}, {}, "PLAIN", {}, "hush"};
              }),
              HasSubstr("kafka.sasl_username"));
  EXPECT_THAT(error_of([](auto& o) {
                o.security = {KafkaProtocol::kSaslPlaintext, {}, {}, {}, {}, "OTHER", "u", "hush"};
              }),
              HasSubstr("kafka.sasl_mechanism"));
  EXPECT_EQ(ParseKafkaProtocol("sasl_ssl").value(), KafkaProtocol::kSaslSsl);
  EXPECT_EQ(ParseKafkaProtocol("tls").status().reason(), Reason::kFieldInvalid);
}

}  // namespace
}  // namespace motcua::kafka
