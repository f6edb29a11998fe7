// LogReader: the consumer behind KafkaLog::Read. Each partition is fetched ahead into a queue of
// its own, from the offset that its reader asked for; Read drains that queue and waits for nothing.
//
// No consumer group: no membership, no commits, no rebalancing; who reads keeps its own offset.
// librdkafka's simple consumer places each partition by itself, so one reader that goes back does
// not disturb the others.
//
// Any thread; one reader per partition at a time is meant: two at different offsets would throw
// away each other's prefetched records.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/log_health.h"

namespace motcua::kafka {

// A chunk ends early once it holds so many bytes.
inline constexpr std::size_t kChunkBytesMax = 4 * 1024 * 1024;

struct LogReaderOptions {
  std::string topic;
  engine::PartitionId partitions = 0;
  std::size_t fetched_bytes_max = 0;  // of all partitions together
  bool allow_gaps = false;            // serve what stands after missing offsets
  bool keeps_instants = true;         // of the log: Genesis
  bool scenario = false;              // KafkaLogOptions
};

class LogReader {
 public:
  using Chunk = std::shared_ptr<const engine::LogChunk>;

  // `on_readable` is called from a thread of librdkafka, under a lock of its queue, when a
  // partition's queue is no longer empty: it must not call Read. All that is handed in outlives the
  // reader.
  static Result<std::unique_ptr<LogReader>> Open(const KafkaConnection& connection,
                                                 const LogReaderOptions& options,
                                                 const engine::Codec& codec, LogHealth& health,
                                                 std::function<void()> on_readable);
  ~LogReader();
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;

  Result<Chunk> Read(engine::PartitionId id, engine::Offset from);
  // How often a partition was placed anew; once each is the least.
  std::uint64_t placements() const { return placements_; }

 private:
  struct Partition {
    std::mutex mutex;
    QueueHandle queue;
    bool placed = false;
    engine::Offset next = 0;  // what the queue gives next, if placed
  };

  LogReader(LogReaderOptions options, const engine::Codec& codec, LogHealth& health,
            std::function<void()> on_readable);

  Status Place(engine::PartitionId id, Partition& partition, engine::Offset at);
  void Lift(engine::PartitionId id, Partition& partition);
  Status Take(engine::PartitionId id, const rd_kafka_message_t& message, engine::LogChunk& chunk);
  Status OnError(engine::PartitionId id, Partition& partition, rd_kafka_resp_err_t error);

  const LogReaderOptions options_;
  const engine::Codec& codec_;
  LogHealth& health_;
  const std::function<void()> on_readable_;
  std::atomic<std::uint64_t> placements_ = 0;
  // The client goes last: topic and queues are made from it.
  ClientHandle client_;
  TopicHandle topic_;
  std::vector<std::unique_ptr<Partition>> partitions_;
};

}  // namespace motcua::kafka
