#include "services/platform/kafka/genesis.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <random>
#include <utility>

#include "services/base/text.h"

namespace motcua::kafka {
namespace {

constexpr std::string_view kFormat = "motcua-log-2";
constexpr std::string_view kFirstFormat = "motcua-log-1";
constexpr std::size_t kIdDigits = 32;
// Enough for a first record, far from the prefetching of a reader.
constexpr int kControlFetchBytes = 64 * 1024;
// A broker answers a connection in order, and when librdkafka has the record that is wanted it
// fetches on: the next question, of each partition, would stand behind that for its half second.
constexpr std::chrono::milliseconds kControlFetchWait{1};
// Re-poll interval; records already fetched are delivered sooner.
constexpr std::chrono::milliseconds kNudgePause{5};

std::string NewId() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < kIdDigits) id.push_back(kDigits[random() % kDigits.size()]);
  return id;
}

bool IsId(std::string_view text) {
  return text.size() == kIdDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::optional<engine::PartitionId> ParseNumber(std::string_view text) {
  engine::PartitionId number = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto parsed = std::from_chars(begin, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

std::string PartitionText(const std::string& topic, engine::PartitionId partition) {
  return "partition " + std::to_string(partition) + " of topic " + topic;
}

Status NotMotcua(const std::string& topic, const std::string& what) {
  return Status(Reason::kFileInvalid,
                what + "; run `motcua admin topics` to make or complete the log's topics",
                {{"topic", topic}});
}

// The first message after kGenesisOffset that the broker hands out. librdkafka 2.0.2 does not wake
// the thread of a broker when there is a partition to fetch, and that may sleep for a second; a
// question wakes it.
Result<MessageHandle> ReadFirst(rd_kafka_t& control, const std::string& topic,
                                engine::PartitionId partition, std::chrono::milliseconds timeout) {
  const TopicHandle handle(rd_kafka_topic_new(&control, topic.c_str(), nullptr));
  const std::string what = "reading " + PartitionText(topic, partition);
  if (rd_kafka_consume_start(handle.get(), partition, static_cast<std::int64_t>(kGenesisOffset)) !=
      0) {
    return KafkaError(rd_kafka_last_error(), what);
  }
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  MessageHandle message;
  Status asked;
  do {
    message.reset(rd_kafka_consume(handle.get(), partition, Milliseconds(kNudgePause)));
    if (!message) asked = QueryEdge(control, topic, partition, LogEdge::kEnd, timeout).status();
  } while (!message && asked.ok() && std::chrono::steady_clock::now() < deadline);
  rd_kafka_consume_stop(handle.get(), partition);
  MOTCUA_RETURN_IF_ERROR(asked);
  if (!message) return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(message->err, what);
  return message;
}

// One acknowledged record, alone in its batch.
Status WriteOne(rd_kafka_t& producer, const std::string& topic, const Genesis& genesis) {
  std::string value = FormatGenesis(genesis);
  const rd_kafka_resp_err_t queued = rd_kafka_producev(
      &producer, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(genesis.partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_KEY(kGenesisKey.data(), kGenesisKey.size()),
      // The macro wants a pointer that may write; with F_COPY it does not.
      RD_KAFKA_V_VALUE(value.data(), value.size()), RD_KAFKA_V_END);
  const std::string what = "writing the first record of " + PartitionText(topic, genesis.partition);
  if (queued != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(queued, what);
  const QueueHandle queue(rd_kafka_queue_get_main(&producer));
  const auto deadline = std::chrono::steady_clock::now() + kCallTimeout;
  while (std::chrono::steady_clock::now() < deadline) {
    const EventHandle event(rd_kafka_queue_poll(queue.get(), Milliseconds(kReconnectPauseMax)));
    if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_DR) continue;
    const rd_kafka_message_t* const message = rd_kafka_event_message_next(event.get());
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(message->err, what);
    return OkStatus();
  }
  return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
}

Result<ClientHandle> MakeGenesisProducer(const KafkaConnection& connection) {
  MOTCUA_ASSIGN_OR_RETURN(ConfHandle conf, MakeConf(connection));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "acks", "all"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "enable.idempotence", "true"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "message.timeout.ms", kCallTimeout));
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  return MakeClient(RD_KAFKA_PRODUCER, std::move(conf));
}

}  // namespace

std::string FormatGenesis(const Genesis& genesis) {
  return std::string(genesis.keeps_instants ? kFormat : kFirstFormat) + " " +
         std::to_string(genesis.partitions) + " " + genesis.id + " " +
         std::to_string(genesis.partition);
}

std::optional<Genesis> ParseGenesis(std::string_view key, std::string_view value) {
  const auto words = SplitText(value, ' ');
  if (key != kGenesisKey || words.size() != 4 || !IsId(words[2]) ||
      (words[0] != kFormat && words[0] != kFirstFormat)) {
    return std::nullopt;
  }
  const auto partitions = ParseNumber(words[1]);
  const auto partition = ParseNumber(words[3]);
  if (!partitions || !partition || *partition >= *partitions) return std::nullopt;
  return Genesis{*partitions, std::string(words[2]), *partition, words[0] == kFormat};
}

Result<ClientHandle> MakeControlClient(const KafkaConnection& connection) {
  MOTCUA_ASSIGN_OR_RETURN(ConfHandle conf, MakeConf(connection));
  MOTCUA_RETURN_IF_ERROR(
      SetConf(*conf, "fetch.message.max.bytes", std::to_string(kControlFetchBytes)));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "fetch.wait.max.ms", kControlFetchWait));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "queued.min.messages", "1"));
  MOTCUA_RETURN_IF_ERROR(
      SetConf(*conf, "queued.max.messages.kbytes", std::to_string(kControlFetchBytes / 1024)));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "check.crcs", "true"));
  // As the readers: an abandoned transaction of a stranger must not hide the end.
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "isolation.level", "read_uncommitted"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "auto.offset.reset", "error"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "allow.auto.create.topics", "false"));
  return MakeClient(RD_KAFKA_CONSUMER, std::move(conf));
}

Result<std::optional<Genesis>> ReadGenesis(rd_kafka_t& control, const std::string& topic,
                                           engine::PartitionId partition,
                                           std::chrono::milliseconds timeout) {
  MOTCUA_ASSIGN_OR_RETURN(const engine::Offset begin,
                          QueryEdge(control, topic, partition, LogEdge::kBegin, timeout));
  const std::string place = PartitionText(topic, partition);
  if (begin != kGenesisOffset) {
    return Status(Reason::kLogDamaged,
                  place + " begins at offset " + std::to_string(begin) +
                      ": records were removed from its beginning (retention, or by hand)",
                  {{"partition", std::to_string(partition)}});
  }
  MOTCUA_ASSIGN_OR_RETURN(const engine::Offset end,
                          QueryEdge(control, topic, partition, LogEdge::kEnd, timeout));
  if (end == kGenesisOffset) return std::optional<Genesis>();
  MOTCUA_ASSIGN_OR_RETURN(const MessageHandle message,
                          ReadFirst(control, topic, partition, timeout));
  const std::string_view key(static_cast<const char*>(message->key), message->key_len);
  const std::string_view value(static_cast<const char*>(message->payload), message->len);
  std::optional<Genesis> genesis = ParseGenesis(key, value);
  if (message->offset != static_cast<std::int64_t>(kGenesisOffset) || !genesis ||
      genesis->partition != partition) {
    return Status(Reason::kLogDamaged,
                  place + " does not begin with the record that makes it a log of motcua",
                  {{"partition", std::to_string(partition)}});
  }
  return genesis;
}

Status JudgeGenesis(const std::string& topic, engine::PartitionId partition,
                    const std::optional<Genesis>& found, const Genesis& genesis) {
  if (!found) return NotMotcua(topic, PartitionText(topic, partition) + " has no first record");
  if (found->partitions != genesis.partitions) {
    return Status(Reason::kFileInvalid,
                  "topic " + topic + " was made with " + std::to_string(found->partitions) +
                      " partitions and now has " + std::to_string(genesis.partitions) +
                      ": units would change their partition; make a new topic",
                  {{"topic", topic}});
  }
  if (found->id != genesis.id || found->keeps_instants != genesis.keeps_instants) {
    return Status(Reason::kLogDamaged,
                  PartitionText(topic, partition) + " belongs to another log than partition " +
                      std::to_string(genesis.partition),
                  {{"partition", std::to_string(partition)}});
  }
  return OkStatus();
}

Result<PresentGenesis> ReadPresentGenesis(rd_kafka_t& control, const std::string& topic,
                                          const TopicShape& shape) {
  std::optional<Genesis> first;
  std::map<engine::PartitionId, Status> away;
  std::map<int, Status> silent;  // brokers
  silent[-1] =
      KafkaError(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, "opening a partition of topic " + topic);
  for (engine::PartitionId p = 0; p < shape.partitions; ++p) {
    const int leader = p < shape.leaders.size() ? shape.leaders[p] : -1;
    if (const auto known = silent.find(leader); known != silent.end()) {
      away[p] = known->second;
      continue;
    }
    const Result<std::optional<Genesis>> found = ReadGenesis(control, topic, p);
    if (found.status().reason() == Reason::kLogUnavailable) {
      silent[leader] = away[p] = found.status();
      continue;
    }
    MOTCUA_RETURN_IF_ERROR(found.status());
    if (!first && *found) {
      first = **found;
      first->partitions = shape.partitions;
    }
    MOTCUA_RETURN_IF_ERROR(JudgeGenesis(topic, p, *found, first.value_or(Genesis{})));
  }
  if (!first) return away.begin()->second;
  return PresentGenesis{*std::move(first), std::move(away)};
}

Result<Genesis> ReadWholeGenesis(rd_kafka_t& control, const std::string& topic,
                                 engine::PartitionId partitions) {
  std::optional<Genesis> first;
  for (engine::PartitionId p = 0; p < partitions; ++p) {
    MOTCUA_ASSIGN_OR_RETURN(std::optional<Genesis> genesis, ReadGenesis(control, topic, p));
    if (p == 0) {
      first = genesis.value_or(Genesis{});
      first->partitions = partitions;
    }
    MOTCUA_RETURN_IF_ERROR(JudgeGenesis(topic, p, genesis, *first));
  }
  return first.value_or(Genesis{});
}

Result<Genesis> WriteGenesis(const KafkaConnection& connection, const std::string& topic,
                             engine::PartitionId partitions) {
  MOTCUA_ASSIGN_OR_RETURN(const ClientHandle control, MakeControlClient(connection));
  MOTCUA_ASSIGN_OR_RETURN(const ClientHandle producer, MakeGenesisProducer(connection));
  Genesis genesis{partitions, NewId(), 0};
  for (engine::PartitionId p = 0; p < partitions; ++p) {
    genesis.partition = p;
    MOTCUA_ASSIGN_OR_RETURN(std::optional<Genesis> present, ReadGenesis(*control, topic, p));
    if (!present) {
      MOTCUA_RETURN_IF_ERROR(WriteOne(*producer, topic, genesis));
      MOTCUA_ASSIGN_OR_RETURN(present, ReadGenesis(*control, topic, p));
    }
    if (p == 0 && present) {
      genesis.id = present->id;
      genesis.keeps_instants = present->keeps_instants;
    }
  }
  return ReadWholeGenesis(*control, topic, partitions);
}

}  // namespace motcua::kafka
