#include "services/platform/kafka/client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace motcua::kafka {
namespace {

constexpr int kSyslogError = 3;

struct ProtocolRow {
  KafkaProtocol protocol;
  std::string_view name;  // librdkafka's too
};
constexpr std::array<ProtocolRow, 4> kProtocols = {
    {{KafkaProtocol::kPlaintext, "plaintext"},
     {KafkaProtocol::kSsl, "ssl"},
     {KafkaProtocol::kSaslPlaintext, "sasl_plaintext"},
     {KafkaProtocol::kSaslSsl, "sasl_ssl"}}};
constexpr std::array<std::string_view, 3> kMechanisms = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"};

std::string_view NameOf(KafkaProtocol protocol) {
  return kProtocols.at(static_cast<std::size_t>(protocol)).name;
}
bool UsesTls(KafkaProtocol protocol) {
  return protocol == KafkaProtocol::kSsl || protocol == KafkaProtocol::kSaslSsl;
}
bool UsesSasl(KafkaProtocol protocol) {
  return protocol == KafkaProtocol::kSaslPlaintext || protocol == KafkaProtocol::kSaslSsl;
}

Status CheckReadable(const std::string& file, std::string_view field) {
  if (file.empty() || std::ifstream(file).good()) return OkStatus();
  return Status(Reason::kFileUnreadable, std::string(field) + ": " + file + " cannot be read",
                {{"file", file}, {"field", std::string(field)}});
}

Status CheckSecurity(const KafkaSecurity& security) {
  if (UsesSasl(security.protocol)) {
    if (std::find(kMechanisms.begin(), kMechanisms.end(), security.sasl_mechanism) ==
        kMechanisms.end()) {
      return FieldError("kafka.sasl_mechanism", "must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
    }
    if (security.sasl_username.empty()) return FieldError("kafka.sasl_username", "is missing");
    if (security.sasl_password.empty()) return FieldError("kafka.sasl_password", "is missing");
  } else if (!security.sasl_mechanism.empty() || !security.sasl_username.empty() ||
             !security.sasl_password.empty()) {
    return FieldError("kafka.protocol", "is without SASL, but SASL settings are given");
  }
  if (!UsesTls(security.protocol)) {
    if (!security.ca_file.empty() || !security.certificate_file.empty() ||
        !security.key_file.empty()) {
      return FieldError("kafka.protocol", "is without TLS, but certificate files are given");
    }
    return OkStatus();
  }
  if (security.certificate_file.empty() != security.key_file.empty()) {
    return FieldError(security.key_file.empty() ? "kafka.key_file" : "kafka.certificate_file",
                      "is missing: a certificate and its key go together");
  }
  MOTCUA_RETURN_IF_ERROR(CheckReadable(security.ca_file, "kafka.ca_file"));
  MOTCUA_RETURN_IF_ERROR(CheckReadable(security.certificate_file, "kafka.certificate_file"));
  return CheckReadable(security.key_file, "kafka.key_file");
}

Status SetSecurity(rd_kafka_conf_t& conf, const KafkaSecurity& security) {
  const std::array<std::pair<const char*, const std::string*>, 7> settings = {{
      {"ssl.ca.location", &security.ca_file},
      {"ssl.certificate.location", &security.certificate_file},
      {"ssl.key.location", &security.key_file},
      {"ssl.key.password", &security.key_password},
      {"sasl.mechanism", &security.sasl_mechanism},
      {"sasl.username", &security.sasl_username},
      {"sasl.password", &security.sasl_password},
  }};
  MOTCUA_RETURN_IF_ERROR(
      SetConf(conf, "security.protocol", std::string(NameOf(security.protocol))));
  for (const auto& [name, value] : settings) {
    if (!value->empty()) MOTCUA_RETURN_IF_ERROR(SetConf(conf, name, *value));
  }
  return OkStatus();
}

// Answers of a broker that speak of the request, the topic's settings or the caller's rights. The
// others (no leader, too few in-sync replicas, …) pass by themselves.
bool IsRefusal(rd_kafka_resp_err_t error) {
  constexpr std::array kRefusals = {
      RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
      RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
      RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS,
      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM,
      RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE,
      RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
      RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
      RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
      RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT,
      RD_KAFKA_RESP_ERR_INVALID_CONFIG,
      RD_KAFKA_RESP_ERR_INVALID_REQUEST,
      RD_KAFKA_RESP_ERR_INVALID_RECORD,
      RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
  };
  return std::find(kRefusals.begin(), kRefusals.end(), error) != kRefusals.end();
}

// librdkafka's own words, from its own threads. Its level is set so that only errors come here.
void OnLog(const rd_kafka_t* client, int, const char* facility, const char* text) {
  static std::atomic<std::int64_t> next_warning_ms{0};  // of the process: its clients say the same
  const auto* const warn = static_cast<const Warn*>(rd_kafka_opaque(client));
  if (warn == nullptr || !*warn) return;
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::steady_clock::now().time_since_epoch())
                       .count();
  std::int64_t due = next_warning_ms;
  if (now < due || !next_warning_ms.compare_exchange_strong(due, now + kWarnPause.count())) return;
  (*warn)(Status(Reason::kLogUnavailable,
                 "kafka: " + std::string(facility) + ": " + std::string(text)));
}

}  // namespace

void ClientDestroyer::operator()(rd_kafka_t* client) const {
  // What OnLog would call goes with the owner: nothing more is said.
  rd_kafka_set_log_level(client, 0);
  const auto ended = std::make_shared<std::promise<void>>();
  std::thread([client, ended] {
    rd_kafka_destroy(client);
    ended->set_value();
  }).detach();
  ended->get_future().wait_for(kDestroyTimeout);
}

Result<KafkaProtocol> ParseKafkaProtocol(std::string_view text) {
  for (const ProtocolRow& row : kProtocols) {
    if (row.name == text) return row.protocol;
  }
  return FieldError("kafka.protocol", "must be plaintext, ssl, sasl_plaintext or sasl_ssl");
}

Result<ConfHandle> MakeConf(const KafkaConnection& connection) {
  if (connection.brokers.empty()) return FieldError("kafka.brokers", "is missing");
  MOTCUA_RETURN_IF_ERROR(CheckSecurity(connection.security));
  ConfHandle conf(rd_kafka_conf_new());
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "client.id", "motcua"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "bootstrap.servers", connection.brokers));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "reconnect.backoff.ms", kReconnectPauseMin));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "reconnect.backoff.max.ms", kReconnectPauseMax));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "socket.timeout.ms", kSocketTimeout));
  // A small request must not wait for the acknowledgement of the one before it.
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "socket.nagle.disable", "true"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "log_level", std::to_string(kSyslogError)));
  MOTCUA_RETURN_IF_ERROR(SetSecurity(*conf, connection.security));
  rd_kafka_conf_set_log_cb(conf.get(), OnLog);
  rd_kafka_conf_set_opaque(conf.get(), connection.warn);
  return conf;
}

Status SetConf(rd_kafka_conf_t& conf, const char* name, const std::string& value) {
  std::array<char, kErrorTextBytes> text{};
  if (rd_kafka_conf_set(&conf, name, value.c_str(), text.data(), text.size()) == RD_KAFKA_CONF_OK) {
    return OkStatus();
  }
  // Without librdkafka's text: it may repeat the value, which may be a secret.
  return Status(Reason::kInternal, "librdkafka does not take the setting " + std::string(name));
}

Status SetConf(rd_kafka_conf_t& conf, const char* name, std::chrono::milliseconds value) {
  return SetConf(conf, name, std::to_string(value.count()));
}

Result<ClientHandle> MakeClient(rd_kafka_type_t type, ConfHandle conf) {
  std::array<char, kErrorTextBytes> text{};
  ClientHandle client(rd_kafka_new(type, conf.get(), text.data(), text.size()));
  if (!client) {
    return Status(Reason::kFieldInvalid, "kafka: " + std::string(text.data()),
                  {{"field", "kafka"}});
  }
  conf.release();  // NOLINT(bugprone-unused-return-value): the client owns it now
  return client;
}

Status KafkaError(rd_kafka_resp_err_t error, std::string_view what) {
  return Status(IsRefusal(error) ? Reason::kLogRefused : Reason::kLogUnavailable,
                std::string(what) + ": " + std::string(rd_kafka_err2str(error)),
                {{"kafka", rd_kafka_err2name(error)}});
}

bool IsGone(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         error == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || error == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

int Milliseconds(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

Result<TopicShape> DescribeTopic(rd_kafka_t& client, const std::string& topic,
                                 std::chrono::milliseconds timeout) {
  const TopicHandle handle(rd_kafka_topic_new(&client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(&client, 0, handle.get(), &raw, Milliseconds(timeout));
  const MetadataHandle metadata(raw);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return KafkaError(error, "asking for topic " + topic);
  TopicShape shape;
  if (metadata->topic_cnt != 1) return shape;
  const rd_kafka_metadata_topic_t& row = metadata->topics[0];
  if (IsGone(row.err)) return shape;
  if (row.err != RD_KAFKA_RESP_ERR_NO_ERROR && row.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
    return KafkaError(row.err, "asking for topic " + topic);
  }
  shape.exists = true;
  shape.partitions = static_cast<engine::PartitionId>(row.partition_cnt);
  for (int i = 0; i < row.partition_cnt; ++i) {
    const int replicas = row.partitions[i].replica_cnt;
    shape.replicas_min = i == 0 ? replicas : std::min(shape.replicas_min, replicas);
    const auto partition = static_cast<std::size_t>(row.partitions[i].id);
    if (shape.leaders.size() <= partition) shape.leaders.resize(partition + 1, -1);
    shape.leaders[partition] = row.partitions[i].leader;
  }
  return shape;
}

namespace {

// The rows of `list` as answers, after a call that ended with `asked`.
std::vector<EndAnswer> AnswersOf(const rd_kafka_topic_partition_list_t& list,
                                 rd_kafka_resp_err_t asked) {
  std::vector<EndAnswer> answers;
  answers.reserve(static_cast<std::size_t>(list.cnt));
  for (int i = 0; i < list.cnt; ++i) {
    const rd_kafka_topic_partition_t& row = list.elems[i];
    rd_kafka_resp_err_t error = asked;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = row.err;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR && row.offset < 0) error = RD_KAFKA_RESP_ERR__BAD_MSG;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      answers.emplace_back(static_cast<engine::Offset>(row.offset), error);
    } else {
      // In place: GCC takes a copy's string for uninitialized.
      answers.emplace_back(
          KafkaError(error, "asking where partition " + std::to_string(row.partition) + " ends"),
          error);
    }
  }
  return answers;
}

std::vector<EndAnswer> QueryEdges(rd_kafka_t& client, const std::string& topic,
                                  const std::vector<engine::PartitionId>& partitions, LogEdge edge,
                                  std::chrono::milliseconds timeout) {
  const PartitionsHandle list(
      rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const engine::PartitionId partition : partitions) {
    // A time in Kafka's protocol, of which -2 and -1 are the edges. Not
    // rd_kafka_query_watermark_offsets: that waits for its answer without a limit.
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
        edge == LogEdge::kBegin ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
  }
  const rd_kafka_resp_err_t asked =
      rd_kafka_offsets_for_times(&client, list.get(), Milliseconds(timeout));
  return AnswersOf(*list, asked);
}

}  // namespace

std::vector<EndAnswer> QueryEnds(rd_kafka_t& client, const std::string& topic,
                                 const std::vector<engine::PartitionId>& partitions,
                                 std::chrono::milliseconds timeout) {
  return QueryEdges(client, topic, partitions, LogEdge::kEnd, timeout);
}

Result<engine::Offset> QueryEdge(rd_kafka_t& client, const std::string& topic,
                                 engine::PartitionId partition, LogEdge edge,
                                 std::chrono::milliseconds timeout, rd_kafka_resp_err_t* error) {
  EndAnswer answer = std::move(QueryEdges(client, topic, {partition}, edge, timeout).front());
  if (error != nullptr) *error = answer.error;
  return std::move(answer.end);
}

}  // namespace motcua::kafka
