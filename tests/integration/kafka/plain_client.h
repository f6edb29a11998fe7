// librdkafka with nothing of ours around it: what a test of the brokers themselves speaks through.
// One thread; everything blocks, with a bound.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "tests/support/kafka.h"

namespace motcua::testing {

class PlainClient {
 public:
  // An idempotent producer with acks=all that also asks and reads. Connects when first used.
  static Result<PlainClient> Connect(const std::string& bootstrap,
                                     const KafkaCluster::Settings& settings = {});

  // A topic of one partition, known to all brokers at the end.
  Status CreateTopic(const std::string& topic, int copies);
  // LOG_UNAVAILABLE if one value was not acknowledged by all in-sync replicas.
  Status Produce(const std::string& topic, const std::vector<std::string>& values);
  // The first `count` values of the topic's partition, from the beginning.
  Result<std::vector<std::string>> Read(const std::string& topic, std::size_t count);
  // Waits until partition 0 has so many in-sync replicas.
  Status WaitForInSync(const std::string& topic, int count);
  // Whether a broker answers at all within the bound; the reason if not.
  Status Ping();

 private:
  struct HandleDeleter {
    void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  };
  using Handle = std::unique_ptr<rd_kafka_t, HandleDeleter>;
  static Result<Handle> Open(rd_kafka_type_t type, const KafkaCluster::Settings& settings);

  PlainClient(KafkaCluster::Settings settings, Handle producer)
      : settings_(std::move(settings)), producer_(std::move(producer)) {}
  // In-sync replicas of partition 0; below 0 while nobody knows.
  int CountInSync(const std::string& topic);

  KafkaCluster::Settings settings_;
  Handle producer_;
};

}  // namespace motcua::testing
