#include "services/domain/cases/dossier.h"

#include <algorithm>

#include "services/base/overloaded.h"
#include "services/domain/cases/correct.h"
#include "services/domain/cases/register.h"
#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {
namespace {

// Whether an event is something done here with a recorded case, rather than its register's word or
// the clock's.
bool TakesUp(const Payload& payload) {
  return std::visit(Overloaded{
                        [](const UnknownPayload&) { return true; },
                        [](const IntakePayload& p) {
                          return !HoldsLeaf<DossierImported>(p) && !HoldsLeaf<RecordUpdated>(p) &&
                                 !HoldsLeaf<EventTakenBack>(p);
                        },
                        // To be asked to hurry changes nothing.
                        [](const RoutingPayload& p) { return !HoldsLeaf<LegReminded>(p); },
                        [](const DeadlinePayload& p) {
                          return !HoldsLeaf<AlertRaised>(p) && !HoldsLeaf<AlertAcknowledged>(p);
                        },
                        [](const PostalPayload&) { return true; },
                        [](const ManifestPayload&) { return true; },
                    },
                    payload);
}

void NoteNumber(Book& book, std::int32_t year, std::uint32_t number) {
  const auto at = std::lower_bound(
      book.numbers.begin(), book.numbers.end(), year,
      [](const YearNumber& known, std::int32_t wanted) { return known.year < wanted; });
  if (at != book.numbers.end() && at->year == year) {
    at->number = std::max(at->number, number);
    return;
  }
  book.numbers.insert(at, {year, number});
  if (book.numbers.size() > kRegisterYearsMax) book.numbers.erase(book.numbers.begin());
}

// The two alerts of one clock, the earlier first.
void OfferAlerts(const Dossier& dossier, std::uint8_t leg, const std::optional<ZonedTime>& due,
                 const std::optional<Instant>& due_soon, Instant now,
                 std::optional<DueAlert>& best) {
  if (!due) return;
  const auto raised = [&](AlertKind kind) {
    return dossier.FindAlert({kind, leg, due->instant}) != nullptr;
  };
  const auto offer = [&](AlertKind kind, Instant at) {
    const AlertKey key{kind, leg, due->instant};
    if (at <= dossier.clock.alerts_from || raised(kind)) return;
    if (!best || at < best->at || (at == best->at && key < best->key)) best = DueAlert{key, at};
  };
  const Instant overdue = due->instant + Micros(1);
  const bool passed = now >= overdue || raised(AlertKind::kOverdue);
  if (due_soon && !passed) offer(AlertKind::kDueSoon, *due_soon);
  offer(AlertKind::kOverdue, overdue);
}

}  // namespace

std::string_view PayloadName(const Payload& payload) {
  return VisitLeaf([]<typename P>(const P&) { return kPayloadName<P>; }, payload);
}

const Alert* Dossier::FindAlert(const AlertKey& key) const {
  const auto found = std::find_if(alerts.begin(), alerts.end(),
                                  [&](const Alert& alert) { return alert.key == key; });
  return found == alerts.end() ? nullptr : &*found;
}

std::vector<deadline::Pause> PausesSince(const Clock& clock, const ZonedTime& start,
                                         const std::optional<ZonedTime>& now) {
  std::vector<deadline::Pause> pauses;
  for (const Pause& pause : clock.pauses) {
    const std::optional<ZonedTime>& to = pause.to ? pause.to : now;
    if (!to || to->instant <= start.instant) continue;
    pauses.push_back({pause.from.instant < start.instant ? start : pause.from, *to});
  }
  return pauses;
}

std::size_t Dossier::supplement_requests() const {
  return static_cast<std::size_t>(
      std::count_if(clock.pauses.begin(), clock.pauses.end(),
                    [](const Pause& pause) { return pause.reason == PauseReason::kSupplement; }));
}

Dossier AsKnownAt(const Dossier& dossier, Instant at) {
  Dossier known = dossier;
  const auto found =
      std::find_if(dossier.superseded.begin(), dossier.superseded.end(),
                   [&](const Superseded& superseded) { return superseded.until >= at; });
  if (found == dossier.superseded.end()) return known;
  known.stage = found->stage;
  known.outcome = found->outcome;
  known.return_mode = found->return_mode;
  known.resolved = found->resolved;
  known.closed = found->closed;
  known.clock = found->clock;
  known.route = found->route;
  known.shipment = found->shipment;
  return known;
}

void NoteSuperseded(Dossier& dossier, Instant correction) {
  std::vector<Superseded>& kept = dossier.superseded;
  if (kept.size() >= kSupersededMax) kept.erase(kept.begin());
  kept.push_back({correction, dossier.stage, dossier.outcome, dossier.return_mode, dossier.resolved,
                  dossier.closed, dossier.clock, dossier.route, dossier.shipment});
}

std::uint32_t Book::LastOf(std::int32_t year) const {
  const auto found = std::find_if(numbers.begin(), numbers.end(),
                                  [&](const YearNumber& known) { return known.year == year; });
  return found == numbers.end() ? 0 : found->number;
}

TraceContext TraceAfter(const CaseEvent& event) {
  return HandedOn(event.trace, {reinterpret_cast<const char*>(  // NOLINT(*-reinterpret-cast)
                                    event.request_id.bytes.data()),
                                event.request_id.bytes.size()});
}

const Step* CaseEvent::StepOn(AggregateKind kind) const {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [kind](const Step& step) { return step.id.kind() == kind; });
  return found == steps.end() ? nullptr : &*found;
}

void CaseEvent::SetSteps(const Head& dossier_head, const std::optional<Head>& book_head) {
  steps = {{AggregateId(dossier), dossier_head.version + 1, dossier_head.tip}};
  if (book_head) {
    steps.push_back({AggregateId::Book(UnitOf(dossier)), book_head->version + 1, book_head->tip});
  }
}

void NoteStep(AggregateCore& core, const CaseEvent& event, const Step& step, Tip tip) {
  core.head = {step.version, tip};
  if (core.requests.size() >= kRequestsRememberedMax) core.requests.erase(core.requests.begin());
  core.requests.push_back({event.request_id, event.request_digest, step.version});
  if (HoldsLeaf<UnknownPayload>(event.payload)) core.understood = false;
}

void Apply(Dossier& dossier, const CaseEvent& event, const Step& step, Instant effective, Tip tip,
           const Parts& parts) {
  if (dossier.code.value() != step.id.name()) dossier.code = DossierCode(step.id.name());
  NoteStep(dossier, event, step, tip);
  if (parts.trace) dossier.trace = TraceAfter(event);
  if (step.id != event.about()) return;
  const Folding folding{dossier, event.at, {effective, event.at.offset}, parts};
  NoteUndo(dossier, event, folding.at, parts);
  std::visit(Overloaded{
                 // NoteStep saw it.
                 [](const UnknownPayload&) {},
                 // They are about manifests and change no dossier.
                 [](const ManifestPayload&) {},
                 [&](const auto& topic) { Fold(folding, topic); },
             },
             event.payload);
  if (dossier.origin && TakesUp(event.payload)) dossier.origin->taken_up = true;
}

void Apply(Book& book, const CaseEvent& event, const Step& step, Tip tip) {
  NoteStep(book, event, step, tip);
  if (step.id.kind() == AggregateKind::kPostBook) {
    const auto* const opened = LeafIf<ManifestOpened>(event.payload);
    if (opened != nullptr) NoteNumber(book, opened->year, opened->number);
  } else if (const auto* received = LeafIf<DossierReceived>(event.payload)) {
    NoteNumber(book, received->register_year, received->register_number);
  } else if (const auto* imported = LeafIf<DossierImported>(event.payload)) {
    if (CountsInYear(*imported, event.at)) {
      NoteNumber(book, imported->register_year, imported->register_number);
    }
  }
}

std::optional<DueAlert> NextAlert(const Dossier& dossier, Instant now) {
  std::optional<DueAlert> best;
  if (dossier.stage != Stage::kProcessing || dossier.clock.standing()) return best;
  OfferAlerts(dossier, 0, dossier.clock.now.due, dossier.clock.now.due_soon, now, best);
  for (std::size_t i = 0; i < dossier.route.legs.size(); ++i) {
    const routing::Leg& leg = dossier.route.legs[i];
    if (leg.running()) {
      OfferAlerts(dossier, static_cast<std::uint8_t>(i + 1), leg.due, leg.due_soon, now, best);
    }
  }
  return best;
}

}  // namespace motcua::cases
