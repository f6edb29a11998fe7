#include "services/platform/kafka/log_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "services/engine/log_entry.h"
#include "services/platform/kafka/carried.h"
#include "services/platform/kafka/genesis.h"
#include "services/platform/kafka/topics.h"

namespace motcua::kafka {

using engine::LogChunk;
using engine::Offset;
using engine::PartitionId;

namespace {

// A broker holds an answer back so long when there is nothing new; it answers at once when there
// is. Short, because a partition that is placed anew joins the next request only.
constexpr std::chrono::milliseconds kFetchWait{100};
// After an error of one partition.
constexpr std::chrono::milliseconds kFetchErrorPause{100};
// Asked for per partition and request: one batch of the largest size, or many small ones.
constexpr std::size_t kFetchBytes = kTopicBatchBytesMax;
constexpr std::size_t kFetchedBytesMin = 2 * kFetchBytes;
constexpr std::size_t kBytesPerKilobyte = 1024;
// Bounds the librdkafka objects around small records; the bytes are bounded by themselves.
constexpr int kFetchedRecordsMax = 100'000;

std::string Named(PartitionId partition) { return "partition " + std::to_string(partition); }

}  // namespace

Result<std::unique_ptr<LogReader>> LogReader::Open(const KafkaConnection& connection,
                                                   const LogReaderOptions& options,
                                                   const engine::Codec& codec, LogHealth& health,
                                                   std::function<void()> on_readable) {
  MOTCUA_ASSIGN_OR_RETURN(ConfHandle conf, MakeConf(connection));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "auto.offset.reset", "error"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "check.crcs", "true"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "allow.auto.create.topics", "false"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "isolation.level", "read_uncommitted"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "fetch.wait.max.ms", kFetchWait));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "fetch.error.backoff.ms", kFetchErrorPause));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "fetch.message.max.bytes", std::to_string(kFetchBytes)));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "queued.min.messages", std::to_string(kFetchedRecordsMax)));
  const std::size_t share =
      std::max(options.fetched_bytes_max / options.partitions, kFetchedBytesMin);
  MOTCUA_RETURN_IF_ERROR(
      SetConf(*conf, "queued.max.messages.kbytes", std::to_string(share / kBytesPerKilobyte)));
  std::unique_ptr<LogReader> reader(new LogReader(options, codec, health, std::move(on_readable)));
  MOTCUA_ASSIGN_OR_RETURN(reader->client_, MakeClient(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_t* const client = reader->client_.get();
  reader->topic_.reset(rd_kafka_topic_new(client, options.topic.c_str(), nullptr));
  for (PartitionId id = 0; id < options.partitions; ++id) {
    auto& partition = *reader->partitions_.emplace_back(std::make_unique<Partition>());
    partition.queue.reset(rd_kafka_queue_get_partition(client, options.topic.c_str(), id));
    const auto wake = [](rd_kafka_t*, void* self) {
      static_cast<LogReader*>(self)->on_readable_();
    };
    rd_kafka_queue_cb_event_enable(partition.queue.get(), wake, reader.get());
  }
  return reader;
}

LogReader::LogReader(LogReaderOptions options, const engine::Codec& codec, LogHealth& health,
                     std::function<void()> on_readable)
    : options_(std::move(options)),
      codec_(codec),
      health_(health),
      on_readable_(std::move(on_readable)) {}

LogReader::~LogReader() {
  PartitionId id = 0;
  for (const auto& partition : partitions_) {
    rd_kafka_queue_cb_event_enable(partition->queue.get(), nullptr, nullptr);
    Lift(id++, *partition);
  }
}

// Anew instead of a seek: an offset given at the start is taken for certain.
Status LogReader::Place(PartitionId id, Partition& partition, Offset at) {
  Lift(id, partition);
  if (rd_kafka_consume_start(topic_.get(), id, static_cast<std::int64_t>(at)) != 0) {
    return KafkaError(rd_kafka_last_error(), "reading " + Named(id));
  }
  partition.placed = true;
  partition.next = at;
  ++placements_;
  return OkStatus();
}

void LogReader::Lift(PartitionId id, Partition& partition) {
  if (std::exchange(partition.placed, false)) rd_kafka_consume_stop(topic_.get(), id);
}

Result<LogReader::Chunk> LogReader::Read(PartitionId id, Offset from) {
  Partition& partition = *partitions_[id];
  const std::lock_guard lock(partition.mutex);
  if (health_.damaged()) return health_.Of(id);
  if (!partition.placed || partition.next != from) {
    MOTCUA_RETURN_IF_ERROR(Place(id, partition, from));
  }
  auto chunk = std::make_shared<LogChunk>();
  chunk->next = from;
  std::size_t bytes = 0;
  while (chunk->entries.size() < engine::kChunkRecordsMax && bytes < kChunkBytesMax) {
    const MessageHandle message(rd_kafka_consume_queue(partition.queue.get(), 0));
    if (!message) break;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const Status error = OnError(id, partition, message->err);
      if (chunk->entries.empty()) return error;  // else it is met again after what was read
      break;
    }
    MOTCUA_RETURN_IF_ERROR(Take(id, *message, *chunk));
    bytes += message->len;
    partition.next = chunk->next;
  }
  if (chunk->entries.empty()) MOTCUA_RETURN_IF_ERROR(health_.Of(id));
  return Chunk(std::move(chunk));
}

Status LogReader::Take(PartitionId id, const rd_kafka_message_t& message, LogChunk& chunk) {
  const auto offset = static_cast<Offset>(message.offset);
  if (offset < chunk.next) return OkStatus();
  if (offset > chunk.next && !options_.allow_gaps) {
    const Status damage(Reason::kLogDamaged,
                        Named(id) + ": offset " + std::to_string(offset) + " follows " +
                            std::to_string(chunk.next) +
                            ": records between them are missing (compaction, retention, or a "
                            "stranger's transaction)",
                        {{"partition", std::to_string(id)}});
    health_.SetDamaged(damage);
    return damage;
  }
  chunk.next = offset + 1;
  if (offset == kGenesisOffset) return OkStatus();  // checked at opening, nobody's event
  const std::optional<Instant> taken = options_.keeps_instants ? TakenAt(message) : std::nullopt;
  if (options_.scenario && taken) {
    const Status mixed(Reason::kLogDamaged,
                       Named(id) + " has a record by the machine's clock at offset " +
                           std::to_string(offset) +
                           ": the log is whole, but services that run by a scenario's clock "
                           "need a topic of their own",
                       {{"partition", std::to_string(id)}});
    health_.SetDamaged(mixed);
    return mixed;
  }
  chunk.entries.push_back(engine::DecodeEntry(
      codec_, offset, std::string_view(static_cast<const char*>(message.payload), message.len),
      taken));
  return OkStatus();
}

// The next Read begins anew at the offset it asks for, so that nothing is skipped.
Status LogReader::OnError(PartitionId id, Partition& partition, rd_kafka_resp_err_t error) {
  Lift(id, partition);
  if (error == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
      error == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
    const Status damage(Reason::kLogDamaged,
                        Named(id) + " does not have offset " + std::to_string(partition.next) +
                            ": the log was truncated or made again",
                        {{"partition", std::to_string(id)}});
    health_.SetDamaged(damage);
    return damage;
  }
  if (error == RD_KAFKA_RESP_ERR__BAD_MSG) {
    return Status(Reason::kLogDamaged,
                  Named(id) + ": the bytes at offset " + std::to_string(partition.next) +
                      " do not match their checksum",
                  {{"partition", std::to_string(id)}});
  }
  return KafkaError(error, "reading " + Named(id));
}

}  // namespace motcua::kafka
