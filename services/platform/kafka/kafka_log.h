// KafkaLog: the event log over a topic of Apache Kafka, for services that run as processes of their
// own.
//
//   KafkaLogOptions options;
//   options.brokers = "kafka-1:9092,kafka-2:9092";
//   MOTCUA_ASSIGN_OR_RETURN(auto log, KafkaLog::Open(std::move(options), codec));
//
// One KafkaLog serves ONE reader per partition: the loop of one service. Records are fetched ahead
// for it, from where it read last; a second reader elsewhere in the same partition would undo that.
// Read answers with what has arrived, so a chunk without entries means "nothing here yet"; whether
// the end is reached is AskEnd's to tell.
//
// The records of one append are sent one after another, but they are not one write: another
// process's records may stand between them, and a failure in the middle is kUnknown.
//
// Threads: one for delivery reports (calls `done`, replaces the producer), one that asks brokers
// for ends and health (calls EndDone), and librdkafka's own. Watchers are called from any of these:
// a watcher must not call Read, Watch or Unwatch. All of EventLog may be called from any thread,
// also from `done` and EndDone.
//
// Ownership: the codec outlives it. The destructor waits up to kCloseTimeout for appends in flight,
// answers everything, and joins; nobody may still call it then.
//
// Settings with their reasons, and what is noticed: README.md.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/engine/log_entry.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/genesis.h"
#include "services/platform/kafka/log_health.h"
#include "services/platform/kafka/log_keeper.h"
#include "services/platform/kafka/log_reader.h"
#include "services/platform/kafka/log_writer.h"
#include "services/platform/kafka/topics.h"

namespace motcua::kafka {

struct KafkaLogOptions {
  std::string brokers;  // "host:port,host:port"
  KafkaSecurity security;
  std::string topic = TopicNames().case_events;
  engine::PartitionId partitions = 0;  // expected; 0 = as it is
  // Serve a topic whose settings can lose records: a single broker at a desk.
  bool allow_unsafe = false;
  // Appends without an answer; beyond, an append is refused at once with OVERLOADED.
  std::size_t queued_records_max = 64 * 1024;
  std::size_t queued_bytes_max = 64 * 1024 * 1024;
  // Records fetched ahead, of all partitions together, as they lie in Kafka.
  std::size_t fetched_bytes_max = 64 * 1024 * 1024;
  std::chrono::milliseconds delivery_timeout = kDeliveryTimeout;
  // The services run by a scenario's clock: when a broker took a record says nothing about it, and
  // each record says so to all that read it (carried.h). A record that says otherwise was written
  // by the machine's clock, and the log is LOG_DAMAGED for services of a scenario: the two do not
  // go together on one topic.
  bool scenario = false;
  Warn warn;  // any thread; without secrets
};

struct KafkaLogStats {
  LogWriterStats writer;
  std::uint64_t placements = 0;  // partitions placed at an offset, also after errors
};

class KafkaLog final : public engine::EventLog {
 public:
  // FIELD_INVALID and FILE_UNREADABLE name the setting; FILE_INVALID: the topic is missing, without
  // first records, has another number of partitions, or could lose records; LOG_DAMAGED: records
  // are missing; LOG_UNAVAILABLE: no broker answers, or none for any partition. Partitions that
  // have no leader, or whose broker does not answer, are unavailable until they have one and it has
  // shown that they belong to this log. Blocks for some calls of up to kCallTimeout.
  static Result<std::unique_ptr<KafkaLog>> Open(KafkaLogOptions options,
                                                const engine::Codec& codec);
  ~KafkaLog() override;

  engine::PartitionId partitions() const override { return genesis_.partitions; }
  void Append(engine::PartitionId partition, std::vector<std::string> records,
              AppendDone done) override;
  // Records of another log, which keep the instants at which that took them. For who moves a log:
  // the writer of an event never says when the log took it.
  void AppendCarried(engine::PartitionId partition, std::vector<engine::TakenRecord> records,
                     AppendDone done);
  Result<std::shared_ptr<const engine::LogChunk>> Read(engine::PartitionId partition,
                                                       engine::Offset from) override;
  void AskEnd(engine::PartitionId partition, EndDone done) override;
  std::uint64_t Watch(std::function<void()> wake) override;
  void Unwatch(std::uint64_t token) override;

  // 32 hexadecimal digits, given when the topic was made.
  const std::string& id() const { return genesis_.id; }
  // LOG_UNAVAILABLE while no partition can be read and appended to; of one partition: while its
  // broker is away or its appends are not acknowledged. LOG_DAMAGED for all.
  Status health() const override;
  Status partition_health(engine::PartitionId partition) const override;
  KafkaLogStats stats() const;

 private:
  explicit KafkaLog(KafkaLogOptions options);

  Result<ClientHandle> CheckTopic();
  Status JudgeTopic(rd_kafka_t& control);
  Status Start(ClientHandle control, const engine::Codec& codec);
  void OnHealth(const Status& status);
  void CallWatchers();
  void CheckPartition(engine::PartitionId partition) const;

  const KafkaLogOptions options_;
  Warn warn_;
  KafkaConnection connection_;
  Genesis genesis_;
  std::map<engine::PartitionId, Status> away_;  // when it was opened

  std::mutex watch_mutex_;  // held while watchers run
  std::uint64_t watch_token_next_ = 1;
  std::map<std::uint64_t, std::function<void()>> watchers_;

  std::unique_ptr<LogHealth> health_;
  // Destroyed in reverse: what is in flight ends while readers and keeper are still there.
  std::unique_ptr<LogReader> reader_;
  std::unique_ptr<LogKeeper> keeper_;
  std::unique_ptr<LogWriter> writer_;
};

}  // namespace motcua::kafka
