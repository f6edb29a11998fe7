// State layers: accepted state over the store, and speculative state over the accepted one
// (architecture.md §1.3, §1.8). Both know how to accept an event and how to fold it.
//
// One thread: the loop's.
#pragma once

#include <absl/container/node_hash_map.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/domain/cases/decide.h"
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

// The request that created a dossier.
struct CreatedBy {
  std::uint64_t digest = 0;
  cases::DossierCode dossier;
};

// What the rules of a service say about a dossier; nothing of one that is not understood: an
// instance that understands it does what is owed.
std::optional<cases::Action> OwedBy(const ServiceRules& rules, const cases::Dossier& dossier);
// Without `now`: by the dossier alone, as its timer row says.
std::optional<ServiceRules::Timer> NextTimerOf(const ServiceRules& rules,
                                               const cases::Dossier& dossier,
                                               Instant now = kInstantMin);

// NEWER_SCHEMA: it is not decided here, nor shown.
Status NotUnderstood(std::string_view what);

class StateLayer : public cases::View {
 public:
  StateLayer(const ServiceRules& rules) : rules_(rules) {}  // NOLINT(*-explicit-*)
  ~StateLayer() override = default;
  StateLayer(const StateLayer&) = delete;
  StateLayer& operator=(const StateLayer&) = delete;

  Result<const cases::Dossier*> FindDossier(const cases::DossierCode& code) override;
  Result<const cases::Book*> FindBook(const cases::UnitCode& unit) override;
  Result<std::uint32_t> LastNumber(const cases::UnitCode& unit, CivilDate day) override;
  Result<std::optional<cases::DossierCode>> DossierOfRecord(const cases::UnitCode& unit,
                                                            const cases::RequestId& id) override;
  // As FindDossier and FindBook give them; a dossier that is none and a book without numbers have
  // version 0.
  Result<cases::Head> HeadOf(const cases::DossierCode& code);
  Result<cases::Head> HeadOf(const cases::UnitCode& book);

  // The rule that is the same everywhere: an event is accepted if, on each aggregate that it names,
  // its version is the next one, it follows the present tip, and its request id is new; and if its
  // writer's clock agreed with the log's (`appended`: of its record, none while it is in flight).
  Result<Acceptance> Accept(const cases::CaseEvent& event, std::optional<Instant> appended);

 protected:
  struct DossierEntry {
    std::optional<cases::Dossier> dossier;  // none: known not to exist
    bool changed = false;
    std::uint64_t last_touch = 0;  // speculative: sequence of the last pending event
    // Accepted: the rows that follow from the dossier, as the store has them and as it will.
    struct Derived {
      std::optional<Instant> timer;
      bool owed = false;
      bool understood = true;
    };
    Derived stored;
    Derived collected;
  };
  struct BookEntry {
    cases::Book book;
    bool changed = false;
    std::uint64_t last_touch = 0;
  };
  struct DayEntry {
    std::uint32_t last = 0;
    bool changed = false;
    std::uint64_t last_touch = 0;
  };
  struct CreationEntry {
    CreatedBy created;
    std::uint64_t last_touch = 0;
  };

  // Fills an entry as it is by default.
  virtual Status LoadDossier(const cases::DossierCode& code, DossierEntry& entry) = 0;
  virtual Result<cases::Book> LoadBook(const cases::UnitCode& unit) = 0;
  virtual Result<std::uint32_t> LoadDay(const cases::UnitCode& unit, CivilDate day) = 0;
  virtual Result<std::optional<CreatedBy>> LoadCreation(const cases::UnitCode& unit,
                                                        const cases::RequestId& id) = 0;

  // Entries that turned from unchanged to changed, in that order; their addresses are stable.
  struct ChangedEntries {
    std::vector<DossierEntry*> dossiers;
    std::vector<std::pair<const cases::UnitCode, BookEntry>*> books;
    std::vector<std::pair<const std::string, DayEntry>*> days;
  };
  // Folds an accepted event into this layer; what it was the first to change is added to `changed`.
  Status Fold(const cases::CaseEvent& event, cases::Tip tip, Instant effective, std::uint64_t touch,
              ChangedEntries* changed);

  Result<DossierEntry*> Entry(const cases::DossierCode& code);
  static std::string DayMapKey(const cases::UnitCode& unit, CivilDate day);

  // Nearly every event looks for a dossier whose place in memory is cold. This table touches half
  // as many lines as the standard one. It gives no order: nothing may iterate over it.
  using DossierMap =
      absl::node_hash_map<cases::DossierCode, DossierEntry, std::hash<cases::DossierCode>>;

  const ServiceRules& rules_;
  DossierMap dossiers_;
  std::unordered_map<cases::UnitCode, BookEntry> books_;
  std::unordered_map<std::string, DayEntry> days_;  // by DayKey
  // By RequestKey: what the events of this layer have created, and no more.
  std::unordered_map<std::string, CreationEntry> creations_;

 private:
  using BookNode = std::pair<const cases::UnitCode, BookEntry>;
  Result<BookNode*> EntryOfBook(const cases::UnitCode& unit);
  Status FoldNumber(const cases::CaseEvent& event, std::uint64_t touch, ChangedEntries* changed);
};

// Dossiers that stay in memory after they were committed: the latest used, between one and two
// times so many. Most events follow others of their dossier soon, and to find, decode and free a
// row costs more than the rest of a fold. About 1 KiB each.
inline constexpr std::size_t kDossiersKeptMax = 8192;

// The fold of the log up to the next offset; what is not in the store yet is in memory, changed.
class AcceptedState final : public StateLayer {
 public:
  AcceptedState(PartitionId partition, const ServiceRules& rules, const StateStore& store,
                const Codec& codec)
      : StateLayer(rules), partition_(partition), store_(store), codec_(codec) {}

  Result<std::vector<cases::ItemUse>> UsesOfItem(std::string_view item_number) override {
    return rules_.UsesOfItem(store_, item_number);
  }
  // Request ids of creations are known per register book: partitions have no common order. Of an
  // imported dossier the id is that of its case in its register (cases::RecordId).
  Result<std::optional<CreatedBy>> FindCreation(const cases::UnitCode& book,
                                                const cases::RequestId& id);

  // Loads together the dossiers that `entries` from `from` on look for one by one: a replay spends
  // a fifth of its time on finding rows.
  Status Prefetch(const std::vector<LogEntry>& entries, Offset from);
  Status Prefetch(const std::vector<cases::DossierCode>& codes);
  // Folds an accepted event; index rows go to `sink`.
  Status Apply(const cases::CaseEvent& event, cases::Tip tip, const Position& position,
               IndexSink& sink);

  // What changed about timers and reactions, for the loop's own books. Until Committed().
  struct Changes {
    struct Owed {
      const cases::DossierCode* dossier;
      bool owed;
    };
    struct Timer {
      Instant at;
      const cases::DossierCode* dossier;
      bool stands;
    };
    std::vector<Owed> owed;
    std::vector<Timer> timers;
  };
  // The rows that bring the store up to date, and what they change. Then Committed().
  Changes Collect(std::vector<StoreWrite>& writes);
  void Committed();

 protected:
  Status LoadDossier(const cases::DossierCode& code, DossierEntry& entry) override;
  Result<cases::Book> LoadBook(const cases::UnitCode& unit) override;
  Result<std::uint32_t> LoadDay(const cases::UnitCode& unit, CivilDate day) override;
  Result<std::optional<CreatedBy>> LoadCreation(const cases::UnitCode& unit,
                                                const cases::RequestId& id) override;

 private:
  Status Decode(const cases::DossierCode& code, std::string_view row, DossierEntry& entry) const;
  void CollectDossier(DossierEntry& entry, std::vector<StoreWrite>& writes, Changes& changes) const;

  Status PrefetchRows(std::vector<std::string> keys);
  bool Kept(const cases::DossierCode& code) const {
    return dossiers_.contains(code) || older_.contains(code);
  }

  const PartitionId partition_;
  const StateStore& store_;
  const Codec& codec_;
  ChangedEntries changed_;
  DossierMap older_;  // committed, and not used since dossiers_ was begun
};

// What the state will be when the own events in flight are read back as they were appended.
class SpeculativeState final : public StateLayer {
 public:
  SpeculativeState(const ServiceRules& rules, AcceptedState& accepted)
      : StateLayer(rules), accepted_(accepted) {}

  // What no event in flight touches is read through, never kept: it may change underneath.
  Result<const cases::Dossier*> FindDossier(const cases::DossierCode& code) override;
  Result<const cases::Book*> FindBook(const cases::UnitCode& unit) override;
  Result<std::uint32_t> LastNumber(const cases::UnitCode& unit, CivilDate day) override;
  Result<std::vector<cases::ItemUse>> UsesOfItem(std::string_view item_number) override;

  // Folds the own event number `sequence` (ascending, from 1).
  Status Apply(const cases::CaseEvent& event, cases::Tip tip, Instant effective,
               std::uint64_t sequence);
  // The own event number `sequence` was accepted: what no later one touches is the accepted state.
  void Settle(const cases::CaseEvent& event, std::uint64_t sequence);
  // Whether an own event in flight touches an aggregate that `event` names.
  bool Touches(const cases::CaseEvent& event) const;
  bool TouchesDossier(const cases::DossierCode& code) const;
  bool TouchesBook(const cases::UnitCode& unit) const;
  bool TouchesItem(const std::string& item_number) const { return items_.contains(item_number); }
  // Whether an own event in flight creates a dossier by this request.
  bool Creates(const cases::UnitCode& book, const cases::RequestId& id) const;
  void Clear();

 protected:
  Status LoadDossier(const cases::DossierCode& code, DossierEntry& entry) override;
  Result<cases::Book> LoadBook(const cases::UnitCode& unit) override;
  Result<std::uint32_t> LoadDay(const cases::UnitCode& unit, CivilDate day) override;
  Result<std::optional<CreatedBy>> LoadCreation(const cases::UnitCode& unit,
                                                const cases::RequestId& id) override;

 private:
  struct ItemEntry {
    cases::ItemUse use;
    std::uint64_t last_touch = 0;
  };

  AcceptedState& accepted_;
  std::unordered_map<std::string, ItemEntry> items_;  // that are being handed over
};

}  // namespace motcua::engine
