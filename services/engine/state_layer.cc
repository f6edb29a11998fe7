#include "services/engine/state_layer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/base/hash.h"
#include "services/engine/clock_check.h"
#include "services/engine/keys.h"
#include "services/engine/plant.h"

namespace motcua::engine {
namespace {

// Fewer rows than this are as well read one by one.
constexpr std::size_t kPrefetchMin = 8;

// Decisions look at the instants that the fold gave to a dossier's events, and those depend on what
// else the partition held. So the tip of such an aggregate covers them: an event that was decided
// on other instants was decided on another history.
cases::Tip TipAfter(cases::AggregateKind kind, cases::Tip record, Instant effective) {
  if (!cases::TipCoversInstant(kind) || MOTCUA_PLANTED(kTipWithoutInstant)) return record;
  std::string bytes;
  AppendLittleEndian(bytes, static_cast<std::uint64_t>(effective.micros));
  return cases::Tip(HashBytes(bytes, record.value()));
}

// Planted bugs of kinds' own folds (plant.h); nothing in what is shipped.
void HarmBefore([[maybe_unused]] cases::AggregateState& state) {
  if (!MOTCUA_PLANTED(kReportsAsTheyCome)) return;
  if (auto* const dossier = std::get_if<cases::Dossier>(&state)) dossier->shipment.reported.reset();
}
Status HarmNotes([[maybe_unused]] cases::View& view, [[maybe_unused]] const cases::CaseEvent& event,
                 [[maybe_unused]] std::vector<cases::Note>& notes) {
  if (!MOTCUA_PLANTED(kCountEveryNumber)) return OkStatus();
  if (event.dossier.empty() || event.steps.size() < 2) return OkStatus();
  const cases::DossierNumber taken = cases::NumberOf(event.dossier);
  const cases::UnitCode unit = cases::UnitOf(event.dossier);
  MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, cases::LastNumber(view, unit, taken.day));
  notes.push_back(
      {cases::DayKey(unit, taken.day), cases::NumberNote(std::max(last, taken.sequence)), true});
  return OkStatus();
}
void HarmAfter([[maybe_unused]] cases::AggregateState& state) {
  if (MOTCUA_PLANTED(kUndoAsItBecame)) {
    auto* const dossier = std::get_if<cases::Dossier>(&state);
    if (dossier != nullptr && !dossier->undo.empty()) dossier->undo.back().stage = dossier->stage;
  }
  if (!MOTCUA_PLANTED(kOneYearPerBook)) return;
  auto* const book = std::get_if<cases::Book>(&state);
  if (book == nullptr || book->numbers.size() <= 1) return;
  book->numbers.erase(book->numbers.begin(), book->numbers.end() - 1);
}

Acceptance AcceptStep(const cases::Step& step, const cases::Head& head) {
  if (step.version > head.version + 1) return Acceptance::kEarly;
  if (step.version != head.version + 1) return Acceptance::kStale;
  if (step.follows != head.tip && !MOTCUA_PLANTED(kIgnoreTip)) return Acceptance::kOtherHistory;
  return Acceptance::kAccepted;
}

// Drops what no event in flight touches any more.
template <typename Map, typename Key>
void Forget(Map& map, const Key& key, std::uint64_t sequence) {
  const auto found = map.find(key);
  if (found != map.end() && found->second.last_touch <= sequence) map.erase(found);
}

template <typename Map, typename Key>
bool Changed(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found != map.end() && found->second.changed;
}

}  // namespace

std::string_view AcceptanceName(Acceptance acceptance) {
  switch (acceptance) {
    case Acceptance::kAccepted:
      return "accepted";
    case Acceptance::kStale:
      return "stale";
    case Acceptance::kOtherHistory:
      return "other_history";
    case Acceptance::kRepeated:
      return "repeated";
    case Acceptance::kMisplaced:
      return "misplaced";
    case Acceptance::kEarly:
      return "early";
    case Acceptance::kClockDisagrees:
      return "clock_disagrees";
  }
  return "unknown";
}

std::optional<cases::Action> OwedBy(const ServiceRules& rules, const cases::AggregateState& state) {
  const bool understood = cases::Understood(state) || MOTCUA_PLANTED(kDecideUnderstoodOrNot);
  return understood ? rules.Owed(state) : std::nullopt;
}

std::optional<ServiceRules::Timer> NextTimerOf(const ServiceRules& rules,
                                               const cases::AggregateState& state, Instant now) {
  const bool understood = cases::Understood(state) || MOTCUA_PLANTED(kDecideUnderstoodOrNot);
  return understood ? rules.NextTimer(state, now) : std::nullopt;
}

// ---- StateLayer ------------------------------------------------------------------------------

Result<StateLayer::Node*> StateLayer::NodeOf(const cases::AggregateId& id) {
  const auto [found, fresh] = entries_.try_emplace(id);
  if (!fresh) return &*found;
  if (const Status loaded = Load(id, found->second); !loaded.ok()) {
    entries_.erase(found);
    return loaded;
  }
  return &*found;
}

Result<const cases::AggregateState*> StateLayer::Find(const cases::AggregateId& id) {
  MOTCUA_ASSIGN_OR_RETURN(const Node* node, NodeOf(id));
  const cases::AggregateState& state = node->second.state;
  return std::holds_alternative<std::monostate>(state) ? nullptr : &state;
}

Result<std::optional<std::string>> StateLayer::FindNote(const std::string& key) {
  if (const auto found = notes_.find(key); found != notes_.end()) return found->second.value;
  MOTCUA_ASSIGN_OR_RETURN(std::optional<std::string> value, LoadNote(key));
  if (KeepsNotes() && value) notes_.emplace(key, NoteEntry{value, true});
  return value;
}

Result<cases::Head> StateLayer::HeadOf(const cases::AggregateId& id) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, Find(id));
  return state == nullptr ? cases::Head{} : cases::HeadOf(*state);
}

Result<Acceptance> StateLayer::Accept(const cases::CaseEvent& event,
                                      std::optional<Instant> appended) {
  if (!ClockAgrees(event.at.instant, appended) && !MOTCUA_PLANTED(kTrustEveryClock)) {
    return Acceptance::kClockDisagrees;
  }
  if (!cases::WellFormed(event)) return Acceptance::kMisplaced;
  for (const cases::Step& step : event.steps) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, Find(step.id));
    const cases::AggregateCore* const core = state == nullptr ? nullptr : cases::CoreOf(*state);
    const cases::Head head = core == nullptr ? cases::Head{} : core->head;
    if (const Acceptance fits = AcceptStep(step, head); fits != Acceptance::kAccepted) return fits;
    if (core != nullptr && core->FindRequest(event.request_id) != nullptr &&
        !MOTCUA_PLANTED(kSkipDedupe)) {
      return Acceptance::kRepeated;
    }
  }
  return Acceptance::kAccepted;
}

void StateLayer::FoldNotes(std::vector<cases::Note> notes, std::uint64_t touch,
                           ChangedEntries* changed) {
  for (cases::Note& note : notes) {
    auto& node = *notes_.try_emplace(std::move(note.key)).first;
    NoteEntry& entry = node.second;
    if (changed != nullptr && !entry.changed) changed->notes.push_back(&node);
    entry = {std::move(note.value), note.hot, true, touch};
    NoteTouched(node.first, touch);
  }
}

Result<StateLayer::Nodes> StateLayer::NodesOf(const cases::CaseEvent& event) {
  Nodes nodes{};
  for (std::size_t i = 0; i < event.steps.size(); ++i) {
    MOTCUA_ASSIGN_OR_RETURN(nodes.at(i), NodeOf(event.steps[i].id));
  }
  return nodes;
}

// Everything that may fail to load comes first: a fold is whole or has not happened.
Status StateLayer::Fold(const cases::CaseEvent& event, const Nodes& nodes, cases::Tip tip,
                        Instant effective, std::uint64_t touch, ChangedEntries* changed) {
  cases::Parts parts = rules_.parts();
  MOTCUA_ASSIGN_OR_RETURN(std::vector<cases::Note> notes, NotesOf(*this, event, parts));
  MOTCUA_RETURN_IF_ERROR(HarmNotes(*this, event, notes));
  FoldNotes(std::move(notes), touch, changed);
  if (MOTCUA_PLANTED(kTimerTwice) && HoldsLeaf<cases::AlertRaised>(event.payload)) {
    parts.clock = false;
  }
  for (std::size_t i = 0; i < event.steps.size(); ++i) {
    const cases::Step& step = event.steps[i];
    Entry& entry = nodes.at(i)->second;
    HarmBefore(entry.state);
    cases::Fold(entry.state, event, step, effective, TipAfter(step.id.kind(), tip, effective),
                parts);
    HarmAfter(entry.state);
    if (changed != nullptr && !entry.changed) changed->aggregates.push_back(nodes.at(i));
    entry.changed = true;
    entry.last_touch = touch;
  }
  return OkStatus();
}

// ---- AcceptedState ---------------------------------------------------------------------------

Status AcceptedState::Load(const cases::AggregateId& id, Entry& entry) {
  if (auto kept = older_.extract(id)) {
    entry = std::move(kept.mapped());
    return OkStatus();
  }
  MOTCUA_ASSIGN_OR_RETURN(const bool never_there, cases::NeverThere(*this, id));
  if (never_there) return OkStatus();
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_.Get(id.path()));
  return row ? Decode(id, *row, entry) : OkStatus();
}

Status AcceptedState::Decode(const cases::AggregateId& id, std::string_view row,
                             Entry& entry) const {
  MOTCUA_ASSIGN_OR_RETURN(entry.state, codec_.DecodeRow(id, row));
  if (const auto timer = NextTimerOf(rules_, entry.state)) entry.stored.timer = timer->at;
  entry.stored.owed = OwedBy(rules_, entry.state).has_value();
  entry.stored.understood = cases::Understood(entry.state);
  return OkStatus();
}

Status AcceptedState::Prefetch(const std::vector<LogEntry>& entries, Offset from) {
  std::vector<std::string> keys;
  for (const LogEntry& entry : entries) {
    if (entry.offset < from || !entry.event) continue;
    for (const cases::Step& step : entry.event->steps) {
      // A first event finds nothing, and is mostly known to find nothing.
      if (step.version > 1 && !Kept(step.id)) keys.push_back(step.id.path());
    }
  }
  return PrefetchRows(std::move(keys));
}

Status AcceptedState::Prefetch(const std::vector<cases::AggregateId>& ids) {
  std::vector<std::string> keys;
  for (const cases::AggregateId& id : ids) {
    if (!Kept(id)) keys.push_back(id.path());
  }
  return PrefetchRows(std::move(keys));
}

Status AcceptedState::PrefetchRows(std::vector<std::string> keys) {
  if (keys.size() < kPrefetchMin) return OkStatus();
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  MOTCUA_ASSIGN_OR_RETURN(const StateStore::Rows rows, store_.GetMany(keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!rows[i]) continue;
    const cases::AggregateId id = cases::AggregateId::FromPath(keys[i]);
    Entry entry;
    MOTCUA_RETURN_IF_ERROR(Decode(id, *rows[i], entry));
    entries_.emplace(id, std::move(entry));
  }
  return OkStatus();
}

Result<std::optional<std::string>> AcceptedState::LoadNote(const std::string& key) {
  return store_.Get(key);
}

Status AcceptedState::Apply(const cases::CaseEvent& event, cases::Tip tip, const Position& position,
                            IndexSink& sink) {
  MOTCUA_ASSIGN_OR_RETURN(const Nodes nodes, NodesOf(event));
  for (std::size_t i = 0; i < event.steps.size(); ++i) {
    if (!rules_.keeps_index(event.steps[i].id.kind())) continue;
    cases::CopyShown(nodes.at(i)->second.state, before_.at(i));
  }
  MOTCUA_RETURN_IF_ERROR(Fold(event, nodes, tip, position.effective, 0, &changed_));
  for (std::size_t i = 0; i < event.steps.size(); ++i) {
    if (!rules_.keeps_index(event.steps[i].id.kind())) continue;
    rules_.Index(position, before_.at(i), nodes.at(i)->second.state, event, sink);
  }
  return OkStatus();
}

void AcceptedState::CollectOne(Node& node, std::vector<StoreWrite>& writes,
                               Changes& changes) const {
  const cases::AggregateId& id = node.first;
  Entry& entry = node.second;
  writes.push_back({id.path(), codec_.EncodeRow(entry.state)});
  const bool understood = cases::Understood(entry.state);
  if (entry.stored.understood && !understood) {
    writes.push_back({NotUnderstoodKey(id.path()), ""});
  }
  const auto timer = NextTimerOf(rules_, entry.state);
  const std::optional<Instant> at = timer ? std::optional(timer->at) : std::nullopt;
  if (at != entry.stored.timer) {
    if (entry.stored.timer) {
      writes.push_back({TimerKey(partition_, *entry.stored.timer, id), {}});
      changes.timers.push_back({*entry.stored.timer, &id, false});
    }
    if (at) writes.push_back({TimerKey(partition_, *at, id), ""});
  }
  // Also where the instant is the same as before: two alerts of a dossier may share it.
  if (at) changes.timers.push_back({*at, &id, true});
  const bool owed = OwedBy(rules_, entry.state).has_value();
  if (owed != entry.stored.owed) {
    writes.push_back(
        {OwedKey(partition_, id), owed ? std::optional<std::string>("") : std::nullopt});
  }
  if (owed || entry.stored.owed) changes.owed.push_back({&id, owed});
  entry.collected = {at, owed, understood};
}

AcceptedState::Changes AcceptedState::Collect(std::vector<StoreWrite>& writes) {
  Changes changes;
  writes.reserve(writes.size() + changed_.aggregates.size() + changed_.notes.size());
  for (Node* node : changed_.aggregates) CollectOne(*node, writes, changes);
  for (const auto* note : changed_.notes) writes.push_back({note->first, note->second.value});
  return changes;
}

void AcceptedState::Committed() {
  for (Node* node : changed_.aggregates) {
    node->second.changed = false;
    node->second.stored = node->second.collected;
  }
  if (!changed_.notes.empty()) ForgetColdNotes();
  changed_ = {};
  if (entries_.size() >= kAggregatesKeptMax) {
    older_ = std::exchange(entries_, {});
    entries_.reserve(kAggregatesKeptMax);
  }
  if (notes_.size() > kNotesKeptMax) notes_.clear();
}

void AcceptedState::ForgetColdNotes() {
  for (auto* note : changed_.notes) {
    note->second.changed = false;
    // A copy of the key: what is erased owns it.
    if (!note->second.hot) notes_.erase(std::string(note->first));
  }
}

// ---- SpeculativeState ------------------------------------------------------------------------

Result<const cases::AggregateState*> SpeculativeState::Find(const cases::AggregateId& id) {
  if (MOTCUA_PLANTED(kNumberFromAccepted) && id.kind() == cases::AggregateKind::kBook) {
    return accepted_.Find(id);
  }
  return entries_.contains(id) ? StateLayer::Find(id) : accepted_.Find(id);
}

Result<std::optional<std::string>> SpeculativeState::FindNote(const std::string& key) {
  return notes_.contains(key) ? StateLayer::FindNote(key) : accepted_.FindNote(key);
}

Result<std::vector<cases::ItemUse>> SpeculativeState::UsesOfItem(std::string_view item_number) {
  MOTCUA_ASSIGN_OR_RETURN(std::vector<cases::ItemUse> uses, accepted_.UsesOfItem(item_number));
  const auto found = items_.find(std::string(item_number));
  if (found != items_.end()) uses.push_back(found->second.use);
  return uses;
}

Status SpeculativeState::Load(const cases::AggregateId& id, Entry& entry) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState* state, accepted_.Find(id));
  if (state != nullptr) entry.state = *state;
  return OkStatus();
}

Result<std::optional<std::string>> SpeculativeState::LoadNote(const std::string& key) {
  return accepted_.FindNote(key);
}

Status SpeculativeState::Apply(const cases::CaseEvent& event, cases::Tip tip, Instant effective,
                               std::uint64_t sequence) {
  MOTCUA_ASSIGN_OR_RETURN(const Nodes nodes, NodesOf(event));
  MOTCUA_RETURN_IF_ERROR(Fold(event, nodes, tip, effective, sequence, nullptr));
  if (const std::string_view item = cases::ItemOf(event); !item.empty()) {
    items_[std::string(item)] = {{event.dossier, effective, true}, sequence};
  }
  return OkStatus();
}

void SpeculativeState::Settle(const cases::CaseEvent& event, std::uint64_t sequence) {
  for (const cases::Step& step : event.steps) Forget(entries_, step.id, sequence);
  if (const std::string_view item = cases::ItemOf(event); !item.empty()) {
    Forget(items_, std::string(item), sequence);
  }
  for (; !noted_.empty() && noted_.front().first <= sequence; noted_.pop_front()) {
    Forget(notes_, noted_.front().second, sequence);
  }
}

bool SpeculativeState::Touches(const cases::CaseEvent& event) const {
  return std::any_of(event.steps.begin(), event.steps.end(),
                     [this](const cases::Step& step) { return Touches(step.id); });
}

// Of a service that only follows, nothing is in flight: then no look-up.
bool SpeculativeState::Touches(const cases::AggregateId& id) const {
  return !entries_.empty() && Changed(entries_, id);
}

void SpeculativeState::Clear() {
  entries_.clear();
  notes_.clear();
  noted_.clear();
  items_.clear();
}

}  // namespace motcua::engine
