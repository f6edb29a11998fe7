// Goal: KafkaLog works with certificates and with passwords, gets in with nothing else, and never
// tells a secret.
// Method: real brokers for each way of being spoken to; the settings that scripts/kafka made for
// clients, whole and spoilt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/platform/kafka/kafka_log.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/event_log_testing.h"
#include "tests/support/kafka.h"

namespace motcua::kafka {
namespace {

class KafkaSecurityTest : public ::testing::TestWithParam<testing::KafkaSecurity> {
 protected:
  void SetUp() override {
    auto started = testing::KafkaCluster::Start(1, GetParam());
    MOTCUA_REQUIRE_KAFKA(started);
    cluster_ = std::move(started).value();
    std::map<std::string, std::string> given;
    for (const auto& [name, value] : cluster_->client_settings()) given[name] = value;
    connection_.brokers = cluster_->bootstrap();
    connection_.security = {ParseKafkaProtocol(given["security.protocol"]).value(),
                            given["ssl.ca.location"],
                            given["ssl.certificate.location"],
                            given["ssl.key.location"],
                            "",
                            given["sasl.mechanism"],
                            given["sasl.username"],
                            given["sasl.password"]};
  }
  Status OpenError(const KafkaSecurity& security) {
    KafkaLogOptions options = testing::OptionsOf(connection_.brokers, names_.case_events);
    options.security = security;
    options.warn = [this](const Status& status) {
      const std::lock_guard lock(mutex_);
      said_.push_back(status.ToString());
    };
    const auto log = KafkaLog::Open(std::move(options), codec_);
    if (!log.ok()) return log.status();
    const auto answer = testing::StartAppend(**log, 0, {testing::FakeRecord("A", 1)}).get();
    EXPECT_EQ(answer.outcome, engine::AppendOutcome::kAppended) << answer.status.ToString();
    testing::PartitionReader reader(**log, 0);
    return reader.ReadCount(1);
  }

  std::unique_ptr<testing::KafkaCluster> cluster_;
  KafkaConnection connection_;
  const TopicNames names_ = testing::OwnTopics();
  testing::FakeCodec codec_;
  std::mutex mutex_;
  std::vector<std::string> said_;
};

TEST_P(KafkaSecurityTest, WhoHasTheSettingsGetsInAndNobodyElse) {
  const auto made = CreateTopics(connection_, testing::PlanOf(names_, 1));
  ASSERT_TRUE(made.ok()) << made.status().ToString();
  const Status opened = OpenError(connection_.security);
  EXPECT_TRUE(opened.ok()) << opened.ToString();

  KafkaSecurity spoilt = connection_.security;
  if (spoilt.sasl_password.empty()) {
    spoilt.certificate_file.clear();
    spoilt.key_file.clear();
  } else {
    spoilt.sasl_password = "hush" + spoilt.sasl_password;
  }
  const Status refused = OpenError(spoilt);
  EXPECT_EQ(refused.reason(), Reason::kLogUnavailable) << refused.ToString();
  said_.push_back(refused.ToString());
  EXPECT_EQ(OpenError({}).reason(), Reason::kLogUnavailable);
  for (const std::string& line : said_) {
    EXPECT_THAT(line, Not(::testing::HasSubstr("hush")));
    if (!connection_.security.sasl_password.empty()) {
      EXPECT_THAT(line, Not(::testing::HasSubstr(connection_.security.sasl_password)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Protocols, KafkaSecurityTest,
                         ::testing::Values(testing::KafkaSecurity::kSsl,
                                           testing::KafkaSecurity::kSaslPlaintext,
                                           testing::KafkaSecurity::kSaslSsl));

}  // namespace
}  // namespace motcua::kafka
