// One owner per librdkafka handle: a unique_ptr whose deleter is the C library's own. A handle that
// was made from a client (topics, queues, messages, events) must go before the client does, so
// classes declare the client first.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>

namespace motcua::kafka {

template <auto kDestroy>
struct Destroyer {
  template <typename T>
  void operator()(T* handle) const {
    kDestroy(handle);
  }
};

// A client is given kDestroyTimeout to end. librdkafka 2.0.2 never ends one whose topic was deleted
// while it ran (fixed in 2.1.0): it is left behind then, silent, until the process ends.
inline constexpr std::chrono::milliseconds kDestroyTimeout{5'000};
struct ClientDestroyer {
  void operator()(rd_kafka_t* client) const;
};
using ClientHandle = std::unique_ptr<rd_kafka_t, ClientDestroyer>;
// Belongs to the client once rd_kafka_new succeeded: released then, and only then.
using ConfHandle = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;
using TopicConfHandle =
    std::unique_ptr<rd_kafka_topic_conf_t, Destroyer<rd_kafka_topic_conf_destroy>>;
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;
using MessageHandle = std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;
using PartitionsHandle = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                         Destroyer<rd_kafka_topic_partition_list_destroy>>;
using NewTopicHandle = std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_destroy>>;
using ConfigHandle =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroyer<rd_kafka_ConfigResource_destroy>>;
using AdminOptionsHandle =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;

struct MetadataDestroyer {
  void operator()(const rd_kafka_metadata_t* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};
using MetadataHandle = std::unique_ptr<const rd_kafka_metadata_t, MetadataDestroyer>;

}  // namespace motcua::kafka
