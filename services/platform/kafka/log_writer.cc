#include "services/platform/kafka/log_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "services/base/check.h"
#include "services/engine/plant.h"
#include "services/platform/kafka/carried.h"
#include "services/platform/kafka/topics.h"
#include "services/platform/runtime/thread_name.h"

namespace motcua::kafka {

using engine::AppendOutcome;
using engine::PartitionId;

namespace {

// The poller looks up so often when nothing comes: to stop, and to try a new producer.
constexpr std::chrono::milliseconds kPollWait{100};
constexpr std::chrono::milliseconds kNoWait{0};
// Between two looks at the reports: many of them are one waking. Nobody waits for the good ones, as
// a command is answered when its event was read back; a bad one comes that much later.
constexpr std::chrono::milliseconds kReportsPause{5};
// Given up by a broker after so long; retried until the delivery timeout.
constexpr std::chrono::milliseconds kProduceTimeout{10'000};
constexpr std::chrono::milliseconds kRetryPause{100};
// Room for the keys in librdkafka's queue, which must never be full before ours is.
constexpr std::size_t kBytesPerKilobyte = 1024;

Status WhyNot(rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
    return Status(Reason::kLimitExceeded, "a record is too large for the topic's max.message.bytes",
                  {{"limit", "max.message.bytes"}});
  }
  return KafkaError(error, "appending");
}

}  // namespace

Result<std::unique_ptr<LogWriter>> LogWriter::Open(const KafkaConnection& connection,
                                                   const LogWriterOptions& options,
                                                   const engine::Codec& codec, LogHealth& health) {
  std::unique_ptr<LogWriter> writer(new LogWriter(connection, options, codec, health));
  MOTCUA_ASSIGN_OR_RETURN(writer->producer_, writer->MakeProducer());
  // The first record would wait up to a second for what this call fetches.
  MOTCUA_RETURN_IF_ERROR(
      DescribeTopic(*writer->producer_->client, options.topic, kCallTimeout).status());
  writer->poller_ = std::thread([raw = writer.get()] { raw->PollLoop(); });
  return writer;
}

LogWriter::LogWriter(const KafkaConnection& connection, LogWriterOptions options,
                     const engine::Codec& codec, LogHealth& health)
    : connection_(connection),
      options_(std::move(options)),
      codec_(codec),
      health_(health),
      pending_(options_.partitions),
      acknowledged_(options_.partitions, -1),
      failures_(options_.partitions) {}

LogWriter::~LogWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_asked_.notify_one();
  if (poller_.joinable()) poller_.join();
}

Result<LogWriter::Producer> LogWriter::MakeProducer() const {
  MOTCUA_ASSIGN_OR_RETURN(ConfHandle conf, MakeConf(connection_));
  const bool careless = MOTCUA_PLANTED(kAcksOne);
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "enable.idempotence", careless ? "false" : "true"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "acks", careless ? "1" : "all"));
  // A record that waits alone is sent at once. Under load the five requests that may be in flight
  // make the batches.
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "linger.ms", "0"));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "message.timeout.ms", options_.delivery_timeout));
  MOTCUA_RETURN_IF_ERROR(
      SetConf(*conf, "request.timeout.ms", std::min(kProduceTimeout, options_.delivery_timeout)));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "retry.backoff.ms", kRetryPause));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "message.max.bytes", std::to_string(kBatchBytesMax)));
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "batch.size", std::to_string(kBatchBytesMax)));
  // Our own bound is the tighter one: what was counted is taken, all of an append or nothing.
  MOTCUA_RETURN_IF_ERROR(SetConf(*conf, "queue.buffering.max.messages",
                                 std::to_string(options_.queued_records_max + 1)));
  const std::size_t bytes = options_.queued_bytes_max + options_.queued_records_max * kKeyBytesMax;
  MOTCUA_RETURN_IF_ERROR(
      SetConf(*conf, "queue.buffering.max.kbytes", std::to_string(bytes / kBytesPerKilobyte + 1)));
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
  Producer producer;
  MOTCUA_ASSIGN_OR_RETURN(producer.client, MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
  producer.queue.reset(rd_kafka_queue_get_main(producer.client.get()));
  producer.topic.reset(rd_kafka_topic_new(producer.client.get(), options_.topic.c_str(), nullptr));
  return producer;
}

LogWriterStats LogWriter::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

// Under the lock.
Status LogWriter::Refusal(PartitionId partition, std::size_t records, std::size_t bytes) const {
  if (stopping_) return Status(Reason::kNotServing, "the log is closing");
  MOTCUA_RETURN_IF_ERROR(health_.Of(partition));
  if (queued_records_ + records > options_.queued_records_max ||
      queued_bytes_ + bytes > options_.queued_bytes_max) {
    return Status(Reason::kOverloaded, "the log's queue is full",
                  {{"limit", "queued_records_max"}});
  }
  return Blocked(partition);
}

// Under the lock.
Status LogWriter::Blocked(PartitionId partition) const {
  if (!producer_) return Status(Reason::kLogUnavailable, "the producer is being replaced");
  const auto& waiting = pending_[partition];
  if (waiting.empty() ||
      std::chrono::steady_clock::now() - waiting.front()->begun <= kStalledAfter) {
    return OkStatus();
  }
  return Status(Reason::kLogUnavailable,
                "appends to partition " + std::to_string(partition) + " are not acknowledged",
                {{"partition", std::to_string(partition)}});
}

Status LogWriter::health(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  MOTCUA_RETURN_IF_ERROR(Blocked(partition));
  const Time since = std::chrono::steady_clock::now() - kTryAgainAfter;
  const auto& failure = failures_[partition];
  return failure && failure->when > since ? failure->why : OkStatus();
}

Status LogWriter::health() const {
  const std::lock_guard lock(mutex_);
  const Time now = std::chrono::steady_clock::now();
  for (PartitionId p = 0; p < pending_.size(); ++p) {
    if (!health_.Of(p).ok()) continue;
    if (Status blocked = Blocked(p); !blocked.ok()) {
      const bool others_go_on = producer_ && taken_at_ > pending_[p].front()->begun;
      if (!others_go_on) return blocked;
    }
    const auto& failure = failures_[p];
    if (failure && failure->when > now - kTryAgainAfter &&
        taken_at_ < failure->when - kTakenLately) {
      return failure->why;
    }
  }
  return OkStatus();
}

void LogWriter::Append(PartitionId partition, std::vector<std::string> records,
                       const std::vector<std::optional<Instant>>& carried,
                       engine::EventLog::AppendDone done) {
  if (records.empty()) return done(AppendOutcome::kAppended, OkStatus());
  std::size_t bytes = 0;
  Status refused;
  for (const std::string& record : records) {
    bytes += record.size();
    if (record.size() > engine::kRecordBytesMax) {
      refused = Status(Reason::kLimitExceeded, "a record is too large for the log",
                       {{"limit", "kRecordBytesMax"}});
    }
  }
  if (records.size() > options_.queued_records_max || bytes > options_.queued_bytes_max) {
    refused = Status(Reason::kLimitExceeded, "an append is larger than the log's queue",
                     {{"limit", "queued_records_max"}});
  }
  std::vector<Ended> ended;
  {
    const std::lock_guard lock(mutex_);
    if (refused.ok()) refused = Refusal(partition, records.size(), bytes);
    if (refused.ok()) {
      auto& waiting = pending_[partition];
      Pending& pending = *waiting.emplace_back(std::make_unique<Pending>());
      pending = {partition,
                 records.size(),
                 bytes,
                 records.size(),
                 0,
                 0,
                 OkStatus(),
                 std::move(done),
                 std::chrono::steady_clock::now()};
      queued_records_ += pending.records;
      queued_bytes_ += pending.bytes;
      Enqueue(pending, records, carried);
      if (pending.left == 0) {
        End(pending, ended);
        DropEnded(partition);
      }
    } else {
      ++stats_.appends_refused;
      ended.push_back({std::move(done), AppendOutcome::kNotAppended, refused});
    }
  }
  Tell(ended);
}

// Under the lock. After a record that librdkafka does not take none of the same append is handed
// over: nothing may come after a hole.
void LogWriter::Enqueue(Pending& pending, std::vector<std::string>& records,
                        const std::vector<std::optional<Instant>>& carried) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::string& record = records[i];
    const std::string_view key = codec_.KeyOf(record).substr(0, kKeyBytesMax);
    const auto send = [&](auto... more) {
      return rd_kafka_producev(
          producer_->client.get(), RD_KAFKA_V_RKT(producer_->topic.get()),
          RD_KAFKA_V_PARTITION(pending.partition), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_KEY(key.data(), key.size()), RD_KAFKA_V_VALUE(record.data(), record.size()),
          RD_KAFKA_V_OPAQUE(&pending), more..., RD_KAFKA_V_END);
    };
    const std::string header = carried.empty() ? std::string() : FormatCarried(carried[i]);
    const rd_kafka_resp_err_t error =
        carried.empty()
            ? send()
            : send(RD_KAFKA_VTYPE_HEADER, kCarriedHeader.data(),
                   static_cast<const void*>(header.data()), static_cast<ssize_t>(header.size()));
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const std::size_t rest = records.size() - i;
    pending.left -= rest;
    pending.absent += rest;
    if (pending.why.ok()) pending.why = WhyNot(error);
    return;
  }
}

void LogWriter::PollLoop() {
  runtime::NameThread("kafka poller");
  while (!stopping_) {
    bool replace = true;
    if (producer_) {  // only this thread changes it
      bool served = PollOnce(kPollWait);
      while (PollOnce(kNoWait)) served = true;
      if (served) Pause(kReportsPause);
      replace =
          rd_kafka_fatal_error(producer_->client.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    if (replace) ReplaceProducer();
  }
  Drain(kCloseTimeout);
  DropProducer();
}

// Serves one batch of reports, if there is one within `wait`; whether there was.
bool LogWriter::PollOnce(std::chrono::milliseconds wait) {
  const EventHandle event(rd_kafka_queue_poll(producer_->queue.get(), Milliseconds(wait)));
  if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) OnReports(*event);
  return static_cast<bool>(event);
}

// Less when the writer is to stop.
void LogWriter::Pause(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  stop_asked_.wait_for(lock, pause, [this] { return stopping_.load(); });
}

void LogWriter::OnReports(rd_kafka_event_t& reports) {
  std::vector<Ended> ended;
  Status damage;
  {
    const std::lock_guard lock(mutex_);
    while (const rd_kafka_message_t* const message = rd_kafka_event_message_next(&reports)) {
      const Status settled = Settle(*message, ended);
      if (!settled.ok()) damage = settled;
    }
  }
  if (!damage.ok()) health_.SetDamaged(damage);
  Tell(ended);
}

// Under the lock. LOG_DAMAGED: the topic is not the one that earlier records went to.
Status LogWriter::Settle(const rd_kafka_message_t& message, std::vector<Ended>& ended) {
  auto& pending = *static_cast<Pending*>(message._private);
  Status damage;
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    // A repeated record that the broker had already has no offset.
    std::int64_t& last = acknowledged_[pending.partition];
    if (message.offset >= 0 && message.offset <= last) {
      damage = Status(Reason::kLogDamaged,
                      "partition " + std::to_string(pending.partition) +
                          " took a record at offset " + std::to_string(message.offset) +
                          ", where another one was acknowledged before: the topic was made again",
                      {{"partition", std::to_string(pending.partition)}});
      if (pending.why.ok()) pending.why = damage;
    } else {
      last = std::max(last, message.offset);
      ++pending.acknowledged;
    }
  } else {
    if (rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_NOT_PERSISTED) ++pending.absent;
    if (pending.why.ok()) pending.why = WhyNot(message.err);
  }
  MOTCUA_CHECK(pending.left > 0, "a record was reported twice");
  if (--pending.left == 0) {
    End(pending, ended);
    DropEnded(pending.partition);
  }
  return damage;
}

// Requires mutex_. The outcome is kAppended, kNotAppended or kUnknown.
void LogWriter::End(Pending& pending, std::vector<Ended>& ended) {
  AppendOutcome outcome = AppendOutcome::kUnknown;
  if (pending.acknowledged == pending.records) outcome = AppendOutcome::kAppended;
  if (pending.absent == pending.records) outcome = AppendOutcome::kNotAppended;
  if (outcome == AppendOutcome::kAppended) {
    stats_.records += pending.records;
    stats_.record_bytes += pending.bytes;
    failures_[pending.partition].reset();
    taken_at_ = std::chrono::steady_clock::now();
  } else {
    ++stats_.appends_failed;
    if (pending.why.ok()) pending.why = KafkaError(RD_KAFKA_RESP_ERR__DESTROY, "appending");
    if (pending.why.reason() == Reason::kLogUnavailable ||
        pending.why.reason() == Reason::kLogRefused) {
      failures_[pending.partition] = {pending.why, std::chrono::steady_clock::now()};
    }
  }
  queued_records_ -= pending.records;
  queued_bytes_ -= pending.bytes;
  ended.push_back({std::exchange(pending.done, nullptr), outcome, pending.why});
}

// Under the lock. Appends of a partition end in order, but for those given up on the way.
void LogWriter::DropEnded(PartitionId partition) {
  auto& waiting = pending_[partition];
  while (!waiting.empty() && !waiting.front()->done) waiting.pop_front();
}

// Without the lock: who is told may append again.
void LogWriter::Tell(std::vector<Ended>& ended) {
  for (Ended& end : ended) end.done(end.outcome, end.why);
}

bool LogWriter::Idle() const {
  const std::lock_guard lock(mutex_);
  return queued_records_ == 0;
}

// Serves reports until nothing is in flight, for `bound` at most.
void LogWriter::Drain(std::chrono::milliseconds bound) {
  const auto deadline = std::chrono::steady_clock::now() + bound;
  while (producer_ && !Idle() && std::chrono::steady_clock::now() < deadline) PollOnce(kPollWait);
}

// Ends what is in flight, then the producer. Reports of a purge tell what was never sent.
void LogWriter::DropProducer() {
  std::optional<Producer> dropped;
  if (producer_) {
    rd_kafka_purge(producer_->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    Drain(kCloseTimeout);
    const std::lock_guard lock(mutex_);
    dropped.swap(producer_);
  }
  dropped.reset();  // without the lock: it waits for librdkafka's threads
  std::vector<Ended> ended;
  {
    const std::lock_guard lock(mutex_);
    for (auto& waiting : pending_) {
      for (const auto& pending : waiting) {
        if (pending->done) End(*pending, ended);
      }
      waiting.clear();
    }
  }
  Tell(ended);
}

void LogWriter::ReplaceProducer() {
  DropProducer();
  Result<Producer> made = MakeProducer();
  if (!made.ok()) {
    if (connection_.warn != nullptr && *connection_.warn) (*connection_.warn)(made.status());
    return Pause(kReconnectPauseMax);
  }
  const std::lock_guard lock(mutex_);
  producer_ = std::move(made).value();
  // It was the old one's doing.
  failures_.assign(failures_.size(), std::nullopt);
  ++stats_.producers_replaced;
}

}  // namespace motcua::kafka
