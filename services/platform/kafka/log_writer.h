// LogWriter: the idempotent producer behind KafkaLog::Append. The delivery report of each record is
// the only truth about it; a producer that has failed for good is replaced by a new one.
//
// Threads: one of its own polls reports, calls `done` and replaces the producer. Append from any
// thread. The destructor waits up to kCloseTimeout for what is in flight, answers the rest with
// kUnknown or kNotAppended, and joins.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/log_health.h"

namespace motcua::kafka {

// A record that is not acknowledged for so long is given up, its outcome unknown. Longer than a
// broker's restart or a change of leader takes, so that these cost no unknown outcomes.
inline constexpr std::chrono::milliseconds kDeliveryTimeout{60'000};
// While the oldest record of a partition has waited so long, further appends to it are refused: who
// calls hears it now, not at his deadline.
inline constexpr std::chrono::milliseconds kStalledAfter{3'000};
// After an append that the brokers did not take, appends are worth a try again, as far as anybody
// knows, when so much time has passed.
inline constexpr std::chrono::milliseconds kTryAgainAfter{10'000};
// One partition's failure says nothing of the others while one of them took an append so long
// before it.
inline constexpr std::chrono::milliseconds kTakenLately{2'000};
// Closing waits so long for what is in flight.
inline constexpr std::chrono::milliseconds kCloseTimeout{5'000};
// Longest key; a unit's code is far shorter.
inline constexpr std::size_t kKeyBytesMax = 128;

struct LogWriterOptions {
  std::string topic;
  engine::PartitionId partitions = 0;
  std::size_t queued_records_max = 0;
  std::size_t queued_bytes_max = 0;
  std::chrono::milliseconds delivery_timeout = kDeliveryTimeout;
};

struct LogWriterStats {
  std::uint64_t records = 0;             // acknowledged
  std::uint64_t record_bytes = 0;        // of these
  std::uint64_t appends_refused = 0;     // queue full, or the log known not to take them
  std::uint64_t appends_failed = 0;      // ended not appended or unknown
  std::uint64_t producers_replaced = 0;  // after an error that is fatal to a producer
};

class LogWriter {
 public:
  // All that is handed in outlives the writer.
  static Result<std::unique_ptr<LogWriter>> Open(const KafkaConnection& connection,
                                                 const LogWriterOptions& options,
                                                 const engine::Codec& codec, LogHealth& health);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // `carried`: none, or for each record when the log that it came from took it (carried.h).
  void Append(engine::PartitionId partition, std::vector<std::string> records,
              const std::vector<std::optional<Instant>>& carried,
              engine::EventLog::AppendDone done);
  // LOG_UNAVAILABLE while there is no producer or appends to a partition are not acknowledged, and
  // after one that was not taken until another is, or until kTryAgainAfter has passed. Any thread.
  Status health(engine::PartitionId partition) const;
  // What an append says of all the others: not ok when a partition that can be read does not take
  // appends and no other has taken one since (too few copies in sync, mostly). One that has no
  // leader, or fails while others go on, is its own affair. Any thread.
  Status health() const;
  // Any thread.
  LogWriterStats stats() const;

 private:
  using Time = std::chrono::steady_clock::time_point;

  // One Append until its last record was reported.
  struct Pending {
    engine::PartitionId partition = 0;
    std::size_t records = 0;
    std::size_t bytes = 0;
    std::size_t left = 0;    // records without a report
    std::size_t absent = 0;  // records that are certainly not in the log
    std::size_t acknowledged = 0;
    Status why;  // of the first that was not acknowledged
    engine::EventLog::AppendDone done;
    Time begun;
  };
  // The latest append to a partition was not taken.
  struct Failure {
    Status why;
    Time when;
  };
  struct Ended {
    engine::EventLog::AppendDone done;
    engine::AppendOutcome outcome;
    Status why;
  };
  struct Producer {
    ClientHandle client;
    QueueHandle queue;
    TopicHandle topic;  // last: goes first
  };

  LogWriter(const KafkaConnection& connection, LogWriterOptions options, const engine::Codec& codec,
            LogHealth& health);

  Result<Producer> MakeProducer() const;
  Status Refusal(engine::PartitionId partition, std::size_t records, std::size_t bytes) const;
  Status Blocked(engine::PartitionId partition) const;
  void Enqueue(Pending& pending, std::vector<std::string>& records,
               const std::vector<std::optional<Instant>>& carried);
  void PollLoop();
  bool PollOnce(std::chrono::milliseconds wait);
  void Pause(std::chrono::milliseconds pause);
  void OnReports(rd_kafka_event_t& reports);
  Status Settle(const rd_kafka_message_t& message, std::vector<Ended>& ended);
  void End(Pending& pending, std::vector<Ended>& ended);
  void DropEnded(engine::PartitionId partition);
  static void Tell(std::vector<Ended>& ended);
  void Drain(std::chrono::milliseconds bound);
  void DropProducer();
  void ReplaceProducer();
  bool Idle() const;

  const KafkaConnection& connection_;
  const LogWriterOptions options_;
  const engine::Codec& codec_;
  LogHealth& health_;

  mutable std::mutex mutex_;          // also keeps the records of one append together
  std::optional<Producer> producer_;  // none while it is being replaced
  std::vector<std::deque<std::unique_ptr<Pending>>> pending_;  // by partition, oldest first
  std::vector<std::int64_t> acknowledged_;        // last offset, by partition; -1 before the first
  std::vector<std::optional<Failure>> failures_;  // by partition
  Time taken_at_;  // the latest append that was taken whole, of any partition
  std::size_t queued_records_ = 0;
  std::size_t queued_bytes_ = 0;
  LogWriterStats stats_;

  std::condition_variable stop_asked_;
  std::atomic<bool> stopping_ = false;
  std::thread poller_;  // last: it uses everything above
};

}  // namespace motcua::kafka
