// State layers: accepted state over the store, and speculative state over the accepted one
// (architecture.md §1.3, §1.8). Both know how to accept an event and how to fold it.
//
// One thread: the loop's.
#pragma once

#include <absl/container/node_hash_map.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/domain/cases/decide.h"
#include "services/domain/cases/notes.h"
#include "services/engine/ports.h"
#include "services/engine/service.h"

namespace motcua::engine {

// What a reader says to an event.
enum class Acceptance : std::uint8_t {
  kAccepted,
  kStale,           // the version has been made by another event
  kOtherHistory,    // the version fits, but it was decided on another history
  kRepeated,        // its request id has been seen
  kMisplaced,       // a first event that takes no number, or a number that is not a first event
  kEarly,           // the version before it is not there (yet); a later copy of it may fit
  kClockDisagrees,  // it says another time than the log: its writer's clock was wrong
};
inline constexpr std::size_t kAcceptances = 7;
std::string_view AcceptanceName(Acceptance acceptance);

// What the rules of a service say about an aggregate; nothing of one that is not understood: an
// instance that understands it does what is owed.
std::optional<cases::Action> OwedBy(const ServiceRules& rules, const cases::AggregateState& state);
// Without `now`: by the state alone, as its timer row says.
std::optional<ServiceRules::Timer> NextTimerOf(const ServiceRules& rules,
                                               const cases::AggregateState& state,
                                               Instant now = kInstantMin);

class StateLayer : public cases::View {
 public:
  StateLayer(const ServiceRules& rules) : rules_(rules) {}  // NOLINT(*-explicit-*)
  ~StateLayer() override = default;
  StateLayer(const StateLayer&) = delete;
  StateLayer& operator=(const StateLayer&) = delete;

  Result<const cases::AggregateState*> Find(const cases::AggregateId& id) override;
  Result<std::optional<std::string>> FindNote(const std::string& key) override;
  // Of what is not there: version 0.
  Result<cases::Head> HeadOf(const cases::AggregateId& id);

  // The rule that is the same everywhere: an event is accepted if, on each aggregate that it makes
  // a step on, its version is the next one, it follows the present tip, and its request id is new;
  // and if its writer's clock agreed with the log's (`appended`: of its record, none while it is in
  // flight).
  Result<Acceptance> Accept(const cases::CaseEvent& event, std::optional<Instant> appended);

 protected:
  struct Entry {
    cases::AggregateState state;  // monostate: known not to exist
    bool changed = false;
    std::uint64_t last_touch = 0;  // speculative: sequence of the last pending event
    // Accepted: the rows that follow from the aggregate, as the store has them and as it will.
    struct Derived {
      std::optional<Instant> timer;
      bool owed = false;
      bool understood = true;
    };
    Derived stored;
    Derived collected;
  };
  struct NoteEntry {
    std::optional<std::string> value;
    bool hot = false;
    bool changed = false;
    std::uint64_t last_touch = 0;
  };
  // Nearly every event looks for an aggregate whose place in memory is cold. This table touches
  // half as many lines as the standard one. It gives no order: nothing may iterate over it.
  using EntryMap = absl::node_hash_map<cases::AggregateId, Entry, std::hash<cases::AggregateId>>;
  using Node = EntryMap::value_type;
  using NoteMap = std::unordered_map<std::string, NoteEntry>;

  // Fills an entry as it is by default.
  virtual Status Load(const cases::AggregateId& id, Entry& entry) = 0;
  virtual Result<std::optional<std::string>> LoadNote(const std::string& key) = 0;
  // Whether a note that was looked for is worth keeping.
  virtual bool KeepsNotes() const = 0;
  virtual void NoteTouched(const std::string& /*key*/, std::uint64_t /*touch*/) {}

  // Entries that turned from unchanged to changed, in that order; their addresses are stable.
  struct ChangedEntries {
    std::vector<Node*> aggregates;
    std::vector<NoteMap::value_type*> notes;
  };
  // Of an event's steps, in their order. Valid until the layer forgets something.
  using Nodes = std::array<Node*, cases::kStepsMax>;
  Result<Nodes> NodesOf(const cases::CaseEvent& event);
  // Folds an accepted event into this layer; what it was the first to change is added to `changed`.
  Status Fold(const cases::CaseEvent& event, const Nodes& nodes, cases::Tip tip, Instant effective,
              std::uint64_t touch, ChangedEntries* changed);

  Result<Node*> NodeOf(const cases::AggregateId& id);

  const ServiceRules& rules_;
  EntryMap entries_;
  NoteMap notes_;

 private:
  void FoldNotes(std::vector<cases::Note> notes, std::uint64_t touch, ChangedEntries* changed);
};

// Aggregates that stay in memory after they were committed: the latest used, between one and two
// times so many. Most events follow others of their dossier soon, and to find, decode and free a
// row costs more than the rest of a fold. About 1 KiB each.
inline constexpr std::size_t kAggregatesKeptMax = 8192;
// Notes likewise: those that nearly every command reads.
inline constexpr std::size_t kNotesKeptMax = 4096;

// The fold of the log up to the next offset; what is not in the store yet is in memory, changed.
class AcceptedState final : public StateLayer {
 public:
  AcceptedState(PartitionId partition, const ServiceRules& rules, const StateStore& store,
                const Codec& codec)
      : StateLayer(rules), partition_(partition), store_(store), codec_(codec) {}

  Result<std::vector<cases::ItemUse>> UsesOfItem(std::string_view item_number) override {
    return rules_.UsesOfItem(store_, item_number);
  }
  // Loads together the aggregates that `entries` from `from` on look for one by one: a replay
  // spends a fifth of its time on finding rows.
  Status Prefetch(const std::vector<LogEntry>& entries, Offset from);
  Status Prefetch(const std::vector<cases::AggregateId>& ids);
  // Folds an accepted event; index rows go to `sink`.
  Status Apply(const cases::CaseEvent& event, cases::Tip tip, const Position& position,
               IndexSink& sink);

  // What changed about timers and reactions, for the loop's own books. Until Committed().
  struct Changes {
    struct Owed {
      const cases::AggregateId* id;
      bool owed;
    };
    struct Timer {
      Instant at;
      const cases::AggregateId* id;
      bool stands;
    };
    std::vector<Owed> owed;
    std::vector<Timer> timers;
  };
  // How many aggregates and notes changed since the last commit.
  std::size_t changes() const { return changed_.aggregates.size() + changed_.notes.size(); }
  // What is in memory since the last commit, also what was only looked at.
  std::size_t held() const { return std::max(changes(), entries_.size() + notes_.size()); }
  // The rows that bring the store up to date, and what they change. Then Committed().
  Changes Collect(std::vector<StoreWrite>& writes);
  void Committed();

 protected:
  Status Load(const cases::AggregateId& id, Entry& entry) override;
  Result<std::optional<std::string>> LoadNote(const std::string& key) override;
  bool KeepsNotes() const override { return true; }

 private:
  Status Decode(const cases::AggregateId& id, std::string_view row, Entry& entry) const;
  void CollectOne(Node& node, std::vector<StoreWrite>& writes, Changes& changes) const;
  void ForgetColdNotes();

  Status PrefetchRows(std::vector<std::string> keys);
  bool Kept(const cases::AggregateId& id) const {
    return entries_.contains(id) || older_.contains(id);
  }

  const PartitionId partition_;
  const StateStore& store_;
  const Codec& codec_;
  ChangedEntries changed_;
  EntryMap older_;  // committed, and not used since entries_ was begun
  // What Index rows follow from, of the event that is applied. Kept for its memory: to copy into it
  // costs no allocations.
  std::array<cases::AggregateState, cases::kStepsMax> before_;
};

// What the state will be when the own events in flight are read back as they were appended.
class SpeculativeState final : public StateLayer {
 public:
  SpeculativeState(const ServiceRules& rules, AcceptedState& accepted)
      : StateLayer(rules), accepted_(accepted) {}

  // What no event in flight touches is read through, never kept: it may change underneath.
  Result<const cases::AggregateState*> Find(const cases::AggregateId& id) override;
  Result<std::optional<std::string>> FindNote(const std::string& key) override;
  Result<std::vector<cases::ItemUse>> UsesOfItem(std::string_view item_number) override;

  // Folds the own event number `sequence` (ascending, from 1).
  Status Apply(const cases::CaseEvent& event, cases::Tip tip, Instant effective,
               std::uint64_t sequence);
  // The own event number `sequence` was accepted: what no later one touches is the accepted state.
  void Settle(const cases::CaseEvent& event, std::uint64_t sequence);
  // Whether an own event in flight touches an aggregate that `event` makes a step on.
  bool Touches(const cases::CaseEvent& event) const;
  bool Touches(const cases::AggregateId& id) const;
  bool TouchesItem(std::string_view item_number) const {
    return items_.contains(std::string(item_number));
  }
  // Whether an own event in flight has written the note.
  bool Writes(const std::string& key) const { return notes_.contains(key); }
  void Clear();

 protected:
  Status Load(const cases::AggregateId& id, Entry& entry) override;
  Result<std::optional<std::string>> LoadNote(const std::string& key) override;
  bool KeepsNotes() const override { return false; }
  void NoteTouched(const std::string& key, std::uint64_t touch) override {
    noted_.emplace_back(touch, key);
  }

 private:
  struct ItemEntry {
    cases::ItemUse use;
    std::uint64_t last_touch = 0;
  };

  AcceptedState& accepted_;
  std::unordered_map<std::string, ItemEntry> items_;         // that are being handed over
  std::deque<std::pair<std::uint64_t, std::string>> noted_;  // keys of notes_, by their touches
};

}  // namespace motcua::engine
