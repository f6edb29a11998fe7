#include "tests/integration/kafka/plain_client.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace motcua::testing {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A broker's fail-over takes a few seconds, many more on a loaded machine.
constexpr auto kPatience = std::chrono::seconds(60);
constexpr int kPatienceMs = 60'000;
constexpr int kPingMs = 5'000;
constexpr int kPollMs = 100;

template <typename T, void (*kDestroy)(T*)>
struct Destroyer {
  void operator()(T* pointer) const { kDestroy(pointer); }
};
template <typename T, void (*kDestroy)(T*)>
using Owned = std::unique_ptr<T, Destroyer<T, kDestroy>>;

Status Failed(const std::string& what, rd_kafka_resp_err_t error) {
  return {Reason::kLogUnavailable, what + ": " + rd_kafka_err2str(error)};
}

// Counts what was not acknowledged; `opaque` is the handle's own.
struct Deliveries {
  std::size_t failed = 0;
  rd_kafka_resp_err_t first_error = RD_KAFKA_RESP_ERR_NO_ERROR;
};
void OnDelivery(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* /*opaque*/) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  auto* deliveries = static_cast<Deliveries*>(message->_private);
  if (deliveries->failed++ == 0) deliveries->first_error = message->err;
}

}  // namespace

Result<PlainClient::Handle> PlainClient::Open(rd_kafka_type_t type,
                                              const KafkaCluster::Settings& settings) {
  Owned<rd_kafka_conf_t, rd_kafka_conf_destroy> conf(rd_kafka_conf_new());
  std::array<char, 512> error = {};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      return Status(Reason::kFieldInvalid, error.data());
    }
  }
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf.get(), &OnDelivery);
  Handle handle(rd_kafka_new(type, conf.get(), error.data(), error.size()));
  if (handle == nullptr) return Status(Reason::kInternal, error.data());
  // From here on it is the handle's.
  [[maybe_unused]] rd_kafka_conf_t* const given = conf.release();
  return handle;
}

Result<PlainClient> PlainClient::Connect(const std::string& bootstrap,
                                         const KafkaCluster::Settings& settings) {
  KafkaCluster::Settings common = settings;
  common.emplace_back("bootstrap.servers", bootstrap);
  // Refused connections are expected here, and said by the calls themselves.
  common.emplace_back("log_level", "0");
  // A paused broker keeps its connections and answers nothing: ask another soon.
  common.emplace_back("socket.timeout.ms", std::to_string(kPingMs / 2));
  KafkaCluster::Settings producing = common;
  producing.emplace_back("enable.idempotence", "true");
  producing.emplace_back("acks", "all");
  producing.emplace_back("linger.ms", "0");
  // A topic that is not there is not there; WaitForInSync has seen to those that are.
  producing.emplace_back("topic.metadata.propagation.max.ms", std::to_string(kPingMs));
  MOTCUA_ASSIGN_OR_RETURN(Handle producer, Open(RD_KAFKA_PRODUCER, producing));
  return PlainClient(std::move(common), std::move(producer));
}

Status PlainClient::CreateTopic(const std::string& topic, int copies) {
  const Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> wanted(
      rd_kafka_NewTopic_new(topic.c_str(), /*num_partitions=*/1, copies, nullptr, 0));
  const Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy> options(
      rd_kafka_AdminOptions_new(producer_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  // Until the controller's brokers know the topic, too.
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), kPatienceMs, nullptr, 0);
  rd_kafka_AdminOptions_set_request_timeout(options.get(), kPatienceMs, nullptr, 0);
  const Owned<rd_kafka_queue_t, rd_kafka_queue_destroy> queue(rd_kafka_queue_new(producer_.get()));
  std::array<rd_kafka_NewTopic_t*, 1> topics = {wanted.get()};
  rd_kafka_CreateTopics(producer_.get(), topics.data(), topics.size(), options.get(), queue.get());
  const Owned<rd_kafka_event_t, rd_kafka_event_destroy> event(
      rd_kafka_queue_poll(queue.get(), kPatienceMs));
  if (event == nullptr) return {Reason::kLogUnavailable, "no answer to the making of a topic"};
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return Failed("making topic " + topic, rd_kafka_event_error(event.get()));
  }
  std::size_t count = 0;
  const rd_kafka_topic_result_t* const* results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t at = 0; at < count; ++at) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[at]);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed("making topic " + topic, error);
  }
  return WaitForInSync(topic, copies);
}

Status PlainClient::Produce(const std::string& topic, const std::vector<std::string>& values) {
  Deliveries deliveries;
  for (std::string value : values) {
    const rd_kafka_resp_err_t error = rd_kafka_producev(
        producer_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
        RD_KAFKA_V_VALUE(value.data(), value.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_OPAQUE(&deliveries), RD_KAFKA_V_END);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed("producing", error);
  }
  const rd_kafka_resp_err_t flushed = rd_kafka_flush(producer_.get(), kPatienceMs);
  if (flushed != RD_KAFKA_RESP_ERR_NO_ERROR) {
    // `deliveries` must outlive every message: what is left fails now.
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer_.get(), kPatienceMs);
    return Failed("waiting for acknowledgements", flushed);
  }
  if (deliveries.failed > 0) return Failed("acknowledgement", deliveries.first_error);
  return OkStatus();
}

Result<std::vector<std::string>> PlainClient::Read(const std::string& topic, std::size_t count) {
  KafkaCluster::Settings reading = settings_;
  reading.emplace_back("group.id", "reads-by-assignment-alone");
  reading.emplace_back("enable.auto.commit", "false");
  reading.emplace_back("auto.offset.reset", "error");
  reading.emplace_back("fetch.wait.max.ms", "50");
  MOTCUA_ASSIGN_OR_RETURN(const Handle consumer, Open(RD_KAFKA_CONSUMER, reading));
  const Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy> partitions(
      rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), 0)->offset =
      RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_poll_set_consumer(consumer.get());
  const rd_kafka_resp_err_t assigned = rd_kafka_assign(consumer.get(), partitions.get());
  if (assigned != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed("assigning", assigned);
  std::vector<std::string> values;
  const auto deadline = SteadyClock::now() + kPatience;
  while (values.size() < count && SteadyClock::now() < deadline) {
    const Owned<rd_kafka_message_t, rd_kafka_message_destroy> message(
        rd_kafka_consumer_poll(consumer.get(), kPollMs));
    // Errors between here and a broker mend themselves; the deadline judges.
    if (message == nullptr || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    values.emplace_back(static_cast<const char*>(message->payload), message->len);
  }
  rd_kafka_consumer_close(consumer.get());
  return values;
}

int PlainClient::CountInSync(const std::string& topic) {
  const Owned<rd_kafka_topic_t, rd_kafka_topic_destroy> handle(
      rd_kafka_topic_new(producer_.get(), topic.c_str(), nullptr));
  const rd_kafka_metadata_t* found = nullptr;
  if (rd_kafka_metadata(producer_.get(), /*all_topics=*/0, handle.get(), &found, kPingMs) !=
      RD_KAFKA_RESP_ERR_NO_ERROR) {
    return -1;
  }
  const int count = found->topic_cnt == 1 && found->topics[0].partition_cnt == 1
                        ? found->topics[0].partitions[0].isr_cnt
                        : -1;
  rd_kafka_metadata_destroy(found);
  return count;
}

Status PlainClient::WaitForInSync(const std::string& topic, int count) {
  const auto deadline = SteadyClock::now() + kPatience;
  int last = -1;
  while (SteadyClock::now() < deadline) {
    last = CountInSync(topic);
    if (last == count) return OkStatus();
    rd_kafka_poll(producer_.get(), kPollMs);
  }
  return {Reason::kLogUnavailable, "topic " + topic + " has " + std::to_string(last) +
                                       " in-sync replicas, not " + std::to_string(count)};
}

Status PlainClient::Ping() {
  const rd_kafka_metadata_t* found = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(producer_.get(), /*all_topics=*/0, nullptr, &found, kPingMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return Failed("asking a broker", error);
  rd_kafka_metadata_destroy(found);
  return OkStatus();
}

}  // namespace motcua::testing
