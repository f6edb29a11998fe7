// ReadTopic and AllCopiesInSync of log_model.h.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "tests/chaos/log_model.h"

namespace motcua::chaos {
namespace {

constexpr int kPollMilliseconds = 100;
constexpr int kAskMilliseconds = 5'000;
constexpr std::int64_t kMicrosPerMilli = 1000;

struct Close {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
  void operator()(const rd_kafka_metadata_t* told) const { rd_kafka_metadata_destroy(told); }
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};

Status Unavailable(const std::string& what) { return Status(Reason::kLogUnavailable, what); }

Result<std::unique_ptr<rd_kafka_t, Close>> Connect(const std::string& brokers) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 512> error{};
  const std::pair<const char*, const char*> settings[] = {
      {"bootstrap.servers", brokers.c_str()}, {"group.id", "motcua-chaos-checker"},
      {"enable.auto.commit", "false"},        {"enable.partition.eof", "true"},
      {"auto.offset.reset", "error"},         {"check.crcs", "true"}};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value, error.data(), error.size()) != RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      return Unavailable(error.data());
    }
  }
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error.data(), error.size());
  if (client == nullptr) return Unavailable(error.data());
  rd_kafka_poll_set_consumer(client);
  return std::unique_ptr<rd_kafka_t, Close>(client);
}

}  // namespace

Result<std::vector<Partition>> ReadTopic(const std::string& brokers, const std::string& topic,
                                         int partitions, std::chrono::milliseconds patience) {
  MOTCUA_ASSIGN_OR_RETURN(const auto client, Connect(brokers));
  const std::unique_ptr<rd_kafka_topic_partition_list_t, Close> all(
      rd_kafka_topic_partition_list_new(partitions));
  for (int i = 0; i < partitions; ++i) {
    rd_kafka_topic_partition_list_add(all.get(), topic.c_str(), i)->offset = 0;
  }
  if (rd_kafka_assign(client.get(), all.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Unavailable("the checker cannot read the topic");
  }
  std::vector<Partition> read(static_cast<std::size_t>(partitions));
  // Up to where they end now: under load there is always one more, and no end is told.
  std::vector<std::int64_t> ends(read.size());
  std::vector<bool> ended(read.size());
  std::size_t left = read.size();
  for (int i = 0; i < partitions; ++i) {
    const auto at = static_cast<std::size_t>(i);
    std::int64_t begin = 0;
    if (rd_kafka_query_watermark_offsets(client.get(), topic.c_str(), i, &begin, &ends[at],
                                         kAskMilliseconds) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return Unavailable("the end of a partition is not known");
    }
  }
  const auto end = std::chrono::steady_clock::now() + patience;
  const auto stop = [&](std::size_t partition) {
    if (!ended[partition]) --left;
    ended[partition] = true;
  };
  while (left > 0) {
    if (std::chrono::steady_clock::now() > end) return Unavailable("the topic has no end in time");
    const std::unique_ptr<rd_kafka_message_t, Close> message(
        rd_kafka_consumer_poll(client.get(), kPollMilliseconds));
    if (!message) continue;
    const auto partition = static_cast<std::size_t>(message->partition);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      stop(partition);
    } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      read[partition].push_back(
          {message->offset, std::string(static_cast<const char*>(message->key), message->key_len),
           std::string(static_cast<const char*>(message->payload), message->len),
           rd_kafka_message_timestamp(message.get(), nullptr) * kMicrosPerMilli});
      if (message->offset + 1 >= ends[partition]) stop(partition);
    } else if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
      return Status(Reason::kLogDamaged, rd_kafka_message_errstr(message.get()));
    }
  }
  return read;
}

namespace {

// Whether it was told and holds for every partition.
bool EachPartition(const std::string& brokers, const std::string& topic,
                   const std::function<bool(const rd_kafka_metadata_partition_t&)>& holds) {
  const auto client = Connect(brokers);
  if (!client.ok()) return false;
  const std::unique_ptr<rd_kafka_topic_t, Close> asked(
      rd_kafka_topic_new(client->get(), topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  if (rd_kafka_metadata(client->get(), 0, asked.get(), &answer, kAskMilliseconds) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return false;
  }
  const std::unique_ptr<const rd_kafka_metadata_t, Close> told(answer);
  if (told->topic_cnt != 1 || told->topics[0].partition_cnt == 0) return false;
  const rd_kafka_metadata_topic_t& row = told->topics[0];
  return std::all_of(row.partitions, row.partitions + row.partition_cnt, holds);
}

}  // namespace

bool AllCopiesInSync(const std::string& brokers, const std::string& topic) {
  return EachPartition(brokers, topic, [](const rd_kafka_metadata_partition_t& partition) {
    return partition.isr_cnt == partition.replica_cnt;
  });
}

std::optional<int> LeaderOf(const std::string& brokers, const std::string& topic, int partition) {
  std::optional<int> leader;
  EachPartition(brokers, topic, [&](const rd_kafka_metadata_partition_t& told) {
    if (told.id == partition && told.leader >= 0) leader = told.leader;
    return true;
  });
  return leader;
}

}  // namespace motcua::chaos
