// The second half of Partition: what is decided and appended, and what becomes of appends that
// fail.
#include <algorithm>
#include <utility>

#include "services/base/hash.h"
#include "services/engine/keys.h"
#include "services/engine/partition.h"
#include "services/engine/plant.h"

namespace motcua::engine {
namespace {

// Records of one append; what is decided beyond it goes with the next.
constexpr std::size_t kRecordsPerAppendMax = 512;

Status Reused(const cases::Command& command) {
  return Status(Reason::kRequestIdReused,
                "request_id " + cases::FormatRequestId(command.request_id) +
                    " was used for a request with other content",
                {{"request_id", cases::FormatRequestId(command.request_id)}});
}

// What a command is about, in words.
std::string NameOf(const cases::Command& command) {
  return std::string(cases::Parent(command).value_or(cases::Subject(command)).name());
}

// What a command is about, where it is there, and what that remembers of its request.
struct Remembered {
  std::optional<cases::AggregateId> subject;
  const cases::RememberedRequest* request = nullptr;
};
Result<Remembered> RememberedBy(cases::View& view, const cases::Command& command) {
  Remembered remembered;
  MOTCUA_ASSIGN_OR_RETURN(remembered.subject, cases::FindSubject(view, command));
  if (!remembered.subject) return remembered;
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, view.Find(*remembered.subject));
  if (state != nullptr) {
    remembered.request = cases::CoreOf(*state)->FindRequest(command.request_id);
  }
  return remembered;
}

}  // namespace

// ---- Deciding --------------------------------------------------------------------------------

Status Partition::DecideQueued() {
  std::vector<std::string> records;
  std::vector<std::uint64_t> sequences;
  Status failed;
  if (flights_.empty()) moved_at_ = Passed();
  while (!queue_.empty() && flights_.size() < kEventsInFlightMax &&
         records.size() < kRecordsPerAppendMax) {
    PendingCommand pending = std::move(queue_.front());
    queue_.pop_front();
    failed = DecideOne(pending, records, sequences);
    if (!failed.ok()) {
      queue_.push_front(std::move(pending));
      break;
    }
  }
  if (!records.empty()) Append(std::move(records), std::move(sequences));
  return failed;
}

Status Partition::DecideOne(PendingCommand& pending, std::vector<std::string>& records,
                            std::vector<std::uint64_t>& sequences) {
  MOTCUA_ASSIGN_OR_RETURN(const bool understood, Understands(pending.command));
  if (!understood) {
    Refuse(pending, cases::NotUnderstood(NameOf(pending.command)));
    return OkStatus();
  }
  MOTCUA_ASSIGN_OR_RETURN(const bool answered, AnsweredBefore(pending));
  if (answered) return OkStatus();
  if (!clock_check_.MayDecide() && !MOTCUA_PLANTED(kDecideByAnyClock)) {
    Refuse(pending, clock_check_.Refusal());
    return OkStatus();
  }
  Result<cases::Decision> decision =
      cases::Decide(speculative_, ports_.catalogue, Now(), pending.command);
  if (!decision.ok()) {
    const Reason reason = decision.status().reason();
    if (reason == Reason::kStoreDamaged || reason == Reason::kLogUnavailable) {
      return decision.status();
    }
    if (IsFinal(pending)) {
      Refuse(pending, decision.status());
    } else {
      parked_.push_back(std::move(pending));
    }
    return OkStatus();
  }
  if (decision->already_there) {
    AnswerAlreadyThere(pending, cases::AggregatesOf(*decision).front());
    return OkStatus();
  }
  MOTCUA_ASSIGN_OR_RETURN(const cases::CaseEvent wanted, MakeEvent(*decision, pending.command));
  Result<Written> written = Write(wanted);
  if (!written.ok()) {
    Refuse(pending, written.status());
    return OkStatus();
  }
  // What is folded is what the bytes say, as every reader will fold it.
  auto& [record, event] = *written;
  const cases::Tip tip(HashBytes(record));
  speculative_effective_ = std::max(speculative_effective_, event.at.instant);
  const std::uint64_t sequence = next_sequence_++;
  MOTCUA_RETURN_IF_ERROR(speculative_.Apply(event, tip, speculative_effective_, sequence));
  if (MOTCUA_PLANTED(kReplyBeforeReadBack) && pending.reply) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* made, speculative_.Find(event.about()));
    replies_.push_back({std::exchange(pending.reply, nullptr),
                        MakeAnswer(event.about(), *made, event.version(), false)});
  }
  records.push_back(record);
  sequences.push_back(sequence);
  cases::AggregateId subject = cases::Subject(pending.command);
  flights_.push_back({sequence, std::move(event), tip, std::move(record), std::move(subject),
                      std::move(pending), Passed(), speculative_effective_});
  clock_check_.Appended();
  return OkStatus();
}

Result<Partition::Written> Partition::Write(const cases::CaseEvent& event) const {
  std::string record = ports_.codec.EncodeEvent(event);
  if (record.size() > kRecordBytesMax) {
    return Status(Reason::kLimitExceeded,
                  "the event would have " + std::to_string(record.size()) + " bytes, more than " +
                      std::to_string(kRecordBytesMax),
                  {{"limit", "kRecordBytesMax"}});
  }
  Result<cases::CaseEvent> read = ports_.codec.DecodeEvent(record);
  if (!read.ok()) {
    return Status(Reason::kInternal, "the event cannot be read back: " + read.status().message());
  }
  if (HoldsLeaf<cases::UnknownPayload>(read->payload)) {
    return Status(Reason::kInternal, "the event says what this program does not understand");
  }
  return Written{std::move(record), *std::move(read)};
}

// By the accepted state: events in flight are own ones.
Result<bool> Partition::Understands(const cases::Command& command) {
  if (MOTCUA_PLANTED(kDecideUnderstoodOrNot)) return true;
  MOTCUA_ASSIGN_OR_RETURN(std::optional<cases::AggregateId> subject,
                          cases::FindSubject(accepted_, command));
  if (!subject) subject = cases::Parent(command);
  if (!subject) return true;
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, accepted_.Find(*subject));
  return state == nullptr || cases::Understood(*state);
}

bool Partition::RestsOnFlights(const cases::Command& command) {
  if (speculative_.TouchesItem(cases::ItemOf(command))) return true;
  const std::optional<cases::AggregateId> other = cases::AlsoLookedAt(command);
  if (other && speculative_.Touches(*other)) return true;
  const Result<std::optional<cases::AggregateId>> subject =
      cases::FindSubject(speculative_, command);
  if (!subject.ok()) return true;
  if (*subject) return speculative_.Touches(**subject);
  return speculative_.Touches(cases::Parent(command).value_or(cases::Subject(command)));
}

void Partition::AnswerAlreadyThere(PendingCommand& pending, const cases::AggregateId& id) {
  const Result<const cases::AggregateState*> state = accepted_.Find(id);
  if (!IsFinal(pending) || !state.ok() || *state == nullptr) {
    parked_.push_back(std::move(pending));
  } else if (pending.reply) {
    // As the one that created it was answered: nothing of this request is in the log.
    replies_.push_back({std::move(pending.reply), MakeAnswer(id, **state, 1, true)});
  }
}

bool Partition::IsFinal(PendingCommand& pending) {
  // It may rest on an own event that will lose its race: answer on accepted state only.
  if (MOTCUA_PLANTED(kRefuseFromSpeculation)) return true;
  if (RestsOnFlights(pending.command)) return false;
  // It may rest on a state that others have left behind. The very same request may have been
  // taken by another instance and its answer lost: a refusal would contradict the log.
  if (MOTCUA_PLANTED(kRefuseFromStaleState)) return true;
  if (!pending.refusable_from && asks_told_ > pending.questions_before) {
    pending.refusable_from = known_end_;
  }
  if (!pending.refusable_from) ask_wanted_ = true;
  return pending.refusable_from && next_offset_ >= *pending.refusable_from;
}

Result<cases::CaseEvent> Partition::MakeEvent(const cases::Decision& decision,
                                              const cases::Command& command) {
  cases::CaseEvent event;
  event.dossier = decision.dossier;
  for (cases::AggregateId& id : cases::AggregatesOf(decision)) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::Head head, speculative_.HeadOf(id));
    event.steps.push_back({std::move(id), head.version + 1, head.tip});
  }
  event.request_id = command.request_id;
  event.request_digest = command.digest;
  event.correlation_id = command.correlation_id;
  event.cause = command.cause;
  event.actor = command.actor;
  event.at = decision.at;
  event.trace = command.trace;
  event.payload = decision.payload;
  event.nonce = MOTCUA_PLANTED(kNoNonce)
                    ? 0
                    : static_cast<std::uint32_t>(HashBytes(std::to_string(options_.incarnation) +
                                                           "/" + std::to_string(next_sequence_)));
  return event;
}

Result<bool> Partition::AnsweredBefore(PendingCommand& pending) {
  if (MOTCUA_PLANTED(kSkipDedupe)) return false;
  const cases::Command& command = pending.command;
  const bool creates = cases::Parent(command).has_value();
  if (creates && !cases::IsBulk(command)) return AnsweredCreation(pending);
  // A row that was taken is remembered by the dossier that it created or changed.
  MOTCUA_ASSIGN_OR_RETURN(const Remembered accepted, RememberedBy(accepted_, command));
  const cases::RememberedRequest* const seen = accepted.request;
  if (seen == nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(const Remembered speculative, RememberedBy(speculative_, command));
    if (!speculative.subject && creates) return AnsweredByOther(pending);
    if (speculative.request == nullptr) return false;
    parked_.push_back(std::move(pending));
    return true;
  }
  if (seen->digest != command.digest) {
    Refuse(pending, Reused(command));
  } else if (pending.reply) {
    const cases::AggregateId& id = *accepted.subject;
    replies_.push_back(
        {std::move(pending.reply), MakeAnswer(id, AcceptedOf(id), seen->version, true)});
  } else {
    reacting_.erase(cases::Subject(command));
  }
  return true;
}

Result<bool> Partition::AnsweredByOther(PendingCommand& pending) {
  const cases::Command& command = pending.command;
  const cases::AggregateId parent = *cases::Parent(command);
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<cases::CreatedBy> created,
                          cases::FindCreation(accepted_, parent.unit(), command.request_id));
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, accepted_.Find(parent));
  const bool remembered =
      state != nullptr && cases::CoreOf(*state)->FindRequest(command.request_id) != nullptr;
  if (!created && !remembered) return false;
  Refuse(pending, Reused(command));
  return true;
}

Result<bool> Partition::AnsweredCreation(PendingCommand& pending) {
  const cases::Command& command = pending.command;
  const cases::UnitCode unit = cases::UnitOfCommand(command);
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<cases::CreatedBy> created,
                          cases::FindCreation(accepted_, unit, command.request_id));
  if (!created) {
    // What was imported is noted by its register's id; the book remembers its request for a while.
    if (!speculative_.Writes(cases::RequestKey(unit, command.request_id))) {
      return AnsweredByOther(pending);
    }
    parked_.push_back(std::move(pending));
    return true;
  }
  if (created->digest != command.digest) {
    Refuse(pending, Reused(command));
    return true;
  }
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, accepted_.Find(created->id));
  MOTCUA_CHECK(state != nullptr, "a creation without its aggregate");
  if (!cases::Understood(*state) && !MOTCUA_PLANTED(kDecideUnderstoodOrNot)) {
    Refuse(pending, cases::NotUnderstood(created->id.name()));
    return true;
  }
  if (pending.reply) {
    replies_.push_back({std::move(pending.reply), MakeAnswer(created->id, *state, 1, true)});
  }
  return true;
}

void Partition::Redecide(PendingCommand pending) {
  // Reactions and timer events are derived again from the state, if it still owes them.
  if (!pending.reply || MOTCUA_PLANTED(kLoseReply)) return;
  ports_.metrics.redecided.fetch_add(1, std::memory_order_relaxed);
  if (++pending.attempts >= kDecideAttemptsMax) {
    Refuse(pending, Status(Reason::kContention, "lost the race for the same dossier or register " +
                                                    std::to_string(kDecideAttemptsMax) + " times"));
    return;
  }
  queue_.push_back(std::move(pending));
}

void Partition::Refuse(PendingCommand& pending, const Status& status) {
  if (pending.reply) {
    refusals_.push_back({std::exchange(pending.reply, nullptr), status});
    return;
  }
  const cases::AggregateId subject = cases::Subject(pending.command);
  reacting_.erase(subject);
  owed_.Defer(subject, Passed() + kReactionRetryDelay);
}

void Partition::Append(std::vector<std::string> records, std::vector<std::uint64_t> sequences) {
  ports_.metrics.appended.fetch_add(records.size(), std::memory_order_relaxed);
  ports_.log.Append(id_, std::move(records),
                    [answers = ports_.answers, id = id_, sequences = std::move(sequences)](
                        AppendOutcome outcome, const Status& status) {
                      if (outcome == AppendOutcome::kAppended) return;
                      answers->Put(FailedAppend{id, sequences, outcome, status});
                    });
}

// ---- The log's answers, deadlines ------------------------------------------------------------

Micros Partition::UntilAsk() const {
  if (asking_) return Micros::max();
  const Micros wait = ask_failed_ ? kEndAskRetryDelay : ask_wanted_ ? Micros(0) : kEndAskInterval;
  return asked_at_ ? *asked_at_ + wait - Passed() : Micros(0);
}

void Partition::AskEndIfDue() {
  if (UntilAsk() > Micros(0)) return;
  asking_ = true;
  ask_wanted_ = false;
  asked_at_ = Passed();
  asked_from_ = next_offset_;
  ports_.log.AskEnd(id_, [answers = ports_.answers, id = id_, ask = ++asks_](Result<Offset> end) {
    answers->Put(EndReported{id, ask, std::move(end)});
  });
}

Status Partition::OnEndReported(const EndReported& told) {
  asking_ = false;
  ask_failed_ = !told.end.ok();
  if (told.end.ok() && asked_at_) {
    fresh_from_ = *told.end;
    fresh_since_ = *asked_at_;
  }
  ask_failure_ = told.end.status();
  if (!told.end.ok()) {
    if (told.end.status().reason() == Reason::kLogDamaged) damage_ = told.end.status();
    ask_wanted_ = true;
    return damage_;
  }
  asks_told_ = told.ask;
  known_end_ = *told.end;
  if (!recovered_end_) recovered_end_ = known_end_;
  unpark_ = true;
  if (known_end_ >= asked_from_) return OkStatus();
  damage_ = Status(Reason::kLogDamaged,
                   "partition " + std::to_string(id_) + " ends at offset " +
                       std::to_string(known_end_) + ", but this state store has read up to " +
                       std::to_string(asked_from_) + ": the log has lost records",
                   {{"partition", std::to_string(id_)}});
  return damage_;
}

Status Partition::OnFailedAppend(const FailedAppend& failed) {
  for (const std::uint64_t sequence : failed.sequences) {
    const auto flight = std::find_if(flights_.begin(), flights_.end(), [sequence](const Flight& f) {
      return f.sequence == sequence;
    });
    if (flight == flights_.end()) continue;
    if (MOTCUA_PLANTED(kUnknownIsFailed) && flight->pending.reply) {
      PendingCommand again = std::move(flight->pending);
      again.command.request_id =
          cases::DeriveRequestId(cases::FormatRequestId(again.command.request_id));
      flights_.erase(flight);
      queue_.push_back(std::move(again));
      return Speculate();
    }
    if (failed.outcome == AppendOutcome::kUnknown || flight->repeated) {
      // Of a record that was appended before, this append alone is known to have failed.
      flight->outcome_unknown = true;
      continue;
    }
    PendingCommand pending = std::move(flight->pending);
    StopReacting(*flight);
    flights_.erase(flight);
    Refuse(pending, failed.status);
  }
  return failed.outcome == AppendOutcome::kNotAppended ? Speculate() : OkStatus();
}

void Partition::RepeatUnknown() {
  const Micros now = Passed();
  // In one append, so that they keep their order: later ones build on earlier ones.
  std::vector<std::string> records;
  std::vector<std::uint64_t> sequences;
  for (Flight& flight : flights_) {
    const bool patient = now - flight.appended_at < kAppendRepeatDelay;
    if (!flight.outcome_unknown || patient || records.size() >= kRecordsPerAppendMax) continue;
    flight.outcome_unknown = false;
    flight.repeated = true;
    flight.appended_at = now;
    records.push_back(flight.record);
    sequences.push_back(flight.sequence);
  }
  if (!records.empty()) Append(std::move(records), std::move(sequences));
}

void Partition::Expire() {
  const Micros now = Passed();
  if (now < expire_at_) return;
  expire_at_ = now + kExpiryInterval;
  const auto expire = [&](std::deque<PendingCommand>& commands) {
    std::erase_if(commands, [&](PendingCommand& pending) {
      if (pending.deadline > now) return false;
      Refuse(pending,
             Status(Reason::kOutcomeUnknown, "the request was not decided before its deadline"));
      return true;
    });
  };
  expire(queue_);
  expire(parked_);
  for (Flight& flight : flights_) {
    if (flight.pending.deadline > now || !flight.pending.reply) continue;
    // The event may still be accepted: then the same request id finds its answer.
    Refuse(flight.pending, Status(Reason::kOutcomeUnknown,
                                  "the log did not confirm the event before the deadline"));
  }
  // Accepted, but the store does not take it.
  for (Answered& answered : replies_) {
    if (answered.deadline > now || !uncommitted_) continue;
    refusals_.push_back({std::exchange(answered.reply, nullptr),
                         Status(Reason::kOutcomeUnknown,
                                "the state store did not take the event before the deadline")});
  }
  std::erase_if(replies_, [](const Answered& answered) { return !answered.reply; });
  SendRefusals();
}

}  // namespace motcua::engine
