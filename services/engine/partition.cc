#include "services/engine/partition.h"

#include <algorithm>
#include <utility>

#include "services/base/hash.h"
#include "services/engine/keys.h"
#include "services/engine/plant.h"

namespace motcua::engine {
namespace {

constexpr Micros kExpiryInterval{100'000};
constexpr Micros kIdleWake{1'000'000};
// Records of one append; what is decided beyond it goes with the next.
constexpr std::size_t kRecordsPerAppendMax = 512;
constexpr std::size_t kTimersPerScanMax = 1024;
// No reaction waits longer, whatever the clock does.
constexpr Micros kPatienceMax{10'000'000};

Answer MakeAnswer(const cases::Dossier& dossier, cases::Version version, bool repeated) {
  Answer answer;
  answer.dossier = dossier.code;
  answer.version = version;
  answer.register_year = dossier.register_year;
  answer.register_number = dossier.register_number;
  answer.received = dossier.received;
  answer.first_due = dossier.clock.first_due;
  answer.doubts = dossier.origin ? dossier.origin->doubts : std::uint8_t{0};
  answer.repeated = repeated;
  return answer;
}

Status Reused(const cases::Command& command) {
  return Status(Reason::kRequestIdReused,
                "request_id " + cases::FormatRequestId(command.request_id) +
                    " was used for a request with other content",
                {{"request_id", cases::FormatRequestId(command.request_id)}});
}

}  // namespace

PartitionId PartitionOf(const cases::UnitCode& unit, PartitionId partitions) {
  return static_cast<PartitionId>(HashBytes(unit.value()) % partitions);
}

// Index rows between two commits: the last write of a key wins, counters add up.
class Partition::Sink final : public IndexSink {
 public:
  explicit Sink(const StateStore& store) : store_(store) {}

  void Put(std::string key, std::string value) override {
    MOTCUA_CHECK(!key.empty() && key[0] == kIndexPrefix, "an index key without the index prefix");
    rows_[std::move(key)] = std::move(value);
  }
  void Delete(std::string key) override { rows_[std::move(key)] = std::nullopt; }
  void Add(std::string key, std::int64_t delta) override { counters_[std::move(key)] += delta; }

  Status Collect(std::vector<StoreWrite>& writes) const {
    for (const auto& [key, value] : rows_) writes.push_back({key, value});
    for (const auto& [key, delta] : counters_) {
      if (delta == 0) continue;
      MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_.Get(key));
      const std::int64_t before = row ? static_cast<std::int64_t>(ReadLittleEndian(*row)) : 0;
      std::optional<std::string> value;
      if (before + delta != 0) {
        AppendLittleEndian(value.emplace(), static_cast<std::uint64_t>(before + delta));
      }
      writes.push_back({key, std::move(value)});
    }
    return OkStatus();
  }
  void Clear() {
    rows_.clear();
    counters_.clear();
  }

 private:
  const StateStore& store_;
  std::unordered_map<std::string, std::optional<std::string>> rows_;
  std::unordered_map<std::string, std::int64_t> counters_;
};

Partition::Partition(PartitionId id, PartitionPorts ports, PartitionOptions options)
    : id_(id),
      ports_(std::move(ports)),
      options_(options),
      accepted_(ports_.rules, ports_.store, ports_.codec),
      speculative_(ports_.rules, accepted_),
      sink_(std::make_unique<Sink>(ports_.store)) {}

Partition::~Partition() = default;

Status Partition::Recover() {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row,
                          ports_.store.Get(PartitionKey(id_)));
  if (row) {
    next_offset_ = ReadLittleEndian(*row);
    effective_ = Instant{static_cast<std::int64_t>(
        ReadLittleEndian(std::string_view(*row).substr(std::min<std::size_t>(8, row->size()))))};
  }
  speculative_effective_ = effective_;
  MOTCUA_ASSIGN_OR_RETURN(recovered_end_, ports_.log.End(id_));
  if (next_offset_ > recovered_end_) {
    return Status(Reason::kLogDamaged,
                  "partition " + std::to_string(id_) + " ends at offset " +
                      std::to_string(recovered_end_) + ", but this state store has read up to " +
                      std::to_string(next_offset_) + ": the log has lost records",
                  {{"partition", std::to_string(id_)}});
  }
  if (MOTCUA_PLANTED(kForgetOwed)) return OkStatus();
  const Instant now = Now();
  return ports_.store.Scan("O", PrefixEnd("O"), [&](std::string_view key, std::string_view) {
    const cases::DossierCode code(key.substr(1));
    if (PartitionOf(cases::UnitOf(code), ports_.log.partitions()) == id_) {
      owed_.emplace(code, options_.first_in_line ? now : now + options_.grace);
    }
    return true;
  });
}

void Partition::Take(PendingCommand command) {
  ports_.metrics.commands.fetch_add(1, std::memory_order_relaxed);
  queue_.push_back(std::move(command));
}

Result<bool> Partition::Step() {
  if (speculation_stale_) MOTCUA_RETURN_IF_ERROR(Speculate());
  MOTCUA_ASSIGN_OR_RETURN(const bool more_to_read, ReadBack());
  MOTCUA_RETURN_IF_ERROR(Commit());
  SendReplies();
  Expire();
  if (!CaughtUp()) return true;
  if (std::exchange(unpark_, false)) {
    std::move(parked_.rbegin(), parked_.rend(), std::front_inserter(queue_));
    parked_.clear();
  }
  RepeatUnknown();
  ProposeReactions();
  MOTCUA_RETURN_IF_ERROR(ProposeTimers());
  MOTCUA_RETURN_IF_ERROR(DecideQueued());
  SendReplies();
  return more_to_read || (!queue_.empty() && flights_.size() < kEventsInFlightMax);
}

Instant Partition::NextWake() const {
  Instant wake = ports_.clock.Now() + kIdleWake;
  if (!flights_.empty() || !queue_.empty() || !parked_.empty()) {
    wake = std::min(wake, ports_.clock.Now() + kExpiryInterval);
  }
  const Micros patience = options_.first_in_line ? Micros(0) : options_.grace;
  if (next_timer_.micros != INT64_MIN && next_timer_ < kInstantMax - patience) {
    wake = std::min(wake, next_timer_ + patience);
  }
  for (const auto& [code, not_before] : owed_) {
    if (!reacting_.contains(code)) wake = std::min(wake, not_before);
  }
  return wake;
}

void Partition::AbandonAll(const Status& status) {
  for (PendingCommand& pending : queue_) Refuse(pending, status);
  for (PendingCommand& pending : parked_) Refuse(pending, status);
  queue_.clear();
  parked_.clear();
  for (Flight& flight : flights_) {
    Refuse(flight.pending, Status(Reason::kOutcomeUnknown,
                                  "the service stopped before the answer was known"));
  }
  SendReplies();
}

Instant Partition::Now() const { return std::max(ports_.clock.Now(), speculative_effective_); }
Instant Partition::Reached() const { return std::max(ports_.clock.Now(), effective_); }

// ---- Reading back ----------------------------------------------------------------------------

Result<bool> Partition::ReadBack() {
  std::size_t records = 0;
  while (records < kRecordsPerStepMax) {
    MOTCUA_ASSIGN_OR_RETURN(const std::shared_ptr<const LogChunk> chunk,
                            ports_.log.Read(id_, next_offset_));
    for (const LogEntry& entry : chunk->entries) {
      if (entry.offset < next_offset_) continue;
      MOTCUA_RETURN_IF_ERROR(OnEntry(entry));
      ++records;
    }
    if (chunk->next > next_offset_) {
      next_offset_ = chunk->next;
      uncommitted_ = true;
    }
    if (chunk->entries.empty()) break;
  }
  return records >= kRecordsPerStepMax;
}

Status Partition::OnEntry(const LogEntry& entry) {
  uncommitted_ = true;
  unpark_ = true;
  if (!entry.event) {
    ports_.metrics.unreadable.fetch_add(1, std::memory_order_relaxed);
    next_offset_ = entry.offset + 1;
    return OkStatus();
  }
  const cases::CaseEvent& event = *entry.event;
  if (PartitionOf(cases::UnitOf(event.dossier), ports_.log.partitions()) != id_) {
    ports_.metrics.misrouted.fetch_add(1, std::memory_order_relaxed);
    next_offset_ = entry.offset + 1;
    return OkStatus();
  }
  MOTCUA_ASSIGN_OR_RETURN(const Acceptance acceptance, accepted_.Accept(event));
  ports_.metrics.events[static_cast<std::size_t>(acceptance)].fetch_add(1,
                                                                       std::memory_order_relaxed);
  const auto flight = FindFlight(entry);
  if (acceptance == Acceptance::kAccepted || MOTCUA_PLANTED(kApplyWithoutAccept)) {
    const Instant not_before = MOTCUA_PLANTED(kTimeGoesBack) ? event.at.instant : effective_;
    MOTCUA_RETURN_IF_ERROR(OnAccepted(entry, std::max(not_before, event.at.instant)));
    next_offset_ = entry.offset + 1;
    if (flight == flights_.end()) {
      const bool touched = speculative_.Touches(event) && !MOTCUA_PLANTED(kKeepSpeculation);
      return touched ? Speculate() : OkStatus();
    }
    // What was decided on top of it took it to count at the instant that was expected.
    const bool expected = flight->effective == effective_;
    OnOwnAccepted(flight);
    return expected || !speculative_.TouchesDossier(event.dossier) ? OkStatus() : Speculate();
  }
  next_offset_ = entry.offset + 1;
  if (flight == flights_.end()) return OkStatus();
  if (acceptance == Acceptance::kEarly && !MOTCUA_PLANTED(kDecideEarlyAgain)) {
    // An own event before it has not landed yet. It will be appended again behind that one: not
    // decided again, for a late copy of this very record may still come to fit.
    flight->outcome_unknown = true;
    flight->repeated = true;
    return OkStatus();
  }
  return OnOwnRefused(flight);
}

Status Partition::OnAccepted(const LogEntry& entry, Instant effective) {
  const Position position{id_, entry.offset, effective};
  MOTCUA_RETURN_IF_ERROR(accepted_.Apply(*entry.event, entry.tip, position, *sink_));
  effective_ = effective;
  speculative_effective_ = std::max(speculative_effective_, effective);
  return OkStatus();
}

std::deque<Partition::Flight>::iterator Partition::FindFlight(const LogEntry& entry) {
  // What is in flight stands in the speculative state, so most foreign events need no search; own
  // ones are read back in order, so it is the first but for losses and repeats.
  if (!speculative_.TouchesDossier(entry.event->dossier)) return flights_.end();
  return std::find_if(flights_.begin(), flights_.end(),
                      [&](const Flight& flight) { return flight.tip == entry.tip; });
}

void Partition::OnOwnAccepted(std::deque<Flight>::iterator flight) {
  speculative_.Settle(flight->event, flight->sequence);
  reacting_.erase(flight->event.dossier);
  if (flight->pending.reply) {
    const Result<const cases::Dossier*> dossier = accepted_.FindDossier(flight->event.dossier);
    MOTCUA_CHECK(dossier.ok() && *dossier != nullptr, "an accepted event without its dossier");
    ports_.metrics.answered.fetch_add(1, std::memory_order_relaxed);
    const Answer answer = MakeAnswer(**dossier, flight->event.step.version, false);
    if (MOTCUA_PLANTED(kReplyTwice)) replies_.push_back({flight->pending.reply, answer});
    replies_.push_back({std::move(flight->pending.reply), answer});
  }
  flights_.erase(flight);
}

Status Partition::OnOwnRefused(std::deque<Flight>::iterator flight) {
  // Another event has its version, so it will never fit. What was decided on top of it is dropped
  // with it.
  PendingCommand pending = std::move(flight->pending);
  reacting_.erase(flight->event.dossier);
  flights_.erase(flight);
  Redecide(std::move(pending));
  return Speculate();
}

Status Partition::Speculate() {
  // Until it has succeeded nothing is read or decided on top of it.
  speculation_stale_ = true;
  unpark_ = true;
  speculative_.Clear();
  speculative_effective_ = effective_;
  std::vector<bool> stands;
  for (Flight& flight : flights_) {
    MOTCUA_ASSIGN_OR_RETURN(const Acceptance acceptance, speculative_.Accept(flight.event));
    stands.push_back(acceptance == Acceptance::kAccepted);
    if (!stands.back()) continue;
    speculative_effective_ = std::max(speculative_effective_, flight.event.at.instant);
    flight.effective = speculative_effective_;
    MOTCUA_RETURN_IF_ERROR(speculative_.Apply(flight.event, flight.tip, speculative_effective_,
                                              flight.sequence));
  }
  std::deque<Flight> flights = std::exchange(flights_, {});
  for (std::size_t i = 0; i < stands.size(); ++i) {
    if (stands[i]) {
      flights_.push_back(std::move(flights[i]));
    } else {
      reacting_.erase(flights[i].event.dossier);
      Redecide(std::move(flights[i].pending));
    }
  }
  speculation_stale_ = false;
  return OkStatus();
}

Status Partition::Commit() {
  if (!uncommitted_) {
    accepted_.Committed();
    return OkStatus();
  }
  std::vector<StoreWrite> writes;
  const AcceptedState::Changes changes = accepted_.Collect(writes);
  MOTCUA_RETURN_IF_ERROR(sink_->Collect(writes));
  std::string where;
  AppendLittleEndian(where, next_offset_ + (MOTCUA_PLANTED(kOffsetOffByOne) ? 1 : 0));
  AppendLittleEndian(where, static_cast<std::uint64_t>(effective_.micros));
  if (!MOTCUA_PLANTED(kOffsetNotStored)) writes.push_back({PartitionKey(id_), std::move(where)});
  MOTCUA_RETURN_IF_ERROR(ports_.store.Write(writes));

  accepted_.Committed();
  if (!MOTCUA_PLANTED(kSinkNotCleared)) sink_->Clear();
  uncommitted_ = false;
  const Instant not_before = options_.first_in_line ? Instant{INT64_MIN}
                                                    : ports_.clock.Now() + options_.grace;
  for (const AcceptedState::Changes::Owed& owed : changes.owed) {
    if (owed.owed) {
      owed_.emplace(owed.dossier, not_before);
    } else {
      owed_.erase(owed.dossier);
    }
  }
  if (changes.earliest_timer) {
    next_timer_ = std::min(next_timer_, *changes.earliest_timer);
  }
  return OkStatus();
}

void Partition::SendReplies() {
  std::vector<Answered> replies = std::exchange(replies_, {});
  for (Answered& answered : replies) answered.reply(std::move(answered.answer));
}

// ---- Deciding --------------------------------------------------------------------------------

Status Partition::DecideQueued() {
  std::vector<std::string> records;
  std::vector<std::uint64_t> sequences;
  Status failed;
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
  MOTCUA_ASSIGN_OR_RETURN(const bool answered, AnsweredBefore(pending));
  if (answered) return OkStatus();
  Result<cases::Decision> decision =
      cases::Decide(speculative_, ports_.catalogue, Now(), pending.command);
  if (!decision.ok()) {
    const Reason reason = decision.status().reason();
    if (reason == Reason::kStoreDamaged || reason == Reason::kLogUnavailable) {
      return decision.status();
    }
    MOTCUA_ASSIGN_OR_RETURN(const bool final, IsFinal(pending.command));
    if (final) {
      Refuse(pending, decision.status());
    } else {
      parked_.push_back(std::move(pending));
    }
    return OkStatus();
  }
  MOTCUA_ASSIGN_OR_RETURN(cases::CaseEvent event, MakeEvent(*decision, pending.command));
  std::string record = ports_.codec.EncodeEvent(event);
  if (record.size() > kRecordBytesMax) {
    Refuse(pending, Status(Reason::kLimitExceeded,
                           "the event would have " + std::to_string(record.size()) +
                               " bytes, more than " + std::to_string(kRecordBytesMax),
                           {{"limit", "kRecordBytesMax"}}));
    return OkStatus();
  }
  const cases::Tip tip(HashBytes(record));
  speculative_effective_ = std::max(speculative_effective_, event.at.instant);
  const std::uint64_t sequence = next_sequence_++;
  MOTCUA_RETURN_IF_ERROR(speculative_.Apply(event, tip, speculative_effective_, sequence));
  if (MOTCUA_PLANTED(kReplyBeforeReadBack) && pending.reply) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* made, speculative_.FindDossier(event.dossier));
    replies_.push_back({std::exchange(pending.reply, nullptr),
                        MakeAnswer(*made, event.step.version, false)});
  }
  records.push_back(record);
  sequences.push_back(sequence);
  flights_.push_back({sequence, std::move(event), tip, std::move(record), std::move(pending),
                      ports_.clock.Now(), speculative_effective_});
  return OkStatus();
}

Result<bool> Partition::IsFinal(const cases::Command& command) {
  // It may rest on an own event that will lose its race: answer on accepted state only.
  if (MOTCUA_PLANTED(kRefuseFromSpeculation)) return true;
  const cases::UnitCode* creating = cases::CreatingUnit(command);
  if (creating != nullptr ? speculative_.TouchesBook(*creating)
                          : speculative_.TouchesDossier(command.dossier)) {
    return false;
  }
  // It may rest on a state that others have left behind. The very same request may have been
  // taken by another instance and its answer lost: a refusal would contradict the log.
  MOTCUA_ASSIGN_OR_RETURN(const Offset end, ports_.log.End(id_));
  return next_offset_ >= end || MOTCUA_PLANTED(kRefuseFromStaleState);
}

Result<cases::CaseEvent> Partition::MakeEvent(const cases::Decision& decision,
                                              const cases::Command& command) {
  cases::CaseEvent event;
  event.dossier = decision.dossier;
  MOTCUA_ASSIGN_OR_RETURN(const cases::Head head, speculative_.HeadOf(decision.dossier));
  event.step = {head.version + 1, head.tip};
  if (decision.takes_number) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::Head book,
                            speculative_.HeadOf(cases::UnitOf(decision.dossier)));
    event.book = cases::Step{book.version + 1, book.tip};
  }
  event.request_id = command.request_id;
  event.request_digest = command.digest;
  event.correlation_id = command.correlation_id;
  event.cause = command.cause;
  event.actor = command.actor;
  event.at = decision.at;
  event.payload = decision.payload;
  return event;
}

Result<bool> Partition::AnsweredBefore(PendingCommand& pending) {
  if (MOTCUA_PLANTED(kSkipDedupe)) return false;
  const cases::Command& command = pending.command;
  if (cases::CreatingUnit(command) != nullptr) return AnsweredCreation(pending);
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* accepted,
                          accepted_.FindDossier(command.dossier));
  const cases::RememberedRequest* seen =
      accepted == nullptr ? nullptr : accepted->FindRequest(command.request_id);
  if (seen == nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* speculative,
                            speculative_.FindDossier(command.dossier));
    if (speculative == nullptr || speculative->FindRequest(command.request_id) == nullptr) {
      return false;
    }
    parked_.push_back(std::move(pending));
    return true;
  }
  if (seen->digest != command.digest) {
    Refuse(pending, Reused(command));
  } else if (pending.reply) {
    replies_.push_back({std::move(pending.reply), MakeAnswer(*accepted, seen->version, true)});
  } else {
    reacting_.erase(command.dossier);
  }
  return true;
}

Result<bool> Partition::AnsweredCreation(PendingCommand& pending) {
  const cases::Command& command = pending.command;
  const cases::UnitCode& book = *cases::CreatingUnit(command);
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<CreatedBy> created,
                          accepted_.FindCreation(book, command.request_id));
  if (!created) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<CreatedBy> in_flight,
                            speculative_.FindCreation(book, command.request_id));
    if (!in_flight) return false;
    parked_.push_back(std::move(pending));
    return true;
  }
  if (created->digest != command.digest) {
    Refuse(pending, Reused(command));
    return true;
  }
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* dossier, accepted_.FindDossier(created->dossier));
  MOTCUA_CHECK(dossier != nullptr, "a creation without its dossier");
  if (pending.reply) {
    replies_.push_back({std::move(pending.reply), MakeAnswer(*dossier, 1, true)});
  }
  return true;
}

void Partition::Redecide(PendingCommand pending) {
  // Reactions and timer events are derived again from the state, if it still owes them.
  if (!pending.reply || MOTCUA_PLANTED(kLoseReply)) return;
  ports_.metrics.redecided.fetch_add(1, std::memory_order_relaxed);
  if (++pending.attempts >= kDecideAttemptsMax) {
    Refuse(pending, Status(Reason::kContention,
                           "lost the race for the same dossier or register " +
                               std::to_string(kDecideAttemptsMax) + " times"));
    return;
  }
  queue_.push_back(std::move(pending));
}

void Partition::Refuse(PendingCommand& pending, const Status& status) {
  ports_.metrics.refused.fetch_add(1, std::memory_order_relaxed);
  if (pending.reply) {
    replies_.push_back({std::exchange(pending.reply, nullptr), status});
    return;
  }
  reacting_.erase(pending.command.dossier);
  if (const auto owed = owed_.find(pending.command.dossier); owed != owed_.end()) {
    owed->second = ports_.clock.Now() + kReactionRetryDelay;
  }
}

void Partition::Append(std::vector<std::string> records, std::vector<std::uint64_t> sequences) {
  ports_.metrics.appended.fetch_add(records.size(), std::memory_order_relaxed);
  ports_.log.Append(id_, std::move(records),
                    [failed = ports_.failed_appends, id = id_, sequences = std::move(sequences)](
                        AppendOutcome outcome, const Status& status) {
                      if (outcome == AppendOutcome::kAppended) return;
                      failed->Put({id, sequences, outcome, status});
                    });
}

// ---- Reactions and timers --------------------------------------------------------------------

void Partition::Propose(const cases::Dossier& dossier, cases::Action action,
                        std::string_view kind) {
  PendingCommand pending;
  cases::Command& command = pending.command;
  command.dossier = dossier.code;
  command.cause = dossier.head.version;
  // The same on every instance and after every restart, so that Accept lets one of them through.
  command.request_id = cases::DeriveRequestId(
      std::string(ports_.rules.name()) + "/" + std::string(kind) + "/" + dossier.code.value() +
      "/" + std::to_string(dossier.head.version));
  command.digest = 1;
  if (!dossier.requests.empty()) command.correlation_id = dossier.requests.back().id;
  command.actor = cases::ActorId("system:" + std::string(ports_.rules.name()));
  command.action = std::move(action);
  reacting_.insert(dossier.code);
  queue_.push_back(std::move(pending));
}

void Partition::ProposeReactions() {
  const Instant now = ports_.clock.Now();
  for (const auto& [code, not_before] : owed_) {
    if (reacting_.size() >= kReactionsInFlightMax) return;
    // A clock that was set back must not make it wait longer than it was meant to.
    const bool patient = not_before > now && not_before - now <= kPatienceMax;
    if (patient || reacting_.contains(code)) continue;
    const Result<const cases::Dossier*> dossier = accepted_.FindDossier(code);
    if (!dossier.ok() || *dossier == nullptr) continue;
    if (std::optional<cases::Action> action = ports_.rules.Owed(**dossier)) {
      Propose(**dossier, *std::move(action), "reaction");
    }
  }
}

Status Partition::ProposeTimers() {
  const Micros patience = options_.first_in_line ? Micros(0) : options_.grace;
  const Instant due_by = Reached() - patience;
  if (next_timer_ > due_by || reacting_.size() >= kReactionsInFlightMax) return OkStatus();
  std::vector<cases::DossierCode> due;
  Instant next = kInstantMax;
  std::size_t visited = 0;
  MOTCUA_RETURN_IF_ERROR(
      ports_.store.Scan("T", PrefixEnd("T"), [&](std::string_view key, std::string_view) {
        constexpr std::size_t kInstantBytes = 8;
        const Instant at{static_cast<std::int64_t>(
            ReadBigEndian(key.substr(1, kInstantBytes)) ^ (std::uint64_t{1} << 63U))};
        const cases::DossierCode code(key.substr(1 + kInstantBytes));
        if (PartitionOf(cases::UnitOf(code), ports_.log.partitions()) != id_) return true;
        next = at;
        if (at > due_by || ++visited > kTimersPerScanMax) return false;
        if (!reacting_.contains(code)) due.push_back(code);
        next = kInstantMax;
        return true;
      }));
  bool all = true;
  for (const cases::DossierCode& code : due) {
    if (reacting_.size() >= kReactionsInFlightMax) {
      all = false;
      break;
    }
    MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* dossier, accepted_.FindDossier(code));
    if (dossier == nullptr) continue;
    if (const auto timer = ports_.rules.NextTimer(*dossier); timer && timer->at <= due_by) {
      Propose(*dossier, timer->action, "timer");
    }
  }
  // Rows of timers in flight stay until their events are accepted, so look again at once if some
  // were left, and after the clock's next tick if one of those in flight should get lost.
  next_timer_ = !all || visited > kTimersPerScanMax ? due_by
                : visited > 0                       ? std::min(next, due_by + kReactionRetryDelay)
                                                    : next;
  return OkStatus();
}

// ---- Outcomes and deadlines ------------------------------------------------------------------

Status Partition::OnFailedAppend(const FailedAppend& failed) {
  for (const std::uint64_t sequence : failed.sequences) {
    const auto flight = std::find_if(flights_.begin(), flights_.end(),
                                     [sequence](const Flight& f) { return f.sequence == sequence; });
    if (flight == flights_.end()) continue;
    if (MOTCUA_PLANTED(kUnknownIsFailed) && flight->pending.reply) {
      PendingCommand again = std::move(flight->pending);
      again.command.request_id = cases::DeriveRequestId(std::to_string(sequence));
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
    reacting_.erase(flight->event.dossier);
    flights_.erase(flight);
    Refuse(pending, failed.status);
  }
  return failed.outcome == AppendOutcome::kNotAppended ? Speculate() : OkStatus();
}

void Partition::RepeatUnknown() {
  const Instant now = ports_.clock.Now();
  // In one append, so that they keep their order: later ones build on earlier ones.
  std::vector<std::string> records;
  std::vector<std::uint64_t> sequences;
  for (Flight& flight : flights_) {
    const Micros waited = now - flight.appended_at;  // negative: the clock was set back
    const bool patient = (waited >= Micros(0) || MOTCUA_PLANTED(kClockHang)) &&
                         waited < kAppendRepeatDelay;
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
  const Instant now = ports_.clock.Now();
  if (now >= last_expiry_ && now < last_expiry_ + kExpiryInterval) return;
  last_expiry_ = now;
  const auto expire = [&](std::deque<PendingCommand>& commands) {
    std::erase_if(commands, [&](PendingCommand& pending) {
      if (pending.deadline > now) return false;
      Refuse(pending, Status(Reason::kOutcomeUnknown,
                             "the request was not decided before its deadline"));
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
  SendReplies();
}

}  // namespace motcua::engine
