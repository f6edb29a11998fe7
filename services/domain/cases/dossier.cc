#include "services/domain/cases/dossier.h"

#include <algorithm>

#include "services/base/overloaded.h"
#include "services/domain/cases/register.h"

namespace motcua::cases {
namespace {

void StartClock(Dossier& dossier, const DossierReceived& received) {
  Clock& clock = dossier.clock;
  clock.calendar = received.calendar;
  clock.calendar_version = received.calendar_version;
  clock.term = received.term;
  clock.policy = received.due_policy;
  clock.supplement = received.supplement;
  clock.due_soon_lead_minutes = received.due_soon_lead_minutes;
  clock.start = received.clock_start;
  clock.first_due = received.clock.due;
  clock.first_provisional = received.clock.provisional;
  clock.now = received.clock;
  clock.alerts_from = received.clock_start.instant;
}

void ImportClock(Dossier& dossier, const DossierImported& imported, Instant effective) {
  Clock& clock = dossier.clock;
  clock.calendar = imported.calendar;
  clock.calendar_version = imported.calendar_version;
  clock.supplement = deadline::SupplementPolicy::kPause;  // the register's own term is unknown
  clock.start = imported.opened;
  clock.first_due = imported.due;
  clock.now.due = imported.due;
  clock.alerts_from = effective;
}

// Before the clock stops at `at`: a date that is over by then stays missed.
void NoteStop(Clock& clock, const ZonedTime& at) {
  if (!clock.now.due || clock.standing()) return;
  const ZonedTime due = *clock.now.due;
  if (!clock.missed && at.instant > due.instant) clock.missed = MissedDue{due, at};
  if (!clock.missed_by_date && ZonedTime{at.instant, due.offset}.date() > due.date()) {
    clock.missed_by_date = MissedDue{due, at};
  }
}

// Before a register moves its date, which it has promised until `until`. The register is told of
// long after, so what counts is when the date passed, or later, when a standstill had set it.
void NoteMove(Clock& clock, const ZonedTime& until) {
  if (!clock.now.due || clock.standing()) return;
  const ZonedTime due = *clock.now.due;
  const auto from = [&](Instant passed) {
    const ZonedTime passing{passed, due.offset};
    if (clock.pauses.empty() || clock.pauses.back().to->instant < passed) return passing;
    return *clock.pauses.back().to;
  };
  if (!clock.missed && until.instant > due.instant) {
    clock.missed = MissedDue{due, from(due.instant + Micros(1))};
  }
  if (!clock.missed_by_date && ZonedTime{until.instant, due.offset}.date() > due.date()) {
    clock.missed_by_date = MissedDue{due, from(StartOfDay(due.date() + 1, due.offset))};
  }
}

void PauseClockAt(Clock& clock, PauseReason reason, const ZonedTime& at) {
  NoteStop(clock, at);
  if (clock.pauses.size() < kPausesMax) clock.pauses.push_back({reason, at, {}, clock.now.due});
}

void ResumeClockAt(Dossier& dossier, const ClockResumed& resumed, const Parts& parts) {
  if (parts.clock) {
    Clock& clock = dossier.clock;
    if (clock.standing()) clock.pauses.back().to = resumed.resumed;
    clock.now = resumed.clock;
    if (resumed.calendar.version.value() != 0) {
      clock.calendar = resumed.calendar.id;
      clock.calendar_version = resumed.calendar.version;
    }
    if (resumed.restarted) clock.start = resumed.resumed;
  }
  if (parts.route) {
    for (const LegDue& leg_due : resumed.legs) {
      if (leg_due.leg < 1 || leg_due.leg > dossier.route.legs.size()) continue;
      routing::Leg& leg = dossier.route.legs[leg_due.leg - 1U];
      leg.due = leg_due.clock.due;
      leg.due_soon = leg_due.clock.due_soon;
      leg.provisional = leg_due.clock.provisional;
      leg.calendar = leg_due.calendar;
    }
  }
}

void EndAt(Dossier& dossier, Stage stage, Outcome outcome, const ZonedTime& at) {
  dossier.stage = stage;
  dossier.outcome = outcome;
  dossier.resolved = at;
  if (dossier.clock.standing()) dossier.clock.pauses.back().to = at;
}

// Whether the alert is about a due date that is in force no more: it will never be offered again.
bool Superseded(const Dossier& dossier, const Alert& alert) {
  const std::size_t leg = alert.key.leg;
  if (leg > dossier.route.legs.size()) return true;
  const std::optional<ZonedTime>& due =
      leg == 0 ? dossier.clock.now.due : dossier.route.legs[leg - 1].due;
  return !due || due->instant != alert.key.due;
}

void ApplyAlert(Dossier& dossier, const AlertRaised& raised, Instant effective) {
  std::vector<Alert>& alerts = dossier.alerts;
  if (alerts.size() >= kAlertsMax) {
    const auto superseded = std::find_if(alerts.begin(), alerts.end(), [&](const Alert& alert) {
      return Superseded(dossier, alert);
    });
    // There is one, but in a history that nothing of ours has decided.
    alerts.erase(superseded == alerts.end() ? alerts.begin() : superseded);
  }
  alerts.push_back({raised.alert, effective, false});
}

// Who has taken note of an alert has taken note of those of the same kind and clock before it: they
// were about earlier due dates, and nobody could name them any more.
void ApplyAlert(Dossier& dossier, const AlertAcknowledged& acknowledged) {
  const auto found =
      std::find_if(dossier.alerts.begin(), dossier.alerts.end(),
                   [&](const Alert& alert) { return alert.key == acknowledged.alert; });
  if (found == dossier.alerts.end()) return;
  for (auto alert = dossier.alerts.begin(); alert <= found; ++alert) {
    if (alert->key.kind == found->key.kind && alert->key.leg == found->key.leg) {
      alert->acknowledged = true;
    }
  }
}

// One dossier, one event: the switch over payloads.
class Folder {
 public:
  Folder(Dossier& dossier, const CaseEvent& event, Instant effective, const Parts& parts)
      : dossier_(dossier), decided_(event.at), at_{effective, event.at.offset}, parts_(parts) {}

  void operator()(const UnknownPayload&) { dossier_.understood = false; }
  void operator()(const DossierReceived& e) {
    dossier_.stage = Stage::kProcessing;
    dossier_.procedure = e.procedure;
    dossier_.field = e.field;
    dossier_.channel = e.channel;
    dossier_.return_mode = e.return_mode;
    dossier_.register_year = e.register_year;
    dossier_.register_number = e.register_number;
    dossier_.received = at_;
    if (parts_.clock) StartClock(dossier_, e);
    if (parts_.route) dossier_.route.legs = e.legs;
  }
  void operator()(const DossierRefused& e) {
    dossier_.stage = Stage::kRefused;
    dossier_.procedure = e.procedure;
    dossier_.field = e.field;
    dossier_.channel = e.channel;
    dossier_.received = at_;
  }
  void operator()(const DossierImported& e) {
    dossier_.procedure = e.procedure;
    dossier_.field = e.field;
    dossier_.channel = e.channel;
    dossier_.register_year = e.register_year;
    dossier_.register_number = e.register_number;
    dossier_.received = e.opened;
    dossier_.origin = Origin{e.source, e.line, e.source_id, e.doubts};
    dossier_.stage = e.closed ? Stage::kClosed : Stage::kProcessing;
    if (e.closed) {
      dossier_.outcome = e.outcome;
      dossier_.resolved = e.closed;
      dossier_.closed = e.closed;
    }
    if (parts_.clock) ImportClock(dossier_, e, at_.instant);
  }
  void operator()(const RecordUpdated& e) {
    if (parts_.clock && e.due != dossier_.clock.now.due) {
      ZonedTime until = at_;
      for (const std::optional<ZonedTime>& end : {e.closed, dossier_.resolved}) {
        if (end && end->instant < until.instant) until = *end;
      }
      NoteMove(dossier_.clock, until);
    }
    dossier_.origin = Origin{e.source, e.line, e.source_id, e.doubts};
    dossier_.stage = e.closed ? Stage::kClosed : Stage::kProcessing;
    dossier_.outcome = e.outcome;
    dossier_.resolved = e.closed;
    dossier_.closed = e.closed;
    if (parts_.clock) dossier_.clock.now = ClockSetting{e.due, {}};
  }
  void operator()(const SupplementRequested&) {
    dossier_.stage = Stage::kSupplement;
    if (parts_.clock) PauseClockAt(dossier_.clock, PauseReason::kSupplement, at_);
  }
  void operator()(const ClockPaused& e) {
    dossier_.stage = Stage::kPaused;
    if (parts_.clock) PauseClockAt(dossier_.clock, e.reason, at_);
  }
  void operator()(const ClockResumed& e) {
    dossier_.stage = Stage::kProcessing;
    ResumeClockAt(dossier_, e, parts_);
  }
  void operator()(const ResultRecorded& e) { EndAt(dossier_, Stage::kResultReady, e.outcome, at_); }
  void operator()(const ResultReleasedToPost&) {
    dossier_.return_mode = ReturnMode::kPostal;
    if (parts_.shipment) dossier_.shipment = {};
  }
  void operator()(const DossierClosed& e) {
    dossier_.stage = Stage::kClosed;
    dossier_.return_mode = e.way;
    dossier_.closed = at_;
  }
  void operator()(const DossierWithdrawn&) {
    EndAt(dossier_, Stage::kWithdrawn, Outcome::kWithdrawn, at_);
  }
  void operator()(const HandOverSent& e) {
    if (parts_.route) routing::Sent(dossier_.route, e.leg, at_);
  }
  void operator()(const HandOverAcknowledged& e) {
    if (parts_.route) {
      routing::Acknowledged(dossier_.route, e.leg, at_,
                            {e.clock.due, e.clock.due_soon, e.clock.provisional, e.calendar});
      routing::CountFrom(dossier_.route, e.leg, decided_);
    }
  }
  void operator()(const LegAccepted& e) {
    if (parts_.route) routing::Accepted(dossier_.route, e.leg);
  }
  void operator()(const LegCompleted& e) {
    if (parts_.route) routing::Completed(dossier_.route, e.leg, at_, e.outcome);
  }
  void operator()(const LegReturned& e) {
    if (parts_.route) routing::Returned(dossier_.route, e.leg);
  }
  void operator()(const AlertRaised& e) {
    if (parts_.clock) ApplyAlert(dossier_, e, at_.instant);
  }
  void operator()(const AlertAcknowledged& e) {
    if (parts_.clock) ApplyAlert(dossier_, e);
  }
  void operator()(const ShipmentRegistered&) { Ship(postal::ShipmentState::kRegistered); }
  void operator()(const ShipmentHandedOver& e) {
    if (!parts_.shipment) return;
    Ship(postal::ShipmentState::kHandedOver);
    dossier_.shipment.item_number = e.item_number;
    dossier_.shipment.carrier = e.carrier;
    dossier_.shipment.handed_over = at_;
  }
  void operator()(const ShipmentTracked& e) {
    if (parts_.shipment) postal::Reported(dossier_.shipment, e.state, e.occurred.instant);
  }
  void operator()(const DeliveryFailed& e) {
    if (!parts_.shipment) return;
    postal::Reported(dossier_.shipment, postal::ShipmentState::kDeliveryFailed, e.occurred.instant);
    if (!e.same_attempt) postal::NoteAttempt(dossier_.shipment, e.occurred);
  }
  void operator()(const ShipmentDelivered& e) {
    // A delivery is proven, and ends the way: no scan that says a later time undoes it.
    Ship(postal::ShipmentState::kDelivered);
    if (parts_.shipment) dossier_.shipment.delivered = e.occurred;
  }
  void operator()(const ShipmentReturned&) { Ship(postal::ShipmentState::kReturned); }
  // Of manifests: they change no dossier.
  void operator()(const ManifestOpened&) {}
  void operator()(const ManifestItemAdded&) {}
  void operator()(const ManifestClosed&) {}
  void operator()(const ManifestHandedOver&) {}
  void operator()(const ManifestItemSkipped&) {}

 private:
  void Ship(postal::ShipmentState state) {
    if (parts_.shipment) dossier_.shipment.state = state;
  }

  Dossier& dossier_;
  ZonedTime decided_;  // by the writer's clock: what the event's own dates were computed from
  ZonedTime at_;
  const Parts& parts_;
};

// Whether an event is something done here with a recorded case, rather than its register's word or
// the clock's.
bool TakesUp(const Payload& payload) {
  return std::visit(Overloaded{
                        [](const DossierImported&) { return false; },
                        [](const RecordUpdated&) { return false; },
                        [](const AlertRaised&) { return false; },
                        [](const AlertAcknowledged&) { return false; },
                        [](const auto&) { return true; },
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
  return std::visit([]<typename P>(const P&) { return kPayloadName<P>; }, payload);
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
  if (std::holds_alternative<UnknownPayload>(event.payload)) core.understood = false;
}

void Apply(Dossier& dossier, const CaseEvent& event, const Step& step, Instant effective, Tip tip,
           const Parts& parts) {
  dossier.code = DossierCode(step.id.name());
  NoteStep(dossier, event, step, tip);
  if (parts.trace) dossier.trace = TraceAfter(event);
  if (step.id != event.about()) return;
  std::visit(Folder(dossier, event, effective, parts), event.payload);
  if (dossier.origin && TakesUp(event.payload)) dossier.origin->taken_up = true;
}

void Apply(Book& book, const CaseEvent& event, const Step& step, Tip tip) {
  NoteStep(book, event, step, tip);
  if (step.id.kind() == AggregateKind::kPostBook) {
    const auto* const opened = std::get_if<ManifestOpened>(&event.payload);
    if (opened != nullptr) NoteNumber(book, opened->year, opened->number);
  } else if (const auto* received = std::get_if<DossierReceived>(&event.payload)) {
    NoteNumber(book, received->register_year, received->register_number);
  } else if (const auto* imported = std::get_if<DossierImported>(&event.payload)) {
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
