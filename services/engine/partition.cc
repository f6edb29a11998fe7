#include "services/engine/partition.h"

#include <algorithm>
#include <utility>

#include "services/base/hash.h"
#include "services/engine/keys.h"
#include "services/engine/plant.h"

namespace motcua::engine {
namespace {

constexpr Micros kIdleWake{1'000'000};
// Index rows that a partition holds while it catches up, beside kChangesHeldMax: some 100 bytes
// each. Reporting adds to dozens of counters with each event of an import.
constexpr std::size_t kIndexRowsHeldMax = 4 * kChangesHeldMax;

void CountAnswer(Metrics& metrics, const Result<Answer>& answer) {
  if (answer.ok()) {
    metrics.answered.fetch_add(1, std::memory_order_relaxed);
  } else {
    const auto reason = static_cast<std::size_t>(answer.status().reason());
    metrics.refused.at(reason).fetch_add(1, std::memory_order_relaxed);
  }
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
  void Add(std::string_view key, std::int64_t delta) override {
    // An event counts in many rows, most of them known here.
    const auto found = counters_.find(key);
    if (found != counters_.end()) {
      found->second += delta;
    } else {
      counters_.emplace(key, delta);
    }
  }

  Status Collect(std::vector<StoreWrite>& writes) const {
    for (const auto& [key, value] : rows_) writes.push_back({key, value});
    // In order: GetMany asks for it, and a store finds its places one beside the other.
    std::vector<std::pair<std::string_view, std::int64_t>> changed;
    changed.reserve(counters_.size());
    for (const auto& [key, delta] : counters_) {
      if (delta != 0) changed.emplace_back(key, delta);
    }
    std::sort(changed.begin(), changed.end());
    std::vector<std::string> keys;
    keys.reserve(changed.size());
    for (const auto& [key, delta] : changed) keys.emplace_back(key);
    MOTCUA_ASSIGN_OR_RETURN(const StateStore::Rows rows, store_.GetMany(keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::int64_t before =
          rows[i] ? static_cast<std::int64_t>(ReadLittleEndian(*rows[i])) : 0;
      const std::int64_t after = before + changed[i].second;
      std::optional<std::string> value;
      if (after != 0) AppendLittleEndian(value.emplace(), static_cast<std::uint64_t>(after));
      writes.push_back({std::move(keys[i]), std::move(value)});
    }
    return OkStatus();
  }
  void Clear() {
    rows_.clear();
    counters_.clear();
  }
  std::size_t size() const { return rows_.size() + counters_.size(); }

 private:
  const StateStore& store_;
  std::unordered_map<std::string, std::optional<std::string>> rows_;
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return HashBytes(key); }
  };
  std::unordered_map<std::string, std::int64_t, KeyHash, std::equal_to<>> counters_;
};

Partition::Partition(PartitionId id, PartitionPorts ports, PartitionOptions options)
    : id_(id),
      ports_(std::move(ports)),
      options_(options),
      accepted_(id, ports_.rules, ports_.store, ports_.codec),
      speculative_(ports_.rules, accepted_),
      sink_(std::make_unique<Sink>(ports_.store)),
      timers_(ports_.store, id) {}

Partition::~Partition() = default;

Status Partition::Recover() {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row,
                          ports_.store.Get(PartitionKey(id_)));
  if (row) {
    next_offset_ = ReadLittleEndian(*row);
    effective_ = Instant{static_cast<std::int64_t>(
        ReadLittleEndian(std::string_view(*row).substr(std::min<std::size_t>(8, row->size()))))};
  }
  committed_ = next_offset_;
  speculative_effective_ = effective_;
  AskEndIfDue();
  if (MOTCUA_PLANTED(kForgetOwed)) return OkStatus();
  const Micros now = Passed();
  const std::string owed = OwedPrefix(id_);
  return ports_.store.Scan(owed, PrefixEnd(owed), [&](std::string_view key, std::string_view) {
    owed_.Put(OwedOf(key), options_.first_in_line ? now : now + options_.grace);
    return true;
  });
}

void Partition::Take(PendingCommand command) {
  if (command.reply) ports_.metrics.commands.fetch_add(1, std::memory_order_relaxed);
  command.questions_before = asks_;
  queue_.push_back(std::move(command));
}

Result<bool> Partition::Step() {
  bool more_to_read = false;
  clock_check_.Look(ports_.clock.Now(), ports_.clock.Passed());
  const Status advanced = damage_.ok() ? Advance(more_to_read) : damage_;
  if (advanced.reason() == Reason::kLogDamaged) damage_ = advanced;
  if (!damage_.ok()) RefuseWaiting(damage_);
  SendRefusals();
  Expire();
  MOTCUA_RETURN_IF_ERROR(advanced);
  AskEndIfDue();
  if (!CaughtUp()) return more_to_read;
  if (std::exchange(unpark_, false)) {
    std::move(parked_.rbegin(), parked_.rend(), std::front_inserter(queue_));
    parked_.clear();
  }
  RepeatUnknown();
  ProposeReactions();
  MOTCUA_RETURN_IF_ERROR(ProposeTimers());
  MOTCUA_RETURN_IF_ERROR(DecideQueued());
  AskEndIfDue();
  SendReplies();
  return more_to_read || (!queue_.empty() && flights_.size() < kEventsInFlightMax);
}

// What was folded is committed and answered also when the log cannot be read on. While the store
// takes nothing, nothing more is read: what waits for it stays one step's work.
Status Partition::Advance(bool& more) {
  if (speculation_stale_) MOTCUA_RETURN_IF_ERROR(Speculate());
  if (uncommitted_ && !MayHold()) MOTCUA_RETURN_IF_ERROR(Commit());
  const Result<bool> read = ReadBack();
  if (!read.ok() || !*read || !MayHold()) MOTCUA_RETURN_IF_ERROR(Commit());
  SendReplies();
  if (read.ok()) more = *read;
  return read.status();
}

Micros Partition::NextWake() const {
  Micros wake = kIdleWake;
  const auto wake_in = [&wake](Micros wait) { wake = std::clamp(wait, Micros(0), wake); };
  if (!flights_.empty() || !queue_.empty() || !parked_.empty()) wake_in(kExpiryInterval);
  if (ask_wanted_ || ask_failed_) wake_in(UntilAsk());
  // Where no more may react, the events in flight wake it when they are read back, or the next
  // probe of the clock does.
  if (!MayReact()) {
    if (!clock_check_.MayDecide()) wake_in(clock_check_.UntilProbe());
    return wake;
  }
  const Micros patience = options_.first_in_line ? Micros(0) : options_.grace;
  const std::optional<Instant> timer = timers_.NextAt();
  if (timer && *timer < kInstantMax - patience) wake_in(*timer + patience - ports_.clock.Now());
  const Micros passed = Passed();
  if (timers_again_) wake_in(*timers_again_ - passed);
  if (const OwedList::Place* owed = owed_.First()) wake_in(owed->first - passed);
  return wake;
}

// In-flight events may already be in the log, so their callers must not be told they were refused.
void Partition::RefuseWaiting(const Status& status) {
  for (std::deque<PendingCommand>* waiting : {&queue_, &parked_}) {
    for (PendingCommand& pending : std::exchange(*waiting, {})) Refuse(pending, status);
  }
}

void Partition::AbandonAll(const Status& status) {
  RefuseWaiting(status);
  for (Flight& flight : flights_) {
    Refuse(flight.pending,
           Status(Reason::kOutcomeUnknown, "the service stopped before the answer was known"));
  }
  SendReplies();
}

Micros Partition::Passed() const {
  return MOTCUA_PLANTED(kWaitByClock) ? Micros(ports_.clock.Now().micros) : ports_.clock.Passed();
}
Instant Partition::Now() const { return std::max(ports_.clock.Now(), speculative_effective_); }
Instant Partition::Reached() const { return std::max(ports_.clock.Now(), effective_); }

Answer Partition::MakeAnswer(const cases::AggregateId& id, const cases::AggregateState& state,
                             cases::Version version, bool repeated) const {
  Answer answer{cases::FactsOf(state), id, version, repeated, {}};
  answer.read = ReadingAt(next_offset_);  // it is sent when that is committed
  return answer;
}

const cases::AggregateState& Partition::AcceptedOf(const cases::AggregateId& id) {
  const Result<const cases::AggregateState*> state = accepted_.Find(id);
  MOTCUA_CHECK(state.ok() && *state != nullptr, "an accepted event without its aggregate");
  return **state;
}

// ---- Reading back ----------------------------------------------------------------------------

Result<bool> Partition::ReadBack() {
  std::size_t records = 0;
  while (records < kRecordsPerStepMax) {
    MOTCUA_ASSIGN_OR_RETURN(const std::shared_ptr<const LogChunk> chunk,
                            ports_.log.Read(id_, next_offset_));
    MOTCUA_RETURN_IF_ERROR(accepted_.Prefetch(chunk->entries, next_offset_));
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
  if (records > 0) moved_at_ = Passed();
  return records >= kRecordsPerStepMax;
}

Status Partition::OnEntry(const LogEntry& entry) {
  uncommitted_ = true;
  unpark_ = true;
  const auto flight = FindFlight(entry);
  if (!entry.event) {
    ports_.metrics.unreadable.fetch_add(1, std::memory_order_relaxed);
    next_offset_ = entry.offset + 1;
    return flight == flights_.end() ? OkStatus() : OnOwnUnreadable(flight);
  }
  const cases::CaseEvent& event = *entry.event;
  if (PartitionOf(event.about().unit(), ports_.log.partitions()) != id_) {
    ports_.metrics.misrouted.fetch_add(1, std::memory_order_relaxed);
    next_offset_ = entry.offset + 1;
    return flight == flights_.end() ? OkStatus() : OnOwnUnreadable(flight);
  }
  MOTCUA_ASSIGN_OR_RETURN(const Acceptance acceptance, accepted_.Accept(event, entry.appended));
  ports_.metrics.events[static_cast<std::size_t>(acceptance)].fetch_add(1,
                                                                        std::memory_order_relaxed);
  ObserveClock(entry, flight == flights_.end() ? nullptr : &*flight);
  if (acceptance == Acceptance::kAccepted || MOTCUA_PLANTED(kApplyWithoutAccept)) {
    const Instant not_before = MOTCUA_PLANTED(kTimeGoesBack) ? event.at.instant : effective_;
    MOTCUA_RETURN_IF_ERROR(OnAccepted(entry, std::max(not_before, event.at.instant)));
    next_offset_ = entry.offset + 1;
    if (flight == flights_.end()) {
      return speculative_.Touches(event) ? Speculate() : OkStatus();
    }
    // What was decided on top of it took it to count at the instant that was expected.
    const bool expected = flight->effective == effective_;
    OnOwnAccepted(flight);
    return expected || !speculative_.Touches(event) ? OkStatus() : Speculate();
  }
  next_offset_ = entry.offset + 1;
  if (flight == flights_.end()) return OkStatus();
  if (acceptance == Acceptance::kClockDisagrees) {
    return OnOwnUntimely(flight, *entry.appended);
  }
  if (acceptance == Acceptance::kEarly && !MOTCUA_PLANTED(kDecideEarlyAgain)) {
    // An own event before it has not landed yet. It will be appended again after that one: not
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
  if (HoldsLeaf<cases::UnknownPayload>(entry.event->payload)) {
    ports_.metrics.not_understood.fetch_add(1, std::memory_order_relaxed);
  }
  effective_ = effective;
  speculative_effective_ = std::max(speculative_effective_, effective);
  return OkStatus();
}

std::deque<Partition::Flight>::iterator Partition::FindFlight(const LogEntry& entry) {
  // What is in flight stands in the speculative state, so most foreign events need no search; own
  // ones are read back in order, so it is the first but for losses and repeats. What cannot be read
  // is looked for by its bytes alone.
  if (entry.event && !speculative_.Touches(*entry.event)) return flights_.end();
  return std::find_if(flights_.begin(), flights_.end(),
                      [&](const Flight& flight) { return flight.tip == entry.tip; });
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): an iterator is a value.
void Partition::OnOwnAccepted(std::deque<Flight>::iterator flight) {
  speculative_.Settle(flight->event, flight->sequence);
  if (HoldsLeaf<cases::AlertRaised>(flight->event.payload)) {
    ports_.metrics.alerts_raised.fetch_add(1, std::memory_order_relaxed);
  }
  const cases::AggregateId& about = flight->event.about();
  ForgetReaction(*flight);
  if (flight->pending.reply) {
    const Answer answer = MakeAnswer(about, AcceptedOf(about), flight->event.version(), false);
    if (MOTCUA_PLANTED(kReplyTwice)) replies_.push_back({flight->pending.reply, answer});
    replies_.push_back({std::move(flight->pending.reply), answer, flight->pending.deadline});
  }
  flights_.erase(flight);
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): an iterator is a value.
Status Partition::OnOwnRefused(std::deque<Flight>::iterator flight) {
  // Another event has its version, so it will never fit. What was decided on top of it is dropped
  // with it.
  PendingCommand pending = std::move(flight->pending);
  StopReacting(*flight);
  flights_.erase(flight);
  Redecide(std::move(pending));
  return Speculate();
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): an iterator is a value.
Status Partition::OnOwnUnreadable(std::deque<Flight>::iterator flight) {
  PendingCommand pending = std::move(flight->pending);
  ForgetReaction(*flight);
  flights_.erase(flight);
  Refuse(pending, Status(Reason::kInternal, "the log does not read the event as it was written"));
  return Speculate();
}

// It counts for nobody. A copy of it that lands later may yet fit, so its caller does not hear more
// than that he should ask again.
// NOLINTNEXTLINE(performance-unnecessary-value-param): an iterator is a value.
Status Partition::OnOwnUntimely(std::deque<Flight>::iterator flight, Instant appended) {
  const Micros off = flight->event.at.instant - appended;
  PendingCommand pending = std::move(flight->pending);
  ForgetReaction(*flight);
  flights_.erase(flight);
  // If the clock is right now (it was set meanwhile, or the log took long, or its own clock is
  // behind the partition's time), what is owed is tried again soon, one by one.
  clock_check_.Doubt();
  timers_again_ = Passed() + kReactionRetryDelay;
  Refuse(pending, ClockDisagrees(off));
  return Speculate();
}

// How old a record is that was just read is known of own ones, and of those that were not there
// when the log was last asked for its end.
void Partition::ObserveClock(const LogEntry& entry, const Flight* flight) {
  if (flight == nullptr && entry.offset < fresh_from_) return;
  if (!entry.appended) return clock_check_.Trust();
  clock_check_.Look(ports_.clock.Now(), ports_.clock.Passed());
  clock_check_.Observe(*entry.appended,
                       flight != nullptr ? flight->first_appended_at : fresh_since_);
}

Status Partition::Speculate() {
  if (MOTCUA_PLANTED(kKeepSpeculation)) return OkStatus();
  // Until it has succeeded nothing is read or decided on top of it.
  speculation_stale_ = true;
  unpark_ = true;
  speculative_.Clear();
  speculative_effective_ = effective_;
  std::vector<bool> stands;
  for (Flight& flight : flights_) {
    MOTCUA_ASSIGN_OR_RETURN(const Acceptance acceptance, speculative_.Accept(flight.event, {}));
    stands.push_back(acceptance == Acceptance::kAccepted);
    if (!stands.back()) continue;
    speculative_effective_ = std::max(speculative_effective_, flight.event.at.instant);
    flight.effective = speculative_effective_;
    MOTCUA_RETURN_IF_ERROR(
        speculative_.Apply(flight.event, flight.tip, speculative_effective_, flight.sequence));
  }
  std::deque<Flight> flights = std::exchange(flights_, {});
  for (std::size_t i = 0; i < stands.size(); ++i) {
    if (stands[i]) {
      flights_.push_back(std::move(flights[i]));
    } else {
      StopReacting(flights[i]);
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
  store_failure_ = ports_.store.Write(writes);
  MOTCUA_RETURN_IF_ERROR(store_failure_);
  NoteChanges(changes);
  accepted_.Committed();
  if (!MOTCUA_PLANTED(kSinkNotCleared)) sink_->Clear();
  uncommitted_ = false;
  committed_ = next_offset_;
  return OkStatus();
}

bool Partition::MayHold() const {
  const bool behind = !recovered_end_ || next_offset_ < *recovered_end_;
  return behind && store_failure_.ok() && accepted_.held() < kChangesHeldMax &&
         sink_->size() < kIndexRowsHeldMax;
}

void Partition::NoteChanges(const AcceptedState::Changes& changes) {
  const Micros not_before = options_.first_in_line ? Micros(0) : Passed() + options_.grace;
  for (const AcceptedState::Changes::Owed& owed : changes.owed) {
    if (owed.owed) {
      owed_.Put(*owed.id, not_before);
    } else {
      owed_.Erase(*owed.id);
    }
  }
  for (const AcceptedState::Changes::Timer& timer : changes.timers) {
    timers_.Note({timer.at, *timer.id}, timer.stands);
  }
}

void Partition::SendReplies() {
  Send(replies_);
  SendRefusals();
}

void Partition::SendRefusals() { Send(refusals_); }

void Partition::Send(std::vector<Answered>& waiting) {
  for (Answered& answered : std::exchange(waiting, {})) {
    CountAnswer(ports_.metrics, answered.answer);
    answered.reply(std::move(answered.answer));
  }
}

}  // namespace motcua::engine
