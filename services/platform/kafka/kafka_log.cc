#include "services/platform/kafka/kafka_log.h"

#include <utility>

#include "services/base/check.h"

namespace motcua::kafka {

using engine::LogChunk;
using engine::Offset;
using engine::PartitionId;

Result<std::unique_ptr<KafkaLog>> KafkaLog::Open(KafkaLogOptions options,
                                                 const engine::Codec& codec) {
  std::unique_ptr<KafkaLog> log(new KafkaLog(std::move(options)));
  Result<ClientHandle> control = log->CheckTopic();
  if (!control.ok()) return control.status().Prefixed("kafka");
  const Status started = log->Start(std::move(control).value(), codec);
  if (!started.ok()) return started.Prefixed("kafka");
  return log;
}

KafkaLog::KafkaLog(KafkaLogOptions options)
    : options_(std::move(options)),
      warn_(options_.warn),
      connection_{options_.brokers, options_.security, &warn_} {}

KafkaLog::~KafkaLog() = default;

Result<ClientHandle> KafkaLog::CheckTopic() {
  MOTCUA_ASSIGN_OR_RETURN(ClientHandle control, MakeControlClient(connection_));
  MOTCUA_ASSIGN_OR_RETURN(const TopicShape shape,
                          DescribeTopic(*control, options_.topic, kCallTimeout));
  if (!shape.exists) {
    return Status(Reason::kFileInvalid,
                  "topic " + options_.topic + " is missing; run `motcua admin topics`",
                  {{"topic", options_.topic}});
  }
  if (options_.partitions != 0 && options_.partitions != shape.partitions) {
    return Status(Reason::kFileInvalid,
                  "topic " + options_.topic + " has " + std::to_string(shape.partitions) +
                      " partitions, not " + std::to_string(options_.partitions),
                  {{"topic", options_.topic}});
  }
  MOTCUA_ASSIGN_OR_RETURN(PresentGenesis present,
                          ReadPresentGenesis(*control, options_.topic, shape));
  genesis_ = std::move(present.genesis);
  away_ = std::move(present.away);
  MOTCUA_RETURN_IF_ERROR(JudgeTopic(*control));
  return control;
}

// Whether the topic's settings keep what is written.
Status KafkaLog::JudgeTopic(rd_kafka_t& control) {
  const Result<std::vector<TopicFinding>> findings = CheckCaseEvents(control, options_.topic);
  std::vector<Status> warnings;
  if (!findings.ok()) {
    const Status unknown = findings.status().Prefixed("cannot tell whether the topic is safe");
    if (!options_.allow_unsafe) return unknown;
    warnings.push_back(unknown);
  } else {
    for (const TopicFinding& finding : *findings) {
      const Status warning(Reason::kFileInvalid, "topic " + finding.topic + ": " + finding.text,
                           {{"topic", finding.topic}});
      if (finding.useless) return warning;
      if (finding.unsafe && !options_.allow_unsafe) {
        return Status(Reason::kFileInvalid,
                      warning.message() + " Or accept the loss with kafka.allow_unsafe.",
                      warning.metadata());
      }
      warnings.push_back(warning);
    }
  }
  if (!genesis_.keeps_instants && options_.scenario) {
    return Status(Reason::kFileInvalid,
                  "topic " + options_.topic +
                      " does not say by which clock its records were written; services that run "
                      "by a scenario's clock need a topic of their own",
                  {{"topic", options_.topic}});
  }
  if (!genesis_.keeps_instants) {
    warnings.push_back(Status(Reason::kFileInvalid,
                              "topic " + options_.topic +
                                  " was made by a program that did not look at when records were "
                                  "taken, so a wrong clock is not noticed; `motcua admin move-log` "
                                  "to a new topic mends that",
                              {{"topic", options_.topic}}));
  }
  for (const Status& warning : warnings) {
    if (warn_) warn_(warning);
  }
  return OkStatus();
}

Status KafkaLog::Start(ClientHandle control, const engine::Codec& codec) {
  LogKeeper::Ends ends(genesis_.partitions);
  for (PartitionId p = 0; p < genesis_.partitions; ++p) {
    if (away_.contains(p)) continue;
    MOTCUA_ASSIGN_OR_RETURN(ends[p],
                            QueryEdge(*control, options_.topic, p, LogEdge::kEnd, kCallTimeout));
  }
  health_ = std::make_unique<LogHealth>(genesis_.partitions,
                                        [this](const Status& status) { OnHealth(status); });
  for (const auto& [partition, why] : away_) health_->SetUnavailable(partition, why);
  const auto wake = [this] { CallWatchers(); };
  const LogReaderOptions reading{
      options_.topic,        genesis_.partitions,     options_.fetched_bytes_max,
      options_.allow_unsafe, genesis_.keeps_instants, options_.scenario};
  MOTCUA_ASSIGN_OR_RETURN(reader_, LogReader::Open(connection_, reading, codec, *health_, wake));
  const LogWriterOptions writing{options_.topic, genesis_.partitions, options_.queued_records_max,
                                 options_.queued_bytes_max, options_.delivery_timeout};
  keeper_ = std::make_unique<LogKeeper>(std::move(control), options_.topic, genesis_,
                                        std::move(ends), *health_);
  MOTCUA_ASSIGN_OR_RETURN(writer_, LogWriter::Open(connection_, writing, codec, *health_));
  return OkStatus();
}

void KafkaLog::CheckPartition(PartitionId partition) const {
  MOTCUA_CHECK(partition < genesis_.partitions, "a partition that the log does not have");
}

void KafkaLog::Append(PartitionId partition, std::vector<std::string> records, AppendDone done) {
  CheckPartition(partition);
  std::vector<std::optional<Instant>> appended;
  if (options_.scenario) appended.resize(records.size());
  writer_->Append(partition, std::move(records), appended, std::move(done));
}

void KafkaLog::AppendCarried(PartitionId partition, std::vector<engine::TakenRecord> records,
                             AppendDone done) {
  CheckPartition(partition);
  std::vector<std::string> bytes;
  std::vector<std::optional<Instant>> appended;
  for (engine::TakenRecord& record : records) {
    bytes.push_back(std::move(record.bytes));
    appended.push_back(record.appended);
  }
  writer_->Append(partition, std::move(bytes), appended, std::move(done));
}

Result<std::shared_ptr<const LogChunk>> KafkaLog::Read(PartitionId partition, Offset from) {
  CheckPartition(partition);
  // Nothing of a partition is served before it has shown that it belongs to this log.
  if (!keeper_->IsProven(partition)) MOTCUA_RETURN_IF_ERROR(partition_health(partition));
  return reader_->Read(partition, from);
}

void KafkaLog::AskEnd(PartitionId partition, EndDone done) {
  CheckPartition(partition);
  keeper_->Ask(partition, std::move(done));
}

// Damage concerns all; else one partition that can be used is enough, as far as is known.
Status KafkaLog::health() const {
  Status first = writer_->health();
  if (!first.ok()) return first;
  for (PartitionId p = 0; p < genesis_.partitions; ++p) {
    Status status = partition_health(p);
    if (status.ok()) return OkStatus();
    if (first.ok()) first = std::move(status);
  }
  return first;
}

Status KafkaLog::partition_health(PartitionId partition) const {
  MOTCUA_RETURN_IF_ERROR(health_->Of(partition));
  return writer_->health(partition);
}

KafkaLogStats KafkaLog::stats() const { return {writer_->stats(), reader_->placements()}; }

// A reader that is woken finds the error, or that it is gone.
void KafkaLog::OnHealth(const Status& status) {
  if (!status.ok() && warn_) warn_(status.Prefixed("kafka"));
  CallWatchers();
}

void KafkaLog::CallWatchers() {
  const std::lock_guard lock(watch_mutex_);
  for (const auto& [token, wake] : watchers_) wake();
}

std::uint64_t KafkaLog::Watch(std::function<void()> wake) {
  const std::lock_guard lock(watch_mutex_);
  const std::uint64_t token = watch_token_next_++;
  watchers_.emplace(token, std::move(wake));
  return token;
}

void KafkaLog::Unwatch(std::uint64_t token) {
  const std::lock_guard lock(watch_mutex_);
  watchers_.erase(token);
}

}  // namespace motcua::kafka
