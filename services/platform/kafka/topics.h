// The topics of motcua: made with settings that lose nothing, and held against them later.
//
//   MOTCUA_ASSIGN_OR_RETURN(const Genesis genesis, CreateTopics(connection, plan));
//   MOTCUA_ASSIGN_OR_RETURN(const auto findings, CheckTopics(connection, plan.names));
//
// Blocking calls for the command line and for opening; stateless; any thread.
#pragma once

#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/genesis.h"

namespace motcua::kafka {

// A batch on the wire; holds at least one record of kRecordBytesMax.
inline constexpr std::size_t kBatchBytesMax = 1'000'000;
// What a topic takes: a batch and what Kafka adds around it.
inline constexpr std::size_t kTopicBatchBytesMax = 1'048'576;
static_assert(engine::kRecordBytesMax < kBatchBytesMax && kBatchBytesMax < kTopicBatchBytesMax);

struct TopicNames {
  std::string case_events = "motcua.case-events.v1";
  std::string case_parties = "motcua.case-parties.v1";
  std::string catalogue = "motcua.catalogue.v1";
};

struct TopicPlan {
  TopicNames names;
  engine::PartitionId partitions = 12;
  int replicas = 3;
  int in_sync_min = 2;  // copies that must have a record before it counts
};

// Makes the topics that are missing and writes the first records that are missing; run again, it
// completes what was interrupted. Changes nothing that is there: FIELD_INVALID when the topic of
// case events has another number of partitions.
Result<Genesis> CreateTopics(const KafkaConnection& connection, const TopicPlan& plan);

struct TopicFinding {
  std::string topic;
  bool unsafe = false;   // records could be lost; else only odd
  bool useless = false;  // the log cannot be kept in it, whatever may be lost
  std::string text;      // what is wrong and what to do, one sentence
};
// Holds the topics' settings against what CreateTopics would make. FILE_INVALID: a topic is
// missing.
Result<std::vector<TopicFinding>> CheckTopics(const KafkaConnection& connection,
                                              const TopicNames& names);
// The same for the topic of case events alone, through a client that is there.
Result<std::vector<TopicFinding>> CheckCaseEvents(rd_kafka_t& client, const std::string& topic);

}  // namespace motcua::kafka
