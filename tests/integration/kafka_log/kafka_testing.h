// What the tests of KafkaLog share: topics of the test's own, a log on them, and changes made to a
// topic behind the log's back.
#pragma once

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "services/base/check.h"
#include "services/platform/kafka/kafka_log.h"
#include "services/platform/kafka/topics.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/kafka.h"

namespace motcua::testing {

// Topic names that no other test has.
inline kafka::TopicNames OwnTopics() {
  std::random_device random;
  const std::string suffix = "-" + std::to_string(getpid()) + "-" + std::to_string(random());
  return {"events" + suffix, "parties" + suffix, "catalogue" + suffix};
}

inline kafka::KafkaConnection PlainConnection(const std::string& brokers) {
  return {brokers, {}, nullptr};
}

inline kafka::TopicPlan PlanOf(const kafka::TopicNames& names, engine::PartitionId partitions) {
  return {names, partitions, 1, 1};
}

inline kafka::KafkaLogOptions OptionsOf(const std::string& brokers, const std::string& topic) {
  kafka::KafkaLogOptions options;
  options.brokers = brokers;
  options.topic = topic;
  options.allow_unsafe = true;  // a single broker
  return options;
}

// What an operator, or a mistake, does to topics.
class KafkaAdmin {
 public:
  explicit KafkaAdmin(const std::string& brokers)
      : connection_(PlainConnection(brokers)),
        client_(kafka::MakeControlClient(connection_).value()) {}

  rd_kafka_t& client() { return *client_; }

  void DeleteTopic(const std::string& topic) {
    rd_kafka_DeleteTopic_t* raw = rd_kafka_DeleteTopic_new(topic.c_str());
    const kafka::QueueHandle queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_DeleteTopics(client_.get(), &raw, 1, nullptr, queue.get());
    Await(*queue);
    rd_kafka_DeleteTopic_destroy(raw);
  }
  // Removes the records of a partition before `offset`.
  void Truncate(const std::string& topic, engine::PartitionId partition, engine::Offset offset) {
    rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset =
        static_cast<std::int64_t>(offset);
    rd_kafka_DeleteRecords_t* raw = rd_kafka_DeleteRecords_new(list);
    rd_kafka_topic_partition_list_destroy(list);
    const kafka::QueueHandle queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_DeleteRecords(client_.get(), &raw, 1, nullptr, queue.get());
    Await(*queue);
    rd_kafka_DeleteRecords_destroy(raw);
  }
  // The node that leads a partition; nothing while there is none.
  std::optional<int> Leader(const std::string& topic, engine::PartitionId partition) {
    constexpr int kPatienceMs = 10'000;
    const kafka::TopicHandle handle(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
    const rd_kafka_metadata_t* raw = nullptr;
    if (rd_kafka_metadata(client_.get(), 0, handle.get(), &raw, kPatienceMs) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      return std::nullopt;
    }
    const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> metadata(
        raw, rd_kafka_metadata_destroy);
    if (raw->topic_cnt != 1 || raw->topics[0].partition_cnt <= partition) return std::nullopt;
    for (int i = 0; i < raw->topics[0].partition_cnt; ++i) {
      const rd_kafka_metadata_partition_t& found = raw->topics[0].partitions[i];
      if (found.id == partition && found.leader >= 0) return found.leader;
    }
    return std::nullopt;
  }
  void AddPartitions(const std::string& topic, std::size_t total) {
    std::array<char, 512> text{};
    rd_kafka_NewPartitions_t* raw =
        rd_kafka_NewPartitions_new(topic.c_str(), total, text.data(), text.size());
    const kafka::QueueHandle queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_CreatePartitions(client_.get(), &raw, 1, nullptr, queue.get());
    Await(*queue);
    rd_kafka_NewPartitions_destroy(raw);
  }
  // Returns when the broker goes by it: the controller's answer comes a moment before.
  void Set(const std::string& topic, const std::string& name, const std::string& value) {
    const kafka::ConfigHandle resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str());
    rd_kafka_ConfigResource_t* raw = resource.get();
    const kafka::QueueHandle queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_AlterConfigs(client_.get(), &raw, 1, nullptr, queue.get());
    Await(*queue);
    constexpr std::chrono::seconds kPatience{30};
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (Setting(topic, name) != value) {
      MOTCUA_CHECK(std::chrono::steady_clock::now() < end, "the broker does not take a setting");
      std::this_thread::yield();
    }
  }
  // As the broker has it; empty where it has none.
  std::string Setting(const std::string& topic, const std::string& name) {
    const kafka::ConfigHandle resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    rd_kafka_ConfigResource_t* raw = resource.get();
    const kafka::QueueHandle queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_DescribeConfigs(client_.get(), &raw, 1, nullptr, queue.get());
    const kafka::EventHandle event = Await(*queue);
    std::size_t count = 0;
    const rd_kafka_ConfigResource_t** const found = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    MOTCUA_CHECK(count == 1, "one topic was asked about");
    const rd_kafka_ConfigEntry_t** const entries =
        rd_kafka_ConfigResource_configs(found[0], &count);
    for (std::size_t i = 0; i < count; ++i) {
      const char* const value = rd_kafka_ConfigEntry_value(entries[i]);
      if (name == rd_kafka_ConfigEntry_name(entries[i])) return value == nullptr ? "" : value;
    }
    return {};
  }
  // A topic with Kafka's own settings and no first records.
  void CreateBare(const std::string& topic, int partitions) {
    std::array<char, 512> text{};
    const kafka::NewTopicHandle made(
        rd_kafka_NewTopic_new(topic.c_str(), partitions, 1, text.data(), text.size()));
    rd_kafka_NewTopic_t* raw = made.get();
    const kafka::QueueHandle queue(rd_kafka_queue_new(client_.get()));
    rd_kafka_CreateTopics(client_.get(), &raw, 1, nullptr, queue.get());
    Await(*queue);
  }
  // One record, acknowledged.
  void Produce(const std::string& topic, engine::PartitionId partition, const std::string& key,
               std::string value) {
    kafka::ConfHandle conf = kafka::MakeConf(connection_).value();
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR);
    const kafka::ClientHandle producer =
        kafka::MakeClient(RD_KAFKA_PRODUCER, std::move(conf)).value();
    rd_kafka_producev(producer.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                      RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                      RD_KAFKA_V_KEY(key.data(), key.size()),
                      RD_KAFKA_V_VALUE(value.data(), value.size()), RD_KAFKA_V_END);
    const kafka::QueueHandle queue(rd_kafka_queue_get_main(producer.get()));
    Await(*queue);
  }

 private:
  static kafka::EventHandle Await(rd_kafka_queue_t& queue) {
    constexpr int kPatienceMs = 30'000;
    kafka::EventHandle event(rd_kafka_queue_poll(&queue, kPatienceMs));
    MOTCUA_CHECK(event && rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR,
                 "an admin request failed");
    return event;
  }

  kafka::KafkaConnection connection_;
  kafka::ClientHandle client_;
};

// Topics of the test's own on the broker that tests share, and a log opened on them.
class KafkaTopicTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const Result<std::string> shared = SharedKafka();
    MOTCUA_REQUIRE_KAFKA(shared);
    brokers_ = *shared;
    connection_.brokers = brokers_;
    admin_.emplace(brokers_);
  }
  Result<kafka::Genesis> Create(engine::PartitionId partitions) {
    return kafka::CreateTopics(connection_, PlanOf(names_, partitions));
  }
  Result<std::unique_ptr<kafka::KafkaLog>> Open(engine::PartitionId partitions = 0) {
    kafka::KafkaLogOptions options = OptionsOf(brokers_, names_.case_events);
    options.partitions = partitions;
    return kafka::KafkaLog::Open(std::move(options), codec_);
  }

  std::string brokers_;
  const kafka::TopicNames names_ = OwnTopics();
  kafka::KafkaConnection connection_;
  std::optional<KafkaAdmin> admin_;
  FakeCodec codec_;
};

}  // namespace motcua::testing
