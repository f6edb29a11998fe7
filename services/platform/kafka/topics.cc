#include "services/platform/kafka/topics.h"

#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <utility>

namespace motcua::kafka {
namespace {

// For a topic just made to be known everywhere and to have leaders; seconds on a loaded machine.
constexpr std::chrono::milliseconds kTopicTimeout{30'000};
// Between two looks whether a topic just made can be used.
constexpr std::chrono::milliseconds kLookPause{100};

// What a topic is told when it is made.
using Settings = std::map<std::string, std::string, std::less<>>;
// What it goes by, and whether that is its own setting or a default of the cluster.
struct PresentSetting {
  std::string value;
  bool own = false;
};
using PresentSettings = std::map<std::string, PresentSetting, std::less<>>;

Settings SettingsOf(const TopicPlan& plan, bool compacted) {
  return {
      {"cleanup.policy", compacted ? "compact" : "delete"},
      {"retention.ms", "-1"},
      {"retention.bytes", "-1"},
      {"min.insync.replicas", std::to_string(plan.in_sync_min)},
      {"unclean.leader.election.enable", "false"},
      {"max.message.bytes", std::to_string(kTopicBatchBytesMax)},
      // When the log took it: every reader holds an event's own time against it.
      {"message.timestamp.type", "LogAppendTime"},
  };
}

struct AdminCall {
  QueueHandle queue;
  AdminOptionsHandle options;
};

Result<AdminCall> MakeAdminCall(rd_kafka_t& client, rd_kafka_admin_op_t kind) {
  AdminCall call{QueueHandle(rd_kafka_queue_new(&client)),
                 AdminOptionsHandle(rd_kafka_AdminOptions_new(&client, kind))};
  std::array<char, kErrorTextBytes> text{};
  const rd_kafka_resp_err_t error = rd_kafka_AdminOptions_set_request_timeout(
      call.options.get(), Milliseconds(kCallTimeout), text.data(), text.size());
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(error, "a request's timeout");
  return call;
}

Result<EventHandle> Await(rd_kafka_queue_t& queue, const std::string& what) {
  // The request has its own, shorter timeout: nothing is left running.
  EventHandle event(rd_kafka_queue_poll(&queue, Milliseconds(2 * kCallTimeout)));
  if (!event) return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return KafkaError(rd_kafka_event_error(event.get()), what);
  }
  return event;
}

Result<NewTopicHandle> MakeNewTopic(const std::string& name, int partitions, int replicas,
                                    const Settings& settings) {
  std::array<char, kErrorTextBytes> text{};
  NewTopicHandle topic(
      rd_kafka_NewTopic_new(name.c_str(), partitions, replicas, text.data(), text.size()));
  if (!topic) return FieldError("kafka.partitions", text.data());
  for (const auto& [key, value] : settings) {
    const rd_kafka_resp_err_t error =
        rd_kafka_NewTopic_set_config(topic.get(), key.c_str(), value.c_str());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(error, key);
  }
  return topic;
}

// A topic that is there already is left as it is.
Status CreateMissing(rd_kafka_t& client, const TopicPlan& plan) {
  std::array<NewTopicHandle, 3> topics;
  MOTCUA_ASSIGN_OR_RETURN(topics[0], MakeNewTopic(plan.names.case_events, plan.partitions,
                                                  plan.replicas, SettingsOf(plan, false)));
  MOTCUA_ASSIGN_OR_RETURN(topics[1], MakeNewTopic(plan.names.case_parties, plan.partitions,
                                                  plan.replicas, SettingsOf(plan, true)));
  MOTCUA_ASSIGN_OR_RETURN(
      topics[2], MakeNewTopic(plan.names.catalogue, 1, plan.replicas, SettingsOf(plan, true)));
  std::array<rd_kafka_NewTopic_t*, 3> raw = {topics[0].get(), topics[1].get(), topics[2].get()};
  MOTCUA_ASSIGN_OR_RETURN(const AdminCall call,
                          MakeAdminCall(client, RD_KAFKA_ADMIN_OP_CREATETOPICS));
  rd_kafka_CreateTopics(&client, raw.data(), raw.size(), call.options.get(), call.queue.get());
  MOTCUA_ASSIGN_OR_RETURN(const EventHandle event, Await(*call.queue, "making the topics"));
  std::size_t count = 0;
  const rd_kafka_topic_result_t** const results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      continue;
    }
    const char* const why = rd_kafka_topic_result_error_string(results[i]);
    return KafkaError(error, "making topic " + std::string(rd_kafka_topic_result_name(results[i])) +
                                 " (" + (why == nullptr ? "" : why) + ")");
  }
  return OkStatus();
}

// Whether the topic has its partitions and each has a leader that answers.
Status LookAtTopic(rd_kafka_t& client, const TopicPlan& plan) {
  const std::string& topic = plan.names.case_events;
  MOTCUA_ASSIGN_OR_RETURN(const TopicShape shape, DescribeTopic(client, topic, kCallTimeout));
  if (!shape.exists) return KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, topic);
  if (shape.partitions != plan.partitions) {
    return FieldError("kafka.partitions", "is " + std::to_string(plan.partitions) + ", but topic " +
                                              topic + " has " + std::to_string(shape.partitions));
  }
  for (engine::PartitionId p = 0; p < plan.partitions; ++p) {
    MOTCUA_RETURN_IF_ERROR(QueryEdge(client, topic, p, LogEdge::kEnd, kCallTimeout).status());
  }
  return OkStatus();
}

// A topic made a moment ago is not known to every broker at once, and has no leaders yet.
Status AwaitTopic(rd_kafka_t& client, const TopicPlan& plan) {
  const auto deadline = std::chrono::steady_clock::now() + kTopicTimeout;
  for (;;) {
    const Status looked = LookAtTopic(client, plan);
    if (looked.reason() != Reason::kLogUnavailable ||
        std::chrono::steady_clock::now() >= deadline) {
      return looked;
    }
    rd_kafka_poll(&client, Milliseconds(kLookPause));
  }
}

Result<PresentSettings> DescribeSettings(rd_kafka_t& client, const std::string& topic) {
  const ConfigHandle resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  MOTCUA_ASSIGN_OR_RETURN(const AdminCall call,
                          MakeAdminCall(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  rd_kafka_ConfigResource_t* raw = resource.get();
  rd_kafka_DescribeConfigs(&client, &raw, 1, call.options.get(), call.queue.get());
  const std::string what = "asking for the settings of topic " + topic;
  MOTCUA_ASSIGN_OR_RETURN(const EventHandle event, Await(*call.queue, what));
  std::size_t resources = 0;
  const rd_kafka_ConfigResource_t** const found = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &resources);
  if (resources != 1) return KafkaError(RD_KAFKA_RESP_ERR__BAD_MSG, what);
  if (rd_kafka_ConfigResource_error(found[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return KafkaError(rd_kafka_ConfigResource_error(found[0]), what);
  }
  std::size_t count = 0;
  const rd_kafka_ConfigEntry_t** const entries = rd_kafka_ConfigResource_configs(found[0], &count);
  PresentSettings settings;
  for (std::size_t i = 0; i < count; ++i) {
    const char* const value = rd_kafka_ConfigEntry_value(entries[i]);
    settings[rd_kafka_ConfigEntry_name(entries[i])] = {
        value == nullptr ? "" : value,
        rd_kafka_ConfigEntry_source(entries[i]) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG};
  }
  return settings;
}

std::int64_t NumberOf(const PresentSettings& settings, std::string_view name) {
  const auto found = settings.find(name);
  std::int64_t number = 0;
  if (found == settings.end()) return number;
  const std::string& text = found->second.value;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Findings {
 public:
  Findings(std::string topic, const PresentSettings& settings)
      : topic_(std::move(topic)), settings_(settings) {}

  void Expect(std::string_view name, std::string_view value, std::string_view harm) {
    const auto found = settings_.find(name);
    const std::string present = found == settings_.end() ? "not told" : found->second.value;
    if (present == value) return;
    Add(true, std::string(name) + " is " + present + ": " + std::string(harm) + "; set it to " +
                  std::string(value) + ".");
  }
  // Since Kafka 4.1 a cluster keeps min.insync.replicas as server.properties had it at the very
  // first start (eligible leader replicas): what is written there later counts for nothing, and a
  // topic without a setting of its own follows what nobody sees.
  void ExpectOwn(std::string_view name) {
    const auto found = settings_.find(name);
    if (found == settings_.end() || found->second.own) return;
    Add(false, std::string(name) + " is no setting of the topic itself: it follows a default of " +
                   "the cluster, which may be what server.properties said at the very first " +
                   "start; set it for the topic.");
  }
  void Add(bool unsafe, std::string text) {
    rows_.push_back({topic_, unsafe, false, std::move(text)});
  }
  void AddUseless(std::string text) { rows_.push_back({topic_, true, true, std::move(text)}); }
  std::vector<TopicFinding> Take() { return std::move(rows_); }

 private:
  std::string topic_;
  const PresentSettings& settings_;
  std::vector<TopicFinding> rows_;
};

Result<std::vector<TopicFinding>> CheckTopic(rd_kafka_t& client, const std::string& topic,
                                             bool compacted) {
  MOTCUA_ASSIGN_OR_RETURN(const TopicShape shape, DescribeTopic(client, topic, kCallTimeout));
  if (!shape.exists) {
    return Status(Reason::kFileInvalid, "topic " + topic + " is missing; run `motcua admin topics`",
                  {{"topic", topic}});
  }
  MOTCUA_ASSIGN_OR_RETURN(const PresentSettings settings, DescribeSettings(client, topic));
  Findings findings(topic, settings);
  findings.Expect("cleanup.policy", compacted ? "compact" : "delete",
                  compacted ? "records that count are removed by age"
                            : "only the last event of each unit would be kept");
  if (!compacted) {
    findings.Expect("retention.ms", "-1", "events older than that are deleted");
    findings.Expect("retention.bytes", "-1", "events beyond that size are deleted");
  }
  if (const auto type = settings.find("message.timestamp.type");
      !compacted && (type == settings.end() || type->second.value != "LogAppendTime")) {
    findings.AddUseless(
        "message.timestamp.type is " + (type == settings.end() ? "not told" : type->second.value) +
        ": a record would carry its writer's time, and the broker's is needed to notice a wrong "
        "clock; set it to LogAppendTime.");
  }
  findings.Expect("unclean.leader.election.enable", "false",
                  "a broker that lags may become leader, and what it lacks is lost");
  findings.ExpectOwn("min.insync.replicas");
  const std::int64_t in_sync = NumberOf(settings, "min.insync.replicas");
  if (shape.replicas_min < 2) {
    findings.Add(true,
                 "there is a single copy of each record: a lost disk loses the log; use at "
                 "least 3 brokers and replication factor 3.");
  } else if (in_sync < 2) {
    findings.Add(true, "min.insync.replicas is " + std::to_string(in_sync) +
                           ": a record counts with a single copy; set it to 2 or more.");
  } else if (in_sync >= shape.replicas_min) {
    findings.Add(false, "min.insync.replicas is " + std::to_string(in_sync) + " of " +
                            std::to_string(shape.replicas_min) +
                            " copies: the log stops when one broker does; set it to one less.");
  }
  if (NumberOf(settings, "max.message.bytes") < static_cast<std::int64_t>(kBatchBytesMax)) {
    findings.Add(false, "max.message.bytes is below " + std::to_string(kBatchBytesMax) +
                            ": large batches are refused; set it to " +
                            std::to_string(kTopicBatchBytesMax) + ".");
  }
  return findings.Take();
}

}  // namespace

Result<Genesis> CreateTopics(const KafkaConnection& connection, const TopicPlan& plan) {
  if (plan.partitions == 0) return FieldError("kafka.partitions", "must be at least 1");
  if (plan.replicas < 1) return FieldError("kafka.replicas", "must be at least 1");
  if (plan.in_sync_min < 1 || plan.in_sync_min > plan.replicas) {
    return FieldError("kafka.in_sync_min", "must be between 1 and the number of replicas");
  }
  MOTCUA_ASSIGN_OR_RETURN(const ClientHandle client, MakeControlClient(connection));
  MOTCUA_RETURN_IF_ERROR(CreateMissing(*client, plan));
  MOTCUA_RETURN_IF_ERROR(AwaitTopic(*client, plan));
  return WriteGenesis(connection, plan.names.case_events, plan.partitions);
}

Result<std::vector<TopicFinding>> CheckCaseEvents(rd_kafka_t& client, const std::string& topic) {
  return CheckTopic(client, topic, false);
}

Result<std::vector<TopicFinding>> CheckTopics(const KafkaConnection& connection,
                                              const TopicNames& names) {
  MOTCUA_ASSIGN_OR_RETURN(const ClientHandle client, MakeControlClient(connection));
  MOTCUA_ASSIGN_OR_RETURN(std::vector<TopicFinding> all,
                          CheckTopic(*client, names.case_events, false));
  for (const std::string& compacted : {names.case_parties, names.catalogue}) {
    MOTCUA_ASSIGN_OR_RETURN(std::vector<TopicFinding> more, CheckTopic(*client, compacted, true));
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace motcua::kafka
