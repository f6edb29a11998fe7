#include "services/platform/kafka/log_keeper.h"

#include <algorithm>
#include <utility>

namespace motcua::kafka {

using engine::Offset;
using engine::PartitionId;

namespace {

// The lane of those that are away sleeps while there are none: the caller that adds one wakes it.
constexpr std::chrono::hours kNothingAway{1};

}  // namespace

LogKeeper::LogKeeper(ClientHandle control, std::string topic, Genesis genesis, const Ends& ends,
                     LogHealth& health)
    : control_(std::move(control)),
      topic_(std::move(topic)),
      genesis_(std::move(genesis)),
      health_(health),
      seen_(ends.size()) {
  const Time now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < ends.size(); ++i) {
    Seen& seen = seen_[i];
    seen.end = ends[i].value_or(kGenesisOffset);
    if (ends[i]) continue;
    seen.away = true;
    seen.proven = false;
    seen.failing_since = now;
  }
  next_heartbeat_ = now + kHeartbeat;
  next_identity_ = now + kIdentityPeriod;
  away_.away = true;
  for (Lane* const lane : {&steady_, &away_}) {
    lane->thread = std::thread([this, lane] { Loop(*lane); });
  }
}

LogKeeper::~LogKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  const Status closing(Reason::kNotServing, "the log is closing");
  for (Lane* const lane : {&steady_, &away_}) {
    lane->asked.notify_one();
    lane->thread.join();
  }
  for (const Lane* const lane : {&steady_, &away_}) {
    for (const auto& [partition, waiting] : lane->asks) {
      for (const auto& done : waiting) done(closing);
    }
  }
}

void LogKeeper::Ask(PartitionId partition, engine::EventLog::EndDone done) {
  Lane& lane = seen_[partition].away ? away_ : steady_;
  {
    const std::lock_guard lock(mutex_);
    lane.asks[partition].push_back(std::move(done));
  }
  lane.asked.notify_one();
}

void LogKeeper::Loop(Lane& lane) {
  for (;;) {
    Asks asks = TakeAsks(lane, NextLook(lane));
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) {
        // What was taken is answered by the destructor with the rest.
        lane.asks.merge(asks);
        return;
      }
    }
    Answer(lane, std::move(asks));
    if (lane.away) {
      LookAtAway(lane);
    } else {
      LookAround();
    }
  }
}

LogKeeper::Time LogKeeper::NextLook(const Lane& lane) const {
  if (!lane.away) return next_heartbeat_;
  const bool any =
      std::any_of(seen_.begin(), seen_.end(), [](const Seen& seen) { return seen.away.load(); });
  return std::chrono::steady_clock::now() + (any ? kProbePause : kNothingAway);
}

// What was asked since; empty when `until` came first.
LogKeeper::Asks LogKeeper::TakeAsks(Lane& lane, Time until) {
  std::unique_lock lock(mutex_);
  lane.asked.wait_until(lock, until, [&] { return stopping_ || lane.woken || !lane.asks.empty(); });
  lane.woken = false;
  return std::exchange(lane.asks, {});
}

// Each question begins after the asks that it answers: none of them could have read a record after
// its answer. Kafka serves readers up to a replica's high watermark, which is never ahead of the
// leader's; and a new leader whose watermark still lags refuses the question until it has caught up
// (KIP-207). So no reader can have been further than the leader's answer.
void LogKeeper::Answer(Lane& lane, Asks asks) {
  Partitions partitions;
  Asks moved;
  for (auto& [partition, waiting] : asks) {
    // It went to the other lane since it was asked for.
    if (seen_[partition].away == lane.away) {
      partitions.push_back(partition);
    } else {
      moved[partition] = std::move(waiting);
    }
  }
  for (auto& [partition, waiting] : moved) {
    for (auto& done : waiting) Ask(partition, std::move(done));
  }
  if (!partitions.empty()) Look(lane, partitions, asks);
}

void LogKeeper::Look(const Lane& lane, const Partitions& partitions, Asks& asks) {
  const bool one = partitions.size() == 1;
  const auto alone = lane.away ? kProbeTimeout : kEndTimeout;
  const std::vector<EndAnswer> answers =
      QueryEnds(*control_, topic_, partitions, one ? alone : kTogetherTimeout);
  const bool none = std::none_of(answers.begin(), answers.end(),
                                 [](const EndAnswer& answer) { return answer.end.ok(); });
  if (none && !one) return LookByBroker(lane, partitions, asks);
  Note(partitions, answers, asks);
}

void LogKeeper::LookByBroker(const Lane& lane, const Partitions& partitions, Asks& asks) {
  const auto timeout = lane.away ? kProbeTimeout : kEndTimeout;
  const Result<TopicShape> shape = DescribeTopic(*control_, topic_, timeout);
  std::map<int, Partitions> by_broker;
  for (const PartitionId partition : partitions) {
    const bool known = shape.ok() && partition < shape->leaders.size();
    by_broker[known ? shape->leaders[partition] : -1].push_back(partition);
  }
  for (const auto& [broker, its] : by_broker) {
    if (broker >= 0) {
      Note(its, QueryEnds(*control_, topic_, its, timeout), asks);
      continue;
    }
    // Nobody could answer, so nobody is asked.
    const rd_kafka_resp_err_t error = shape.ok() && !shape->exists
                                          ? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
                                          : RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
    const EndAnswer none{
        shape.ok() ? KafkaError(error, "asking where the partition ends") : shape.status(), error};
    Note(its, std::vector<EndAnswer>(its.size(), none), asks);
  }
}

void LogKeeper::Note(const Partitions& partitions, const std::vector<EndAnswer>& answers,
                     Asks& asks) {
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const Result<Offset> end = Judge(partitions[i], answers[i]);
    for (const auto& done : std::exchange(asks[partitions[i]], {})) done(end);
    SetAway(partitions[i], !answers[i].end.ok() || !seen_[partitions[i]].proven);
  }
}

// Last of all that a lane does with a partition: from then on it is the other's.
void LogKeeper::SetAway(PartitionId partition, bool away) {
  if (seen_[partition].away.exchange(away) == away || !away) return;
  {
    const std::lock_guard lock(mutex_);
    away_.woken = true;
  }
  away_.asked.notify_one();
}

Result<Offset> LogKeeper::Judge(PartitionId partition, const EndAnswer& answer) {
  if (health_.damaged()) return health_.Of(partition);
  Seen& seen = seen_[partition];
  seen.looked = std::chrono::steady_clock::now();
  if (answer.end.ok()) return JudgeEnd(partition, *answer.end);
  if (!seen.failing_since) seen.failing_since = seen.looked;
  if (IsGone(answer.error)) {
    NoteGone(seen);
    if (health_.damaged()) return health_.Of(partition);
  } else {
    seen.gone_since.reset();
  }
  if (seen.looked - *seen.failing_since >= kUnreachableAfter) {
    health_.SetUnavailable(partition, answer.end.status());
  }
  return answer.end.status();
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
  if (!seen.proven) MOTCUA_RETURN_IF_ERROR(Prove(partition));
  seen.end = end;
  seen.failing_since.reset();
  health_.SetAvailable(partition);
  return end;
}

// Nobody answered for it when the log was opened: whether it is the log's is seen only now.
Status LogKeeper::Prove(PartitionId partition) {
  const std::lock_guard lock(identity_mutex_);
  const Result<std::optional<Genesis>> found =
      ReadGenesis(*control_, topic_, partition, kEndTimeout);
  Status judged = found.status();
  if (judged.ok()) judged = JudgeGenesis(topic_, partition, *found, genesis_);
  if (judged.ok()) {
    seen_[partition].proven = true;
  } else if (judged.reason() != Reason::kLogUnavailable) {
    health_.SetDamaged(Status(Reason::kLogDamaged, judged.message(), judged.metadata()));
  }
  return judged;
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

// The heartbeat: one partition by turns.
void LogKeeper::LookAround() {
  const Time now = std::chrono::steady_clock::now();
  if (now < next_heartbeat_) return;
  Asks none;
  Seen& seen = seen_[turn_];
  if (!seen.away && now - seen.looked >= kHeartbeat) Look(steady_, {turn_}, none);
  if (!seen.away) LookAtBegin(turn_);
  turn_ = static_cast<PartitionId>((turn_ + 1U) % seen_.size());
  if (now >= next_identity_ && !seen_[0].away) {
    CheckIdentity();
    next_identity_ = now + kIdentityPeriod;
  }
  next_heartbeat_ = std::chrono::steady_clock::now() + kHeartbeat;
}

// Until they are back.
void LogKeeper::LookAtAway(const Lane& lane) {
  Asks none;
  Partitions away;
  const Time now = std::chrono::steady_clock::now();
  for (PartitionId p = 0; p < genesis_.partitions; ++p) {
    if (seen_[p].away && now - seen_[p].looked >= kProbePause) away.push_back(p);
  }
  if (!away.empty()) Look(lane, away, none);
}

void LogKeeper::CheckIdentity() {
  const std::lock_guard lock(identity_mutex_);
  const Result<std::optional<Genesis>> present = ReadGenesis(*control_, topic_, 0, kEndTimeout);
  if (!present.ok() && present.status().reason() != Reason::kLogDamaged) return;  // looked at again
  if (present.ok() && *present && (*present)->id == genesis_.id) return;
  health_.SetDamaged(Status(Reason::kLogDamaged,
                            "topic " + topic_ + " is no longer the log " + genesis_.id +
                                ": it was made again or its beginning is gone",
                            {{"topic", topic_}}));
}

}  // namespace motcua::kafka
