// Partition: the loop of one service over one partition of the log (architecture.md §1).
//
//   command → Decide on speculative state → append, pipelined
//   log → Accept → Apply → commit state and offset in one batch → reply, reactions, timers
//
// It owns no thread, and waits for nothing but for a moment for the store (StateStore::Write):
// its driver calls Step() when there may be work. One thread: the driver's.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "services/domain/catalogue/catalogue.h"
#include "services/engine/clock_check.h"
#include "services/engine/owed_list.h"
#include "services/engine/ports.h"
#include "services/engine/service.h"
#include "services/engine/state_layer.h"
#include "services/engine/timer_window.h"

namespace motcua::engine {

// Own events that are appended and not read back yet; beyond it commands wait in the inbox.
inline constexpr std::size_t kEventsInFlightMax = 4096;
// Commands that a partition holds undecided; beyond it they are refused, and those of the other
// partitions are not.
inline constexpr std::size_t kCommandsQueuedMax = 8192;
// How often a command is decided before it is answered ABORTED, CONTENTION.
inline constexpr int kDecideAttemptsMax = 8;
// Own reactions and timer events in flight.
inline constexpr std::size_t kReactionsInFlightMax = 512;
// Records folded in one step; then a commit, but for kChangesHeldMax.
inline constexpr std::size_t kRecordsPerStepMax = 4 * kChunkRecordsMax;
// While a partition catches up, when nobody waits for its rows, it commits only when so much has
// changed or been looked at: most events follow others of their dossier, whose row is then written
// once for all. With what stays from before, twice what a partition keeps in memory otherwise.
inline constexpr std::size_t kChangesHeldMax = 2 * kAggregatesKeptMax;
// An append whose outcome is unknown is repeated after this; Accept drops what was there already.
inline constexpr Micros kAppendRepeatDelay{1'000'000};
// A reaction that was refused while the state still owes it is tried again after this.
inline constexpr Micros kReactionRetryDelay{1'000'000};
// How long a standby leaves a reaction or timer event to the first in line (architecture.md §1).
inline constexpr Micros kGraceDefault{1'000'000};
// How exactly deadlines are kept.
inline constexpr Micros kExpiryInterval{100'000};
// The log is asked for its end at least so often: the lag is known, and so is a log that has lost
// what was read from it.
inline constexpr Micros kEndAskInterval{1'000'000};
// After the log could not tell its end, before it is asked again.
inline constexpr Micros kEndAskRetryDelay{200'000};
// Own events in flight of which the log has told nothing for so long: it does not move.
inline constexpr Micros kStuckAfter{2'000'000};

// Counters of a service, over its partitions. Written by the loop, read by any thread. Every
// command is answered, refused or still inside.
struct Metrics {
  std::atomic<std::uint64_t> commands{0};
  std::atomic<std::uint64_t> answered{0};
  std::array<std::atomic<std::uint64_t>, kReasonCount> refused{};  // by Reason
  std::atomic<std::uint64_t> redecided{0};
  std::atomic<std::uint64_t> appended{0};
  std::array<std::atomic<std::uint64_t>, kAcceptances> events{};  // by Acceptance
  std::atomic<std::uint64_t> unreadable{0};                       // records that are not events
  std::atomic<std::uint64_t> misrouted{0};                        // events of another partition
  std::atomic<std::uint64_t> not_understood{0};  // accepted ones that a newer program wrote
  std::atomic<std::uint64_t> alerts_raised{0};   // own ones, read back
};

// An append that failed, or may have. What was appended is told by the log itself.
struct FailedAppend {
  PartitionId partition = 0;
  std::vector<std::uint64_t> sequences;  // of the partition's own events
  AppendOutcome outcome = AppendOutcome::kUnknown;
  Status status;
};

// The answer to the partition's question number `ask`.
struct EndReported {
  PartitionId partition = 0;
  std::uint64_t ask = 0;
  Result<Offset> end;
};

// Carries the log's answers from its threads to the loop. This one is for logs that call back in
// the loop's own thread; production guards it by a lock and wakes the loop. Shared, because the log
// may call back when the loop is gone.
class LogAnswers {
 public:
  virtual ~LogAnswers() = default;
  struct Taken {
    std::vector<FailedAppend> failed;
    std::vector<EndReported> ends;
    bool empty() const { return failed.empty() && ends.empty(); }
  };
  virtual void Put(FailedAppend failed) { waiting_.failed.push_back(std::move(failed)); }
  virtual void Put(EndReported told) { waiting_.ends.push_back(std::move(told)); }
  virtual Taken Take() { return std::exchange(waiting_, {}); }

 private:
  Taken waiting_;
};

struct PendingCommand {
  cases::Command command;
  Micros deadline = kNoDeadline;  // by the clock's Passed()
  Reply reply;                    // empty for reactions and timer events
  int attempts = 0;
  // Set by the partition. A refusal may be told once the reader has come to `refusable_from`: an
  // end of the log that was asked for by a question after number `questions_before`, so after the
  // command had come.
  std::uint64_t questions_before = 0;
  std::optional<Offset> refusable_from = {};
};

// Everything that a partition sees of the world. All must outlive it.
struct PartitionPorts {
  EventLog& log;
  StateStore& store;
  const Clock& clock;
  const Codec& codec;
  const catalogue::Catalogue& catalogue;
  const ServiceRules& rules;
  Metrics& metrics;
  std::shared_ptr<LogAnswers> answers;
};

struct PartitionOptions {
  bool first_in_line = true;
  Micros grace = kGraceDefault;
  // Tells this life of this instance from every other: part of each event's nonce.
  std::uint64_t incarnation = 0;
};

// The partition of all aggregates of a unit; fixed for the life of a log.
PartitionId PartitionOf(const cases::UnitCode& unit, PartitionId partitions);

class Partition {
 public:
  Partition(PartitionId id, PartitionPorts ports, PartitionOptions options);
  ~Partition();
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  // Reads where the store stands. Then Step() until CaughtUp().
  Status Recover();
  // Whether everything that was in the log when it was first asked has been folded.
  bool CaughtUp() const { return recovered_end_ && committed_ >= *recovered_end_; }

  // Takes a command in. Check HasRoom() first.
  void Take(PendingCommand command);
  bool HasRoom() const { return queue_.size() + parked_.size() < kCommandsQueuedMax; }
  Status OnFailedAppend(const FailedAppend& failed);
  Status OnEndReported(const EndReported& told);

  // One round of all there is to do now. True: there is more, call again. An error is of the store
  // or the log: what was read is not lost, call again later; in between only callers whose deadline
  // has passed are answered.
  Result<bool> Step();
  // How long from now Step() should be called at the latest, though nobody woke it; never more than
  // a second.
  Micros NextWake() const;
  // Whether no command and no own event is inside.
  bool Idle() const { return queue_.empty() && parked_.empty() && flights_.empty(); }
  // Whether own events are in flight, and nothing was read for kStuckAfter.
  bool Stuck() const { return !flights_.empty() && Passed() - moved_at_ >= kStuckAfter; }
  // Why the log could not tell its end when it was last asked.
  const Status& ask_failure() const { return ask_failure_; }
  // Why the store did not take the last commit; OVERLOADED: it will soon.
  const Status& store_failure() const { return store_failure_; }
  // Answers every command that is still here: the service stops.
  void AbandonAll(const Status& status);

  PartitionId id() const { return id_; }
  Offset next_offset() const { return next_offset_; }
  // The end of the log as it was last told; never before next_offset().
  Offset known_end() const { return std::max(known_end_, next_offset_); }
  Instant effective() const { return effective_; }
  std::size_t in_flight() const { return flights_.size(); }
  // What the store holds of it.
  PartitionReading reading() const { return ReadingAt(committed_); }
  bool first_in_line() const { return options_.first_in_line; }
  // What the log says of this process's clock.
  const ClockCheck& clock_check() const { return clock_check_; }

 private:
  // An own event between append and read-back.
  struct Flight {
    std::uint64_t sequence = 0;
    cases::CaseEvent event;
    cases::Tip tip;
    std::string record;  // to append again
    // What its command was about: of a reaction what owed it, which the event need not be about.
    cases::AggregateId subject;
    PendingCommand pending;
    Micros appended_at;
    Instant effective;  // as it was expected to count
    Micros first_appended_at = appended_at;
    bool outcome_unknown = false;
    bool repeated = false;  // there may be more than one copy of it
  };
  struct Answered {
    Reply reply;
    Result<Answer> answer;
    Micros deadline = kNoDeadline;
  };
  class Sink;
  static constexpr Offset kNothingFresh = UINT64_MAX;

  // Reading back.
  Status Advance(bool& more);  // reads back, commits, answers
  Result<bool> ReadBack();
  Status OnEntry(const LogEntry& entry);
  Status OnAccepted(const LogEntry& entry, Instant effective);
  void OnOwnAccepted(std::deque<Flight>::iterator flight);
  Status OnOwnRefused(std::deque<Flight>::iterator flight);
  // Own events that came back as no events, or with another time than the log's.
  Status OnOwnUnreadable(std::deque<Flight>::iterator flight);
  Status OnOwnUntimely(std::deque<Flight>::iterator flight, Instant appended);
  void ObserveClock(const LogEntry& entry, const Flight* flight);
  std::deque<Flight>::iterator FindFlight(const LogEntry& entry);
  Status Speculate();  // from the accepted state, over what is still in flight
  Status Commit();
  // Whether what was folded may wait for more before it is committed.
  bool MayHold() const;
  void SendReplies();   // what was committed, and refusals
  void SendRefusals();  // these alone
  void Send(std::vector<Answered>& waiting);

  // Deciding.
  Status DecideQueued();
  // On an error `pending` is untouched.
  Status DecideOne(PendingCommand& pending, std::vector<std::string>& records,
                   std::vector<std::uint64_t>& sequences);
  // Whether all that the command is about is understood; else it is refused, NEWER_SCHEMA.
  Result<bool> Understands(const cases::Command& command);
  // Whether the request was taken before: then it has been answered or parked.
  Result<bool> AnsweredBefore(PendingCommand& pending);
  // Whether another dossier was created by the request of a row that would create one.
  Result<bool> AnsweredByOther(PendingCommand& pending);
  Result<bool> AnsweredCreation(PendingCommand& pending);
  Answer MakeAnswer(const cases::AggregateId& id, const cases::AggregateState& state,
                    cases::Version version, bool repeated) const;
  // The state of an aggregate that is there, for an answer.
  const cases::AggregateState& AcceptedOf(const cases::AggregateId& id);
  PartitionReading ReadingAt(Offset next) const {
    return {id_,
            next,
            known_end(),
            options_.first_in_line,
            effective_,
            flights_.size(),
            clock_check_.state(),
            clock_check_.offset()};
  }
  Result<cases::CaseEvent> MakeEvent(const cases::Decision& decision,
                                     const cases::Command& command);
  // Whether a refusal decided now holds, or an answer without an event: it rests on nothing in
  // flight, and on all that the log has.
  bool IsFinal(PendingCommand& pending);
  bool RestsOnFlights(const cases::Command& command);
  void AnswerAlreadyThere(PendingCommand& pending, const cases::AggregateId& id);
  void Redecide(PendingCommand pending);
  void Refuse(PendingCommand& pending, const Status& status);
  void Append(std::vector<std::string> records, std::vector<std::uint64_t> sequences);

  // The bytes of an event and what every reader makes of them; INTERNAL when that is nothing.
  struct Written {
    std::string record;
    cases::CaseEvent event;
  };
  Result<Written> Write(const cases::CaseEvent& event) const;

  // What nobody outside asks for.
  std::size_t ReactionsMax() const;
  void ProposeReactions();
  Status ProposeTimers();
  // The aggregates of timers that are due, as many as may react now.
  Result<std::vector<cases::AggregateId>> TakeDue(Instant due_by);
  bool MayReact() const { return reacting_.size() < ReactionsMax(); }
  void NoteChanges(const AcceptedState::Changes& changes);
  // Nothing is in flight any more for what an own event was about, and its command.
  void ForgetReaction(const Flight& flight);
  // An own event has lost its race, or its place: what is owed still may be proposed.
  void StopReacting(const Flight& flight);
  void Propose(const cases::AggregateId& id, const cases::AggregateState& state,
               cases::Action action, std::string_view kind);

  // The log's answers, deadlines.
  void RefuseWaiting(const Status& status);
  Micros UntilAsk() const;  // until the log is to be asked for its end again
  void AskEndIfDue();
  void RepeatUnknown();
  void Expire();

  // For waits, which no setting of a clock may shorten or lengthen.
  Micros Passed() const;
  // The clock, never before the partition's own time: of what is in flight, of what was accepted.
  Instant Now() const;
  Instant Reached() const;

  const PartitionId id_;
  const PartitionPorts ports_;
  const PartitionOptions options_;

  AcceptedState accepted_;
  SpeculativeState speculative_;
  ClockCheck clock_check_;
  std::unique_ptr<Sink> sink_;
  Offset next_offset_ = 0;
  Offset committed_ = 0;                 // the same, of what the store holds
  std::optional<Offset> recovered_end_;  // the first end that was told
  Offset known_end_ = 0;
  Offset fresh_from_ = kNothingFresh;  // records from here on were taken after fresh_since_
  Micros fresh_since_{0};
  Status damage_;                     // of the log; permanent
  Instant effective_{0};              // of the last accepted event
  Instant speculative_effective_{0};  // of the last event in flight
  bool uncommitted_ = false;
  Status store_failure_;
  Micros moved_at_{0};              // when records were last read, or nothing was in flight
  bool speculation_stale_ = false;  // the speculative state must be built again

  std::deque<PendingCommand> queue_;   // undecided
  std::deque<PendingCommand> parked_;  // wait for what is in flight, or not read yet
  bool unpark_ = false;                // some of that has happened
  std::deque<Flight> flights_;         // in the order of appending
  std::uint64_t next_sequence_ = 1;
  std::vector<Answered> replies_;   // after the next commit
  std::vector<Answered> refusals_;  // at any time

  std::uint64_t asks_ = 0;       // questions for the log's end that were begun
  std::uint64_t asks_told_ = 0;  // the latest that was answered
  bool asking_ = false;
  bool ask_wanted_ = true;  // a refusal waits for it, or the recovery
  bool ask_failed_ = false;
  Status ask_failure_;
  Offset asked_from_ = 0;  // next_offset_ then
  std::optional<Micros> asked_at_;

  OwedList owed_;
  TimerWindow timers_;
  std::unordered_set<cases::AggregateId> reacting_;  // a reaction is queued or in flight
  std::optional<Micros> timers_again_;               // then: some may have got lost
  Micros expire_at_{0};
};

}  // namespace motcua::engine
