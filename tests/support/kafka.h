// Real Apache Kafka for tests, through scripts/kafka: one broker that tests share, or a cluster of
// a test's own that it may kill, pause and start again.
//
//   const auto cluster = KafkaCluster::Start(3);
//   MOTCUA_REQUIRE_KAFKA(cluster);
//   (*cluster)->KillBroker(2);
//
// Nodes are numbered from 1; each is broker and controller. Everything blocks. One thread per
// cluster. Programs that use it are made with motcua_kafka_test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {

// How clients reach the brokers: with kSsl they show a certificate, with kSasl… a password.
enum class KafkaSecurity { kPlaintext, kSsl, kSaslPlaintext, kSaslSsl };

class KafkaCluster {
 public:
  // librdkafka's names and values.
  using Settings = std::vector<std::pair<std::string, std::string>>;

  // A new cluster of 1 or 3 nodes in a folder of its own, ready to be used. LOG_UNAVAILABLE where
  // Kafka cannot be had, see MOTCUA_REQUIRE_KAFKA; INTERNAL with the script's words where it does
  // not start. Should this process end without the destructor, the brokers end with it.
  // With an `advertise_port_offset` brokers listen on ports so much below those in bootstrap(),
  // and clients reach them only through proxies of the caller's.
  // `node_environment`: "NAME=VALUE …" for the brokers' processes, where % is the node's number.
  static Result<std::unique_ptr<KafkaCluster>> Start(
      int brokers = 1, KafkaSecurity security = KafkaSecurity::kPlaintext,
      int advertise_port_offset = 0, const std::string& node_environment = {});
  KafkaCluster(const KafkaCluster&) = delete;
  KafkaCluster& operator=(const KafkaCluster&) = delete;
  ~KafkaCluster();

  // "HOST:PORT,…" of all nodes, also of those that are down.
  const std::string& bootstrap() const { return bootstrap_; }
  // What a client has to set beside bootstrap.servers: protocol, certificates, user, password.
  const Settings& client_settings() const { return client_settings_; }
  // Each node's partitions are in node-N/data and what it prints in node-N/log, the certificates in
  // security/.
  std::filesystem::path folder() const { return home_ / "kafka"; }

  // kill -9.
  Status KillBroker(int node) { return Command({"kill", std::to_string(node)}); }
  // The same address and data. Back when it serves again, or at once while there is no majority.
  Status StartBroker(int node) { return Command({"start-broker", std::to_string(node)}); }
  // SIGSTOP and SIGCONT.
  Status PauseBroker(int node) { return Command({"pause", std::to_string(node)}); }
  Status ResumeBroker(int node) { return Command({"resume", std::to_string(node)}); }
  // The active controller's node. Waits for an election under way.
  Result<int> Controller();

 private:
  KafkaCluster() = default;
  Status Command(std::vector<std::string> words);

  const TempDir home_;
  std::vector<std::string> environment_;  // of the script
  std::string bootstrap_;
  Settings client_settings_;
};

// The bootstrap address of the broker that tests share: one node, plaintext. Topics are a test's
// own, by name; nobody kills it. Errors as KafkaCluster::Start.
Result<std::string> SharedKafka();

// True if `status` says that this machine has no Kafka, rather than that something is broken.
bool IsKafkaMissing(const Status& status);

}  // namespace motcua::testing

// Skips the test, by name and with the reason, where Kafka cannot be had; fails it where Kafka does
// not work. `result` is what Start or SharedKafka returned.
#define MOTCUA_REQUIRE_KAFKA(result)                          \
  if (::motcua::testing::IsKafkaMissing((result).status())) { \
    GTEST_SKIP() << (result).status().message();              \
  }                                                           \
  ASSERT_TRUE((result).ok()) << (result).status().ToString()
