// Processes of all services, two of each, on a Kafka topic of their own.
//
// Free function; one thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/cli/local_cluster.h"
#include "services/platform/kafka/topics.h"

namespace motcua::testing {

// Makes the topic first. `more`: flags of each process.
inline Result<std::unique_ptr<cli::LocalCluster>> StartOnTopic(
    const std::string& brokers, const std::string& topic, engine::PartitionId partitions,
    const std::filesystem::path& data, const std::vector<std::string>& more = {}) {
  kafka::KafkaConnection connection;
  connection.brokers = brokers;
  kafka::TopicPlan plan;
  plan.names = {topic, topic + ".parties", topic + ".catalogue"};
  plan.partitions = partitions;
  plan.replicas = 1;
  plan.in_sync_min = 1;
  MOTCUA_RETURN_IF_ERROR(kafka::CreateTopics(connection, plan).status());
  cli::LocalClusterOptions options;
  options.data = data;
  options.programs = MOTCUA_BIN_DIR;
  options.brokers = brokers;
  options.partitions = partitions;
  options.flags = {"--kafka-topic=" + topic, "--kafka-allow-unsafe=true"};
  options.flags.insert(options.flags.end(), more.begin(), more.end());
  return cli::LocalCluster::Start(std::move(options));
}

}  // namespace motcua::testing
