// Goal: KafkaLog keeps the contract of engine::EventLog.
// Method: the tests that every log passes (event_log_contract.h), on a real broker with a topic per
// test.
#include "services/base/check.h"
#include "services/platform/kafka/kafka_log.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/support/event_log_contract.h"
#include "tests/support/kafka.h"

namespace motcua::testing {
namespace {

class KafkaWorld final : public LogWorld {
 public:
  explicit KafkaWorld(std::string brokers) : brokers_(std::move(brokers)) {}
  std::unique_ptr<engine::EventLog> Open(engine::PartitionId partitions) override {
    const auto made = kafka::CreateTopics(PlainConnection(brokers_), PlanOf(topics_, partitions));
    MOTCUA_CHECK(made.ok(), made.status().ToString().c_str());
    auto log = kafka::KafkaLog::Open(OptionsOf(brokers_, topics_.case_events), codec);
    MOTCUA_CHECK(log.ok(), log.status().ToString().c_str());
    return std::move(log).value();
  }

 private:
  const std::string brokers_;
  const kafka::TopicNames topics_ = OwnTopics();
};

Result<std::unique_ptr<LogWorld>> MakeKafkaWorld() {
  MOTCUA_ASSIGN_OR_RETURN(std::string brokers, SharedKafka());
  return std::unique_ptr<LogWorld>(std::make_unique<KafkaWorld>(std::move(brokers)));
}

INSTANTIATE_TEST_SUITE_P(KafkaLog, EventLogContract, ::testing::Values(&MakeKafkaWorld));

}  // namespace
}  // namespace motcua::testing
