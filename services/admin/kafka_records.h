// The records of a log in Kafka, read and written as bytes.
//
// KafkaRecords reads with a plain consumer of its own, not through KafkaLog: who checks what the
// services wrote does not look through their eyes.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "services/admin/records.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/kafka_log.h"
#include "services/wire/codec.h"

namespace motcua::admin {

// One answer of a broker; beyond, reading ends with LOG_UNAVAILABLE.
inline constexpr std::chrono::milliseconds kReadTimeout{30'000};
// Appended and not acknowledged; far below what KafkaLog takes, so that it refuses none of them.
inline constexpr std::size_t kUnacknowledgedRecordsMax = 16 * 1024;
inline constexpr std::size_t kUnacknowledgedBytesMax = 16 * 1024 * 1024;

class KafkaRecords final : public RecordSource {
 public:
  // FILE_INVALID: the topic is missing or not a log of motcua; the message has the command that
  // makes it. LOG_DAMAGED: records are missing. LOG_UNAVAILABLE: no broker answers.
  static Result<std::unique_ptr<KafkaRecords>> Open(const kafka::KafkaConnection& connection,
                                                    const std::string& topic);
  ~KafkaRecords() override;

  std::string name() const override { return "topic " + topic_name_; }
  std::string log_id() const override { return genesis_.id; }
  engine::PartitionId partitions() const override { return genesis_.partitions; }
  engine::Offset begin() const override { return kafka::kGenesisOffset + 1; }
  engine::Offset end(engine::PartitionId partition) const override { return ends_[partition]; }
  Result<std::vector<engine::TakenRecord>> Read(engine::PartitionId partition,
                                                engine::Offset from) override;
  // Asks the brokers for the ends again. FILE_INVALID: somebody has written meanwhile.
  Status CheckUnchanged();

 private:
  explicit KafkaRecords(std::string topic) : topic_name_(std::move(topic)) {}

  Status Connect(const kafka::KafkaConnection& connection);
  Result<std::vector<engine::Offset>> AskEnds();
  Status Place(engine::PartitionId partition, engine::Offset at);
  void Lift();

  const std::string topic_name_;
  kafka::Genesis genesis_;
  std::vector<engine::Offset> ends_;
  // What the consumer gives next, if it is placed.
  std::optional<engine::PartitionId> placed_;
  engine::Offset next_ = 0;
  // The clients go last: the topic is made from the consumer.
  kafka::ClientHandle control_;
  kafka::ClientHandle consumer_;
  kafka::TopicHandle topic_;
};

// Appends through KafkaLog: idempotent, acknowledged by all copies in sync, one partition's records
// in their order. After the first failure nothing more is appended.
class KafkaAppender final : public RecordTarget {
 public:
  // As KafkaLog::Open.
  static Result<std::unique_ptr<KafkaAppender>> Open(const kafka::KafkaConnection& connection,
                                                     const std::string& topic, bool allow_unsafe);

  Status Append(engine::PartitionId partition, std::vector<engine::TakenRecord> records) override;
  Status Finish() override;

 private:
  KafkaAppender() = default;
  void OnDone(std::size_t records, std::size_t bytes, engine::AppendOutcome outcome,
              const Status& why);

  const wire::WireCodec codec_;
  std::mutex mutex_;
  std::condition_variable acknowledged_;
  std::size_t records_ = 0;  // not acknowledged
  std::size_t bytes_ = 0;
  Status failure_;
  std::unique_ptr<kafka::KafkaLog> log_;  // last: it calls OnDone until it is gone
};

}  // namespace motcua::admin
