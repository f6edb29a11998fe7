#include "services/platform/kafka/log_keeper.h"

#include <algorithm>
#include <utility>

namespace motcua::kafka {

using engine::Offset;
using engine::PartitionId;

LogKeeper::LogKeeper(ClientHandle control, std::string topic, Genesis genesis,
                     std::vector<Offset> ends, LogHealth& health)
    : control_(std::move(control)),
      topic_(std::move(topic)),
      genesis_(std::move(genesis)),
      health_(health),
      seen_(ends.size()) {
  const Time now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < ends.size(); ++i) seen_[i].end = ends[i];
  next_heartbeat_ = now + kHeartbeat;
  next_identity_ = now + kIdentityPeriod;
  thread_ = std::thread([this] { Loop(); });
}

LogKeeper::~LogKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  asked_.notify_one();
  thread_.join();
  const Status closing(Reason::kNotServing, "the log is closing");
  for (const auto& [partition, waiting] : asks_) {
    for (const auto& done : waiting) done(closing);
  }
}

void LogKeeper::Ask(PartitionId partition, engine::EventLog::EndDone done) {
  {
    const std::lock_guard lock(mutex_);
    asks_[partition].push_back(std::move(done));
  }
  asked_.notify_one();
}

void LogKeeper::Loop() {
  for (;;) {
    Asks asks = TakeAsks(next_heartbeat_);
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        // What was taken is answered by the destructor with the rest.
        asks_.merge(asks);
        return;
      }
    }
    // Each question begins after the asks that it answers: none of them could have read a record
    // behind its answer. Kafka serves readers up to a replica's high watermark, which is never
    // ahead of the leader's; and a new leader whose watermark still lags refuses the question until
    // it has caught up (KIP-207). So no reader can have been further than the leader's answer.
    for (const auto& [partition, waiting] : asks) {
      const Result<Offset> end = Look(partition);
      for (const auto& done : waiting) done(end);
    }
    LookAround();
  }
}

// What was asked since; empty when `until` came first.
LogKeeper::Asks LogKeeper::TakeAsks(Time until) {
  std::unique_lock lock(mutex_);
  asked_.wait_until(lock, until, [this] { return stopping_ || !asks_.empty(); });
  return std::exchange(asks_, {});
}

Result<Offset> LogKeeper::Look(PartitionId partition) {
  if (health_.damaged()) return health_.Of(partition);
  Seen& seen = seen_[partition];
  const auto timeout = seen.available ? kEndTimeout : kProbeTimeout;
  const Time began = std::chrono::steady_clock::now();
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  const Result<Offset> end =
      QueryEdge(*control_, topic_, partition, LogEdge::kEnd, timeout, &error);
  seen.looked = std::chrono::steady_clock::now();
  seen.available = end.ok();
  if (end.ok()) return JudgeEnd(partition, *end);
  if (!seen.failing_since) seen.failing_since = began;
  if (IsGone(error)) {
    NoteGone(seen);
    if (health_.damaged()) return health_.Of(partition);
  } else {
    seen.gone_since.reset();
  }
  if (seen.looked - *seen.failing_since >= kUnreachableAfter) {
    health_.SetUnavailable(partition, end.status());
  }
  return end.status();
}

Result<Offset> LogKeeper::JudgeEnd(PartitionId partition, Offset end) {
  Seen& seen = seen_[partition];
  // It was away: what is there now may be another topic of that name.
  if (std::exchange(seen.gone_since, std::nullopt)) CheckIdentity();
  if (end < seen.end) {
    SetDamaged(partition, "ends at offset " + std::to_string(end) + ", but ended at " +
                              std::to_string(seen.end) +
                              " before: the log was made again, or has lost records");
  }
  if (health_.damaged()) return health_.Of(partition);
  seen.end = end;
  seen.failing_since.reset();
  health_.SetAvailable(partition);
  return end;
}

void LogKeeper::LookAtBegin(PartitionId partition) {
  const Result<Offset> begin =
      QueryEdge(*control_, topic_, partition, LogEdge::kBegin, kEndTimeout);
  if (!begin.ok() || *begin == kGenesisOffset) return;
  SetDamaged(partition, "begins at offset " + std::to_string(*begin) +
                            ": records were removed from its beginning");
}

void LogKeeper::SetDamaged(PartitionId partition, const std::string& what) {
  health_.SetDamaged(Status(Reason::kLogDamaged,
                            "partition " + std::to_string(partition) + " " + what,
                            {{"partition", std::to_string(partition)}}));
}

void LogKeeper::NoteGone(Seen& seen) {
  if (!seen.gone_since) seen.gone_since = seen.looked;
  if (seen.looked - *seen.gone_since < kGoneAfter) return;
  const Result<TopicShape> shape = DescribeTopic(*control_, topic_, kEndTimeout);
  if (!shape.ok()) return;
  if (!shape->exists) {
    health_.SetDamaged(
        Status(Reason::kLogDamaged, "topic " + topic_ + " was deleted", {{"topic", topic_}}));
  } else if (shape->partitions != genesis_.partitions) {
    health_.SetDamaged(Status(Reason::kLogDamaged,
                              "topic " + topic_ + " has " + std::to_string(shape->partitions) +
                                  " partitions, not " + std::to_string(genesis_.partitions),
                              {{"topic", topic_}}));
  }
}

// The heartbeat: one partition by turns, and all that are away.
void LogKeeper::LookAround() {
  const Time now = std::chrono::steady_clock::now();
  for (PartitionId p = 0; p < genesis_.partitions; ++p) {
    if (!seen_[p].available && now - seen_[p].looked >= kProbePause) (void)Look(p).ok();
  }
  if (now < next_heartbeat_) return;
  if (now - seen_[turn_].looked >= kHeartbeat) (void)Look(turn_).ok();
  if (seen_[turn_].available) LookAtBegin(turn_);
  turn_ = static_cast<PartitionId>((turn_ + 1U) % seen_.size());
  if (now >= next_identity_) {
    CheckIdentity();
    next_identity_ = now + kIdentityPeriod;
  }
  const bool all_available =
      std::all_of(seen_.begin(), seen_.end(), [](const Seen& seen) { return seen.available; });
  next_heartbeat_ = std::chrono::steady_clock::now() + (all_available ? kHeartbeat : kProbePause);
}

void LogKeeper::CheckIdentity() {
  const Result<std::optional<Genesis>> present = ReadGenesis(*control_, topic_, 0, kEndTimeout);
  if (!present.ok() && present.status().reason() != Reason::kLogDamaged) return;  // looked at again
  if (present.ok() && *present && (*present)->id == genesis_.id) return;
  health_.SetDamaged(Status(Reason::kLogDamaged,
                            "topic " + topic_ + " is no longer the log " + genesis_.id +
                                ": it was made again or its beginning is gone",
                            {{"topic", topic_}}));
}

}  // namespace motcua::kafka
