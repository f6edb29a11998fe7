// Goal: `motcua admin topics` makes what is missing, says what is wrong, and its exit status can be
// trusted.
// Method: the real program on a real broker, topics of the test's own.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/integration/admin/written_log.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/support/kafka.h"

namespace motcua::testing {
namespace {

std::vector<std::string> Topics(const std::string& brokers, const kafka::TopicNames& names,
                                const std::vector<std::string>& more) {
  std::vector<std::string> words = {"topics",
                                    "--brokers",
                                    brokers,
                                    "--topic",
                                    names.case_events,
                                    "--parties-topic",
                                    names.case_parties,
                                    "--catalogue-topic",
                                    names.catalogue,
                                    "--replication",
                                    "1",
                                    "--min-in-sync",
                                    "1",
                                    "--format",
                                    "json"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(AdminTopics, MakesThemOnceAndSaysThatASingleBrokerIsUnsafe) {
  const auto brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  const kafka::TopicNames names = OwnTopics();
  EXPECT_EQ(Admin(Topics(*brokers, names, {"--check"})).exit_code, 1);  // nothing there

  const Ran made = Admin(Topics(*brokers, names, {"--partitions", "3"}));
  EXPECT_EQ(made.exit_code, 1);
  const nlohmann::json json = Json(made);
  EXPECT_EQ(json["partitions"], 3);
  EXPECT_EQ(json["safe"], false);
  ASSERT_FALSE(json["findings"].empty());
  EXPECT_EQ(json["findings"][0]["topic"], names.case_events);
  EXPECT_EQ(json["findings"][0]["unsafe"], true);

  const Ran again = Admin(Topics(*brokers, names, {"--partitions", "3", "--allow-unsafe"}));
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.out, made.out);  // the same log id: nothing was made anew
  EXPECT_EQ(Admin(Topics(*brokers, names, {"--check", "--allow-unsafe"})).out, made.out);
  EXPECT_EQ(Admin(Topics(*brokers, names, {"--partitions", "4"})).exit_code, 1);
}

TEST(AdminTopics, CheckMakesNothing) {
  const auto brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  const kafka::TopicNames names = OwnTopics();
  EXPECT_EQ(Admin(Topics(*brokers, names, {"--check", "--allow-unsafe"})).exit_code, 1);
  KafkaAdmin kafka(*brokers);
  const auto shape = kafka::DescribeTopic(kafka.client(), names.case_events, kafka::kCallTimeout);
  ASSERT_TRUE(shape.ok());
  EXPECT_FALSE(shape->exists);
}

TEST(AdminTopics, SaysWhatAnotherSettingWouldLose) {
  const auto brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  const kafka::TopicNames names = OwnTopics();
  ASSERT_EQ(Admin(Topics(*brokers, names, {"--partitions", "1", "--allow-unsafe"})).exit_code, 0);
  KafkaAdmin(*brokers).Set(names.case_events, "retention.ms", "60000");
  const Ran found = Admin(Topics(*brokers, names, {"--check"}));
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_NE(found.out.find("retention.ms is 60000"), std::string::npos) << found.out;
}

TEST(AdminTopics, AreTwoSetsOfWordsForWrongUseAndForNoAnswer) {
  EXPECT_EQ(Admin({"topics"}).exit_code, 1);
  EXPECT_EQ(Admin({"topics", "--partitions", "0"}).exit_code, 2);
  EXPECT_EQ(
      Admin({"topics", "--brokers", "127.0.0.1:1", "--kafka-security-protocol", "x"}).exit_code, 1);
  EXPECT_EQ(Admin({"topics", "--brokers", "127.0.0.1:1", "--check"}).exit_code, 3);
}

}  // namespace
}  // namespace motcua::testing
