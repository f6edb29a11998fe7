#include "services/admin/kafka_records.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "services/platform/kafka/carried.h"
#include "services/platform/kafka/topics.h"

namespace motcua::admin {

using engine::AppendOutcome;
using engine::Offset;
using engine::PartitionId;

namespace {

using SteadyClock = std::chrono::steady_clock;

std::string Named(PartitionId partition) { return "partition " + std::to_string(partition); }

Result<kafka::ClientHandle> MakeConsumer(const kafka::KafkaConnection& connection) {
  MOTCUA_ASSIGN_OR_RETURN(kafka::ConfHandle conf, kafka::MakeConf(connection));
  // A missing offset is damage, never a reason to begin elsewhere.
  MOTCUA_RETURN_IF_ERROR(kafka::SetConf(*conf, "auto.offset.reset", "error"));
  MOTCUA_RETURN_IF_ERROR(kafka::SetConf(*conf, "check.crcs", "true"));
  MOTCUA_RETURN_IF_ERROR(kafka::SetConf(*conf, "isolation.level", "read_uncommitted"));
  MOTCUA_RETURN_IF_ERROR(kafka::SetConf(*conf, "allow.auto.create.topics", "false"));
  return kafka::MakeClient(RD_KAFKA_CONSUMER, std::move(conf));
}

}  // namespace

// ---- KafkaRecords ------------------------------------------------------------------------------

Result<std::unique_ptr<KafkaRecords>> KafkaRecords::Open(const kafka::KafkaConnection& connection,
                                                         const std::string& topic) {
  std::unique_ptr<KafkaRecords> records(new KafkaRecords(topic));
  MOTCUA_RETURN_IF_ERROR(records->Connect(connection));
  return records;
}

KafkaRecords::~KafkaRecords() { Lift(); }

Status KafkaRecords::Connect(const kafka::KafkaConnection& connection) {
  MOTCUA_ASSIGN_OR_RETURN(control_, kafka::MakeControlClient(connection));
  MOTCUA_ASSIGN_OR_RETURN(const kafka::TopicShape shape,
                          kafka::DescribeTopic(*control_, topic_name_, kafka::kCallTimeout));
  if (!shape.exists) {
    return Status(Reason::kFileInvalid,
                  "topic " + topic_name_ + " is missing; make it with `motcua admin topics`",
                  {{"topic", topic_name_}});
  }
  MOTCUA_ASSIGN_OR_RETURN(genesis_,
                          kafka::ReadWholeGenesis(*control_, topic_name_, shape.partitions));
  MOTCUA_ASSIGN_OR_RETURN(ends_, AskEnds());
  MOTCUA_ASSIGN_OR_RETURN(consumer_, MakeConsumer(connection));
  topic_.reset(rd_kafka_topic_new(consumer_.get(), topic_name_.c_str(), nullptr));
  return OkStatus();
}

Result<std::vector<Offset>> KafkaRecords::AskEnds() {
  std::vector<Offset> ends;
  for (PartitionId p = 0; p < genesis_.partitions; ++p) {
    MOTCUA_ASSIGN_OR_RETURN(
        const Offset end,
        kafka::QueryEdge(*control_, topic_name_, p, kafka::LogEdge::kEnd, kafka::kCallTimeout));
    ends.push_back(end);
  }
  return ends;
}

Status KafkaRecords::CheckUnchanged() {
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<Offset> ends, AskEnds());
  if (ends == ends_) return OkStatus();
  return Status(Reason::kFileInvalid,
                "somebody has written to topic " + topic_name_ +
                    " meanwhile; stop the services and run this again",
                {{"topic", topic_name_}});
}

Status KafkaRecords::Place(PartitionId partition, Offset at) {
  Lift();
  if (rd_kafka_consume_start(topic_.get(), partition, static_cast<std::int64_t>(at)) != 0) {
    return kafka::KafkaError(rd_kafka_last_error(), "reading " + Named(partition));
  }
  placed_ = partition;
  next_ = at;
  return OkStatus();
}

void KafkaRecords::Lift() {
  if (!placed_) return;
  rd_kafka_consume_stop(topic_.get(), *placed_);
  placed_.reset();
}

Result<std::vector<engine::TakenRecord>> KafkaRecords::Read(PartitionId partition, Offset from) {
  if (placed_ != partition || next_ != from) MOTCUA_RETURN_IF_ERROR(Place(partition, from));
  std::vector<engine::TakenRecord> records;
  const std::size_t wanted =
      std::min<std::uint64_t>(end(partition) - from, engine::kChunkRecordsMax);
  const auto give_up = SteadyClock::now() + kReadTimeout;
  std::size_t bytes = 0;
  while (records.size() < wanted && bytes < kafka::kChunkBytesMax) {
    // In short steps: a broker that comes back is used at once, one that does not is given up.
    const kafka::MessageHandle message(
        rd_kafka_consume(topic_.get(), partition, kafka::Milliseconds(kafka::kReconnectPauseMax)));
    if (!message) {
      if (SteadyClock::now() < give_up) continue;
      return kafka::KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "reading " + Named(partition));
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return kafka::KafkaError(message->err, "reading " + Named(partition));
    }
    if (message->offset != static_cast<std::int64_t>(next_)) {
      return Status(Reason::kLogDamaged,
                    Named(partition) + ": offset " + std::to_string(message->offset) + " stands " +
                        "where " + std::to_string(next_) + " should: records are missing",
                    {{"partition", std::to_string(partition)}});
    }
    records.push_back({std::string(static_cast<const char*>(message->payload), message->len),
                       genesis_.keeps_instants ? kafka::TakenAt(*message) : std::nullopt});
    bytes += message->len;
    ++next_;
  }
  return records;
}

// ---- KafkaAppender -----------------------------------------------------------------------------

Result<std::unique_ptr<KafkaAppender>> KafkaAppender::Open(const kafka::KafkaConnection& connection,
                                                           const std::string& topic,
                                                           bool allow_unsafe) {
  std::unique_ptr<KafkaAppender> appender(new KafkaAppender);
  kafka::KafkaLogOptions options;
  options.brokers = connection.brokers;
  options.security = connection.security;
  options.topic = topic;
  options.allow_unsafe = allow_unsafe;
  MOTCUA_ASSIGN_OR_RETURN(appender->log_,
                          kafka::KafkaLog::Open(std::move(options), appender->codec_));
  return appender;
}

Status KafkaAppender::Append(PartitionId partition, std::vector<engine::TakenRecord> records) {
  const std::size_t count = records.size();
  std::size_t bytes = 0;
  for (const engine::TakenRecord& record : records) bytes += record.bytes.size();
  {
    std::unique_lock lock(mutex_);
    // Each append ends, at the latest by its delivery timeout: this wait does, too.
    acknowledged_.wait(lock, [&] {
      return !failure_.ok() || records_ == 0 ||
             (records_ + count <= kUnacknowledgedRecordsMax &&
              bytes_ + bytes <= kUnacknowledgedBytesMax);
    });
    if (!failure_.ok()) return failure_;
    records_ += count;
    bytes_ += bytes;
  }
  log_->AppendCarried(partition, std::move(records),
                      [this, count, bytes](AppendOutcome outcome, const Status& why) {
                        OnDone(count, bytes, outcome, why);
                      });
  return OkStatus();
}

void KafkaAppender::OnDone(std::size_t records, std::size_t bytes, AppendOutcome outcome,
                           const Status& why) {
  const std::lock_guard lock(mutex_);
  records_ -= records;
  bytes_ -= bytes;
  if (outcome != AppendOutcome::kAppended && failure_.ok()) failure_ = why;
  acknowledged_.notify_all();
}

Status KafkaAppender::Finish() {
  std::unique_lock lock(mutex_);
  acknowledged_.wait(lock, [this] { return records_ == 0; });
  return failure_;
}

}  // namespace motcua::admin
