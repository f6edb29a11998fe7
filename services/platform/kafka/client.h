// How every Kafka client of a process is made: where the brokers are, how they are spoken to, and
// what a librdkafka error means to motcua.
//
//   MOTCUA_ASSIGN_OR_RETURN(ConfHandle conf, MakeConf(connection));
//   MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "acks", "all"));
//   MOTCUA_ASSIGN_OR_RETURN(ClientHandle client, MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
//
// Secrets stand in KafkaSecurity and in librdkafka's configuration; they are in no Status, and
// `warn` never gets them. Stateless; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/handles.h"

namespace motcua::kafka {

// A call that waits for a broker: opening, topics, one question for the end of a partition.
inline constexpr std::chrono::milliseconds kCallTimeout{10'000};
// Between two tries to connect, growing from the first to the second: a broker that is back is used
// within a second.
inline constexpr std::chrono::milliseconds kReconnectPauseMin{50};
inline constexpr std::chrono::milliseconds kReconnectPauseMax{1'000};
// A request without an answer is given up and its connection closed: a hung broker, a lost route.
inline constexpr std::chrono::milliseconds kSocketTimeout{10'000};
// librdkafka may say the same several times a second while a broker is down.
inline constexpr std::chrono::milliseconds kWarnPause{5'000};

// What librdkafka says of an error is cut off there.
inline constexpr std::size_t kErrorTextBytes = 512;

using Warn = std::function<void(const Status&)>;  // any thread; what an operator should know

enum class KafkaProtocol : std::uint8_t { kPlaintext, kSsl, kSaslPlaintext, kSaslSsl };

// "plaintext", "ssl", "sasl_plaintext", "sasl_ssl"; else FIELD_INVALID.
Result<KafkaProtocol> ParseKafkaProtocol(std::string_view text);

// Certificates of brokers and their host names are always verified.
struct KafkaSecurity {
  KafkaProtocol protocol = KafkaProtocol::kPlaintext;
  std::string ca_file;           // PEM; empty = the machine's
  std::string certificate_file;  // PEM, of this client; with key_file
  std::string key_file;
  std::string key_password;    // secret
  std::string sasl_mechanism;  // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
  std::string sasl_username;
  std::string sasl_password;  // secret
};

struct KafkaConnection {
  std::string brokers;  // "host:port,host:port"
  KafkaSecurity security;
  Warn* warn = nullptr;  // none, or outlives every client
};

// The settings that all clients share. FIELD_INVALID names the setting, FILE_UNREADABLE the file.
Result<ConfHandle> MakeConf(const KafkaConnection& connection);
// A defect of ours if librdkafka does not take it: INTERNAL.
Status SetConf(rd_kafka_conf_t& conf, const char* name, const std::string& value);
Status SetConf(rd_kafka_conf_t& conf, const char* name, std::chrono::milliseconds value);
Result<ClientHandle> MakeClient(rd_kafka_type_t type, ConfHandle conf);

// LOG_UNAVAILABLE "what: <librdkafka's text>"; metadata "kafka" is the stable name of the error.
// LOG_REFUSED when a broker has answered and no waiting alone changes what it says.
Status KafkaError(rd_kafka_resp_err_t error, std::string_view what);
// Whether the error says that the topic or the partition does not exist.
bool IsGone(rd_kafka_resp_err_t error);

int Milliseconds(std::chrono::milliseconds time);

// What a topic looks like to the brokers.
struct TopicShape {
  bool exists = false;
  engine::PartitionId partitions = 0;
  int replicas_min = 0;      // of its partitions
  std::vector<int> leaders;  // the broker of each partition; -1: there is none
};
// LOG_UNAVAILABLE when no broker answers. Blocks up to `timeout`.
Result<TopicShape> DescribeTopic(rd_kafka_t& client, const std::string& topic,
                                 std::chrono::milliseconds timeout);

// One end of a partition.
enum class LogEdge : std::uint8_t {
  kBegin,  // the first record that is still there
  kEnd,    // after the last record that may be read: the leader's high watermark
};
// Where several partitions end, asked in one call of all their leaders: as many answers. One leader
// that does not answer fails the call, and so each of them.
struct EndAnswer {
  Result<engine::Offset> end;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
};
std::vector<EndAnswer> QueryEnds(rd_kafka_t& client, const std::string& topic,
                                 const std::vector<engine::PartitionId>& partitions,
                                 std::chrono::milliseconds timeout);

// Asks the partition's leader. Blocks up to `timeout`. `error` gets what Kafka said.
Result<engine::Offset> QueryEdge(rd_kafka_t& client, const std::string& topic,
                                 engine::PartitionId partition, LogEdge edge,
                                 std::chrono::milliseconds timeout,
                                 rd_kafka_resp_err_t* error = nullptr);

}  // namespace motcua::kafka
