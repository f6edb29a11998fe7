#include "services/engine/state_layer.h"

#include <algorithm>
#include <utility>

#include "services/base/hash.h"
#include "services/domain/cases/register.h"
#include "services/engine/clock_check.h"
#include "services/engine/keys.h"
#include "services/engine/plant.h"

namespace motcua::engine {
namespace {

// Fewer rows than this are as well read one by one.
constexpr std::size_t kPrefetchMin = 8;

// The day whose number an event that takes one was given, and the number.
cases::DossierNumber NumberTaken(const cases::CaseEvent& event) {
  return cases::NumberOf(event.dossier);
}

// Under which id it is remembered what created the dossier: the request, or its case's id in the
// register that it was imported from, which later rows of that register have too.
std::string CreationKey(const cases::CaseEvent& event) {
  const cases::UnitCode unit = cases::UnitOf(event.dossier);
  const auto* const imported = std::get_if<cases::DossierImported>(&event.payload);
  if (imported == nullptr || imported->source_id.empty()) {
    return RequestKey(unit, event.request_id);
  }
  return RequestKey(unit, cases::RecordId(imported->source, imported->source_id));
}

// Decisions look at the instants that the fold gave to a dossier's events, and those depend on what
// else the partition held. So the tip of a dossier covers them: an event that was decided on other
// instants was decided on another history.
cases::Tip TipAt(cases::Tip record, Instant effective) {
  if (MOTCUA_PLANTED(kTipWithoutInstant)) return record;
  std::string bytes;
  AppendLittleEndian(bytes, static_cast<std::uint64_t>(effective.micros));
  return cases::Tip(HashBytes(bytes, record.value()));
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

std::optional<cases::Action> OwedBy(const ServiceRules& rules, const cases::Dossier& dossier) {
  const bool understood = dossier.understood || MOTCUA_PLANTED(kDecideUnderstoodOrNot);
  return understood ? rules.Owed(dossier) : std::nullopt;
}

std::optional<ServiceRules::Timer> NextTimerOf(const ServiceRules& rules,
                                               const cases::Dossier& dossier, Instant now) {
  const bool understood = dossier.understood || MOTCUA_PLANTED(kDecideUnderstoodOrNot);
  return understood ? rules.NextTimer(dossier, now) : std::nullopt;
}

Status NotUnderstood(std::string_view what) {
  return Status(Reason::kNewerSchema, "events of a newer program stand in the history of " +
                                          std::string(what) +
                                          ", and this program does not understand them");
}

// ---- StateLayer ------------------------------------------------------------------------------

std::string StateLayer::DayMapKey(const cases::UnitCode& unit, CivilDate day) {
  return DayKey(unit, day);
}

Result<StateLayer::DossierEntry*> StateLayer::Entry(const cases::DossierCode& code) {
  const auto [found, fresh] = dossiers_.try_emplace(code);
  if (!fresh) return &found->second;
  if (const Status loaded = LoadDossier(code, found->second); !loaded.ok()) {
    dossiers_.erase(found);
    return loaded;
  }
  return &found->second;
}

Result<StateLayer::BookNode*> StateLayer::EntryOfBook(const cases::UnitCode& unit) {
  if (const auto found = books_.find(unit); found != books_.end()) return &*found;
  MOTCUA_ASSIGN_OR_RETURN(cases::Book book, LoadBook(unit));
  return &*books_.emplace(unit, BookEntry{std::move(book)}).first;
}

Result<const cases::Dossier*> StateLayer::FindDossier(const cases::DossierCode& code) {
  MOTCUA_ASSIGN_OR_RETURN(const DossierEntry* entry, Entry(code));
  return entry->dossier ? &*entry->dossier : nullptr;
}

Result<const cases::Book*> StateLayer::FindBook(const cases::UnitCode& unit) {
  MOTCUA_ASSIGN_OR_RETURN(const BookNode* node, EntryOfBook(unit));
  return &node->second.book;
}

Result<std::uint32_t> StateLayer::LastNumber(const cases::UnitCode& unit, CivilDate day) {
  const std::string key = DayMapKey(unit, day);
  if (const auto found = days_.find(key); found != days_.end()) return found->second.last;
  MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, LoadDay(unit, day));
  days_.emplace(key, DayEntry{last});
  return last;
}

Result<std::optional<cases::DossierCode>> StateLayer::DossierOfRecord(const cases::UnitCode& unit,
                                                                      const cases::RequestId& id) {
  if (const auto found = creations_.find(RequestKey(unit, id)); found != creations_.end()) {
    return std::optional(found->second.created.dossier);
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<CreatedBy> created, LoadCreation(unit, id));
  return created ? std::optional(created->dossier) : std::nullopt;
}

Result<cases::Head> StateLayer::HeadOf(const cases::DossierCode& code) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* dossier, FindDossier(code));
  return dossier == nullptr ? cases::Head{} : dossier->head;
}

Result<cases::Head> StateLayer::HeadOf(const cases::UnitCode& book) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::Book* found, FindBook(book));
  return found->head;
}

Result<Acceptance> StateLayer::Accept(const cases::CaseEvent& event,
                                      std::optional<Instant> appended) {
  if (!ClockAgrees(event.at.instant, appended) && !MOTCUA_PLANTED(kTrustEveryClock)) {
    return Acceptance::kClockDisagrees;
  }
  if ((event.step.version == 1) != event.book.has_value()) return Acceptance::kMisplaced;
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* dossier, FindDossier(event.dossier));
  const cases::Head head = dossier == nullptr ? cases::Head{} : dossier->head;
  if (const Acceptance step = AcceptStep(event.step, head); step != Acceptance::kAccepted) {
    return step;
  }
  if (dossier != nullptr && dossier->FindRequest(event.request_id) != nullptr &&
      !MOTCUA_PLANTED(kSkipDedupe)) {
    return Acceptance::kRepeated;
  }
  if (!event.book) return Acceptance::kAccepted;
  MOTCUA_ASSIGN_OR_RETURN(const cases::Book* book, FindBook(cases::UnitOf(event.dossier)));
  if (const Acceptance step = AcceptStep(*event.book, book->head); step != Acceptance::kAccepted) {
    return step;
  }
  if (MOTCUA_PLANTED(kSkipDedupe)) return Acceptance::kAccepted;
  return book->FindRequest(event.request_id) != nullptr ? Acceptance::kRepeated
                                                        : Acceptance::kAccepted;
}

Status StateLayer::FoldNumber(const cases::CaseEvent& event, std::uint64_t touch,
                              ChangedEntries* changed) {
  const cases::DossierNumber taken = NumberTaken(event);
  const cases::UnitCode unit = cases::UnitOf(event.dossier);
  MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, LastNumber(unit, taken.day));
  if (!cases::CountsOnDay(event, last) && !MOTCUA_PLANTED(kCountEveryNumber)) return OkStatus();
  auto& node = *days_.try_emplace(DayMapKey(unit, taken.day)).first;
  DayEntry& day = node.second;
  if (changed != nullptr && !day.changed) changed->days.push_back(&node);
  // A recorded code of an imported dossier may lie anywhere; the day goes on behind the highest.
  day.last = std::max(last, taken.sequence);
  day.changed = true;
  day.last_touch = touch;
  return OkStatus();
}

Status StateLayer::Fold(const cases::CaseEvent& event, cases::Tip tip, Instant effective,
                        std::uint64_t touch, ChangedEntries* changed) {
  // Everything that may fail to load comes first: a fold is whole or has not happened.
  MOTCUA_ASSIGN_OR_RETURN(DossierEntry * entry, Entry(event.dossier));
  if (event.book) {
    MOTCUA_ASSIGN_OR_RETURN(BookNode * node, EntryOfBook(cases::UnitOf(event.dossier)));
    MOTCUA_RETURN_IF_ERROR(FoldNumber(event, touch, changed));
    BookEntry& book = node->second;
    if (changed != nullptr && !book.changed) changed->books.push_back(node);
    cases::Apply(book.book, event, tip);
    if (MOTCUA_PLANTED(kOneYearPerBook) && book.book.numbers.size() > 1) {
      book.book.numbers.erase(book.book.numbers.begin(), book.book.numbers.end() - 1);
    }
    book.changed = true;
    book.last_touch = touch;
    if (rules_.creates()) {
      creations_[CreationKey(event)] =
          CreationEntry{CreatedBy{event.request_digest, event.dossier}, touch};
    }
  }
  if (!entry->dossier) entry->dossier.emplace();
  cases::Parts parts = rules_.parts();
  if (MOTCUA_PLANTED(kTimerTwice) && std::holds_alternative<cases::AlertRaised>(event.payload)) {
    parts.clock = false;
  }
  if (MOTCUA_PLANTED(kReportsAsTheyCome)) entry->dossier->shipment.reported.reset();
  cases::Apply(*entry->dossier, event, effective, TipAt(tip, effective), parts);
  if (changed != nullptr && !entry->changed) changed->dossiers.push_back(entry);
  entry->changed = true;
  entry->last_touch = touch;
  return OkStatus();
}

// ---- AcceptedState ---------------------------------------------------------------------------

Status AcceptedState::LoadDossier(const cases::DossierCode& code, DossierEntry& entry) {
  if (auto kept = older_.extract(code)) {
    entry = std::move(kept.mapped());
    return OkStatus();
  }
  // A number that its day has not reached was never given: most look-ups are of new dossiers, and
  // this one costs no read. Recorded numbers beyond do not move the day's counter.
  const cases::DossierNumber number = cases::NumberOf(code);
  MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, LastNumber(cases::UnitOf(code), number.day));
  if (number.sequence > last && number.sequence <= cases::kSequenceRecordedMax) return OkStatus();
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_.Get(DossierKey(code)));
  return row ? Decode(code, *row, entry) : OkStatus();
}

Status AcceptedState::Decode(const cases::DossierCode& code, std::string_view row,
                             DossierEntry& entry) const {
  MOTCUA_ASSIGN_OR_RETURN(entry.dossier, codec_.DecodeDossier(code, row));
  if (const auto timer = NextTimerOf(rules_, *entry.dossier)) entry.stored.timer = timer->at;
  entry.stored.owed = OwedBy(rules_, *entry.dossier).has_value();
  entry.stored.understood = entry.dossier->understood;
  return OkStatus();
}

Status AcceptedState::Prefetch(const std::vector<LogEntry>& entries, Offset from) {
  std::vector<std::string> keys;
  for (const LogEntry& entry : entries) {
    // A first event finds no dossier, and is known by its number to find none.
    if (entry.offset < from || !entry.event || entry.event->step.version <= 1) continue;
    const cases::DossierCode& code = entry.event->dossier;
    if (!Kept(code)) keys.push_back(DossierKey(code));
  }
  return PrefetchRows(std::move(keys));
}

Status AcceptedState::Prefetch(const std::vector<cases::DossierCode>& codes) {
  std::vector<std::string> keys;
  for (const cases::DossierCode& code : codes) {
    if (!Kept(code)) keys.push_back(DossierKey(code));
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
    const cases::DossierCode code(keys[i].substr(1));  // DossierKey
    DossierEntry entry;
    MOTCUA_RETURN_IF_ERROR(Decode(code, *rows[i], entry));
    dossiers_.emplace(code, std::move(entry));
  }
  return OkStatus();
}

Result<cases::Book> AcceptedState::LoadBook(const cases::UnitCode& unit) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_.Get(BookKey(unit)));
  return row ? codec_.DecodeBook(*row) : cases::Book{};
}

Result<std::uint32_t> AcceptedState::LoadDay(const cases::UnitCode& unit, CivilDate day) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_.Get(DayKey(unit, day)));
  return row ? static_cast<std::uint32_t>(ReadLittleEndian(*row)) : 0U;
}

Result<std::optional<CreatedBy>> AcceptedState::LoadCreation(const cases::UnitCode& unit,
                                                             const cases::RequestId& id) {
  if (!rules_.creates()) return std::optional<CreatedBy>();
  return FindCreation(unit, id);
}

Result<std::optional<CreatedBy>> AcceptedState::FindCreation(const cases::UnitCode& book,
                                                             const cases::RequestId& id) {
  const std::string key = RequestKey(book, id);
  if (const auto found = creations_.find(key); found != creations_.end()) {
    return std::optional<CreatedBy>(found->second.created);
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_.Get(key));
  if (!row) return std::optional<CreatedBy>();
  constexpr std::size_t kDigestBytes = 8;
  return std::optional<CreatedBy>(
      {ReadLittleEndian(*row), cases::DossierCode(std::string_view(*row).substr(kDigestBytes))});
}

Status AcceptedState::Apply(const cases::CaseEvent& event, cases::Tip tip, const Position& position,
                            IndexSink& sink) {
  MOTCUA_ASSIGN_OR_RETURN(DossierEntry * entry, Entry(event.dossier));
  std::optional<cases::Dossier> before;
  if (rules_.keeps_index()) before = entry->dossier;
  // Fold does not move entries of other dossiers, and Entry() found this one.
  MOTCUA_RETURN_IF_ERROR(Fold(event, tip, position.effective, 0, &changed_));
  if (rules_.keeps_index()) {
    rules_.Index(position, before ? &*before : nullptr, *entry->dossier, event, sink);
  }
  return OkStatus();
}

void AcceptedState::CollectDossier(DossierEntry& entry, std::vector<StoreWrite>& writes,
                                   Changes& changes) const {
  const cases::Dossier& dossier = *entry.dossier;
  writes.push_back({DossierKey(dossier.code), codec_.EncodeDossier(dossier)});
  if (entry.stored.understood && !dossier.understood) {
    writes.push_back({NotUnderstoodKey(dossier.code), ""});
  }
  const auto timer = NextTimerOf(rules_, dossier);
  const std::optional<Instant> at = timer ? std::optional(timer->at) : std::nullopt;
  if (at != entry.stored.timer) {
    if (entry.stored.timer) {
      writes.push_back({TimerKey(partition_, *entry.stored.timer, dossier.code), {}});
      changes.timers.push_back({*entry.stored.timer, &dossier.code, false});
    }
    if (at) writes.push_back({TimerKey(partition_, *at, dossier.code), ""});
  }
  // Also where the instant is the same as before: two alerts of a dossier may share it.
  if (at) changes.timers.push_back({*at, &dossier.code, true});
  const bool owed = OwedBy(rules_, dossier).has_value();
  if (owed != entry.stored.owed) {
    writes.push_back(
        {OwedKey(partition_, dossier.code), owed ? std::optional<std::string>("") : std::nullopt});
  }
  if (owed || entry.stored.owed) changes.owed.push_back({&dossier.code, owed});
  entry.collected = {at, owed, dossier.understood};
}

AcceptedState::Changes AcceptedState::Collect(std::vector<StoreWrite>& writes) {
  Changes changes;
  writes.reserve(writes.size() + changed_.dossiers.size());
  for (DossierEntry* entry : changed_.dossiers) CollectDossier(*entry, writes, changes);
  for (const auto* node : changed_.books) {
    writes.push_back({BookKey(node->first), codec_.EncodeBook(node->second.book)});
  }
  for (const auto* node : changed_.days) {
    std::string value;
    AppendLittleEndian(value, node->second.last);
    writes.push_back({node->first, std::move(value)});
  }
  for (const auto& [key, entry] : creations_) {
    std::string value;
    AppendLittleEndian(value, entry.created.digest);
    value += entry.created.dossier.value();
    writes.push_back({key, std::move(value)});
  }
  return changes;
}

void AcceptedState::Committed() {
  // Books and the numbers of days are few and hot: every event that creates a dossier reads them.
  constexpr std::size_t kRowsKeptMax = 4096;
  for (DossierEntry* entry : changed_.dossiers) {
    entry->changed = false;
    entry->stored = entry->collected;
  }
  for (auto* node : changed_.books) node->second.changed = false;
  for (auto* node : changed_.days) node->second.changed = false;
  changed_ = {};
  if (dossiers_.size() >= kDossiersKeptMax) {
    older_ = std::exchange(dossiers_, {});
    dossiers_.reserve(kDossiersKeptMax);
  }
  creations_.clear();
  if (books_.size() > kRowsKeptMax) books_.clear();
  if (days_.size() > kRowsKeptMax) days_.clear();
}

// ---- SpeculativeState ------------------------------------------------------------------------

Result<const cases::Dossier*> SpeculativeState::FindDossier(const cases::DossierCode& code) {
  const auto found = dossiers_.find(code);
  return found != dossiers_.end() ? StateLayer::FindDossier(code) : accepted_.FindDossier(code);
}

Result<const cases::Book*> SpeculativeState::FindBook(const cases::UnitCode& unit) {
  if (MOTCUA_PLANTED(kNumberFromAccepted)) return accepted_.FindBook(unit);
  return books_.contains(unit) ? StateLayer::FindBook(unit) : accepted_.FindBook(unit);
}

Result<std::uint32_t> SpeculativeState::LastNumber(const cases::UnitCode& unit, CivilDate day) {
  return days_.contains(DayMapKey(unit, day)) ? StateLayer::LastNumber(unit, day)
                                              : accepted_.LastNumber(unit, day);
}

Result<std::vector<cases::ItemUse>> SpeculativeState::UsesOfItem(std::string_view item_number) {
  MOTCUA_ASSIGN_OR_RETURN(std::vector<cases::ItemUse> uses, accepted_.UsesOfItem(item_number));
  const auto found = items_.find(std::string(item_number));
  if (found != items_.end()) uses.push_back(found->second.use);
  return uses;
}

Result<std::optional<CreatedBy>> SpeculativeState::LoadCreation(const cases::UnitCode& unit,
                                                                const cases::RequestId& id) {
  if (!rules_.creates()) return std::optional<CreatedBy>();
  return accepted_.FindCreation(unit, id);
}

Status SpeculativeState::LoadDossier(const cases::DossierCode& code, DossierEntry& entry) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier* dossier, accepted_.FindDossier(code));
  if (dossier != nullptr) entry.dossier = *dossier;
  return OkStatus();
}

Result<cases::Book> SpeculativeState::LoadBook(const cases::UnitCode& unit) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::Book* book, accepted_.FindBook(unit));
  return *book;
}

Result<std::uint32_t> SpeculativeState::LoadDay(const cases::UnitCode& unit, CivilDate day) {
  return accepted_.LastNumber(unit, day);
}

Status SpeculativeState::Apply(const cases::CaseEvent& event, cases::Tip tip, Instant effective,
                               std::uint64_t sequence) {
  MOTCUA_RETURN_IF_ERROR(Fold(event, tip, effective, sequence, nullptr));
  if (const auto* e = std::get_if<cases::ShipmentHandedOver>(&event.payload)) {
    items_[e->item_number] = {{event.dossier, effective, true}, sequence};
  }
  return OkStatus();
}

void SpeculativeState::Settle(const cases::CaseEvent& event, std::uint64_t sequence) {
  Forget(dossiers_, event.dossier, sequence);
  if (const auto* e = std::get_if<cases::ShipmentHandedOver>(&event.payload)) {
    Forget(items_, e->item_number, sequence);
  }
  if (!event.book) return;
  const cases::UnitCode unit = cases::UnitOf(event.dossier);
  Forget(books_, unit, sequence);
  Forget(creations_, CreationKey(event), sequence);
  Forget(days_, DayMapKey(unit, NumberTaken(event).day), sequence);
}

bool SpeculativeState::Touches(const cases::CaseEvent& event) const {
  return TouchesDossier(event.dossier) || (event.book && TouchesBook(cases::UnitOf(event.dossier)));
}

bool SpeculativeState::TouchesDossier(const cases::DossierCode& code) const {
  return Changed(dossiers_, code);
}

bool SpeculativeState::TouchesBook(const cases::UnitCode& unit) const {
  return Changed(books_, unit);
}

bool SpeculativeState::Creates(const cases::UnitCode& book, const cases::RequestId& id) const {
  return creations_.contains(RequestKey(book, id));
}

void SpeculativeState::Clear() {
  dossiers_.clear();
  books_.clear();
  days_.clear();
  creations_.clear();
  items_.clear();
}

}  // namespace motcua::engine
