// What the judge says to single events: numbers, lawful steps, due dates, alerts.
#include <algorithm>

#include "services/base/overloaded.h"
#include "tests/simulation/history.h"
#include "tests/support/slow_calendar.h"

namespace motcua::simulation {
namespace {

using cases::Stage;
using postal::ShipmentState;
using routing::LegState;

std::string Say(const std::optional<ZonedTime>& time) {
  return time ? FormatZonedTime(*time) : "none";
}

class EventJudge {
 public:
  EventJudge(const catalogue::Catalogue& catalogue, const Accepted& accepted, const Line& line)
      : catalogue_(catalogue), accepted_(accepted), event_(accepted.event), line_(line) {}

  std::string operator()(const cases::UnknownPayload&) const { return {}; }
  std::string operator()(const cases::DossierReceived& e) const {
    if (e.clock_start != event_.at) return "the term is not counted from the receipt";
    const auto* calendar = catalogue_.FindCalendar(e.calendar, e.calendar_version);
    return calendar == nullptr ? "names no calendar"
                               : DueIs(*calendar, e.clock, event_.at, e.term, e.due_policy,
                                       e.due_soon_lead_minutes);
  }
  std::string operator()(const cases::DossierRefused&) const { return {}; }
  std::string operator()(const cases::DossierImported&) const { return {}; }
  // Only what a register said may be changed by what it says later: nothing that was done here.
  std::string operator()(const cases::RecordUpdated& e) const {
    if (line_.closed && !e.closed) return "opens again what was closed";
    if (line_.closed == e.closed && line_.outcome == e.outcome && line_.due == e.due) {
      return "says nothing new";
    }
    return Lawful(
        line_.imported &&
        std::all_of(line_.events.begin(), line_.events.end(), [&](const Accepted* before) {
          const cases::Payload& payload = before->event.payload;
          return line_.taken_back.contains(before->event.version()) ||
                 HoldsLeaf<cases::EventTakenBack>(payload) ||
                 HoldsLeaf<cases::DossierImported>(payload) ||
                 HoldsLeaf<cases::RecordUpdated>(payload) ||
                 HoldsLeaf<cases::AlertRaised>(payload) ||
                 HoldsLeaf<cases::AlertAcknowledged>(payload);
        }));
  }
  std::string operator()(const cases::SupplementRequested&) const {
    return Lawful(line_.stage == Stage::kProcessing);
  }
  std::string operator()(const cases::ClockPaused&) const {
    return Lawful(line_.stage == Stage::kProcessing);
  }
  std::string operator()(const cases::ClockResumed& e) const { return Resumed(e); }
  std::string operator()(const cases::ResultRecorded&) const {
    return Lawful(line_.stage == Stage::kProcessing && line_.current_stage() == 0);
  }
  std::string operator()(const cases::ResultReleasedToPost&) const {
    return Lawful(line_.stage == Stage::kResultReady && !ShipmentOpen());
  }
  std::string operator()(const cases::DossierClosed& e) const {
    const bool posted = e.way == cases::ReturnMode::kPostal;
    return Lawful(line_.stage == Stage::kResultReady &&
                  (posted ? line_.shipment == ShipmentState::kDelivered : !ShipmentOpen()));
  }
  std::string operator()(const cases::DossierWithdrawn&) const { return Lawful(line_.open()); }
  std::string operator()(const cases::HandOverSent& e) const {
    const LegLine* leg = LegOf(e.leg);
    return Lawful(leg != nullptr && leg->stage == line_.current_stage() &&
                  (leg->state == LegState::kWaiting || leg->state == LegState::kReturned));
  }
  std::string operator()(const cases::HandOverAcknowledged& e) const {
    const LegLine* leg = LegOf(e.leg);
    if (leg == nullptr || leg->state != LegState::kSent) return Lawful(false);
    const auto* calendar = CalendarOfUnit(leg->unit);
    const std::string wrong = Names(*calendar, e.calendar);
    if (!wrong.empty()) return wrong;
    return DueIs(*calendar, e.clock, event_.at, leg->term, line_.policy, line_.lead_minutes);
  }
  std::string operator()(const cases::LegAccepted& e) const {
    const LegLine* leg = LegOf(e.leg);
    return Lawful(leg != nullptr && leg->state == LegState::kAcknowledged);
  }
  std::string operator()(const cases::LegCompleted& e) const {
    const LegLine* leg = LegOf(e.leg);
    return Lawful(leg != nullptr && leg->state == LegState::kAccepted);
  }
  std::string operator()(const cases::LegReturned& e) const {
    const LegLine* leg = LegOf(e.leg);
    return Lawful(leg != nullptr && leg->running());
  }
  std::string operator()(const cases::LegReminded& e) const {
    const LegLine* leg = LegOf(e.leg);
    return Lawful(leg != nullptr && (leg->state == LegState::kSent || leg->running()));
  }
  std::string operator()(const cases::AlertRaised& e) const { return Raised(e.alert); }
  std::string operator()(const cases::AlertAcknowledged& e) const {
    return Lawful(line_.alerts.contains(e.alert));
  }
  std::string operator()(const cases::ShipmentRegistered&) const {
    return Lawful(line_.stage == Stage::kResultReady && line_.shipment == ShipmentState::kNone);
  }
  std::string operator()(const cases::ShipmentHandedOver&) const {
    return Lawful(line_.shipment == ShipmentState::kRegistered);
  }
  std::string operator()(const cases::ShipmentTracked& e) const {
    return Lawful(MayReport(e.occurred) &&
                  (line_.shipment != ShipmentState::kReturning ||
                   e.state == ShipmentState::kReturning || line_.late(e.occurred)));
  }
  std::string operator()(const cases::DeliveryFailed& e) const {
    const bool same = std::any_of(line_.attempts.begin(), line_.attempts.end(),
                                  [&](const ZonedTime& a) { return OneAttempt(a, e.occurred); });
    if (same != e.same_attempt && !accepted_.by_older)
      return "counts an attempt that is none, or forgets one";
    return Lawful(MayReport(e.occurred) &&
                  (line_.shipment != ShipmentState::kReturning || line_.late(e.occurred)));
  }
  std::string operator()(const cases::ShipmentDelivered& e) const {
    return Lawful(MayReport(e.occurred) && line_.shipment != ShipmentState::kReturning);
  }
  std::string operator()(const cases::ShipmentReturned&) const { return Lawful(WithCarrier()); }
  // Of no dossier (manifests.cc), but by a stranger.
  template <typename OfManifest>
    requires std::is_same_v<OfManifest, cases::ManifestOpened> ||
             std::is_same_v<OfManifest, cases::ManifestItemAdded> ||
             std::is_same_v<OfManifest, cases::ManifestClosed> ||
             std::is_same_v<OfManifest, cases::ManifestHandedOver> ||
             std::is_same_v<OfManifest, cases::ManifestItemSkipped>
  std::string operator()(const OfManifest&) const {
    return Lawful(false);
  }
  std::string operator()(const cases::EventTakenBack& e) const {
    return JudgeTakenBack(catalogue_, e, line_);
  }

 private:
  static std::string Lawful(bool lawful) {
    return lawful ? std::string() : "the state before does not allow it";
  }
  bool ShipmentOpen() const {
    return line_.shipment != ShipmentState::kNone && line_.shipment != ShipmentState::kDelivered &&
           line_.shipment != ShipmentState::kReturned;
  }
  bool WithCarrier() const {
    return ShipmentOpen() && line_.shipment != ShipmentState::kRegistered;
  }
  // The carrier tells minutes, none of them before it had the item.
  bool MayReport(const ZonedTime& occurred) const {
    constexpr std::int64_t kMinute = 60'000'000;
    return WithCarrier() && line_.handed_over &&
           occurred.instant.micros / kMinute >= line_.handed_over->micros / kMinute;
  }
  // Fewer than two working days of the unit lie between the two.
  bool OneAttempt(const ZonedTime& a, const ZonedTime& b) const {
    const CivilDate first = std::min(a.date(), b.date());
    const CivilDate second = std::max(a.date(), b.date());
    const auto* unit = catalogue_.FindUnit(cases::UnitOf(event_.dossier));
    if (unit == nullptr) return second - first < 2;
    const auto& spec = catalogue_.FindCalendar(unit->calendar)->spec();
    int days = 0;
    for (CivilDate day = first; day < second; day = day + 1) {
      if (testing::SlowWorks(spec, day + 1)) ++days;
    }
    return days < 2;
  }
  // Legs move while the case is open.
  const LegLine* LegOf(std::uint8_t leg) const {
    return line_.open() && leg >= 1 && leg <= line_.legs.size() ? &line_.legs[leg - 1U] : nullptr;
  }
  const calendar::Calendar* CalendarOfUnit(const cases::UnitCode& unit) const {
    return catalogue_.FindCalendar(catalogue_.FindUnit(unit)->calendar);
  }

  // What a program of before schema 3 decided names none.
  static std::string Names(const calendar::Calendar& calendar, const cases::CalendarUsed& used) {
    if (used == calendar.used() || used == cases::CalendarUsed{}) return {};
    return "names another calendar than " + calendar.id().value();
  }

  std::string DueIs(const calendar::Calendar& calendar, const cases::ClockSetting& clock,
                    const ZonedTime& start, const deadline::Term& term,
                    const deadline::DuePolicy& policy, std::int32_t lead_minutes) const {
    return Setting(calendar, clock, testing::SlowDue(calendar.spec(), start, term, policy),
                   term.unit, start, lead_minutes);
  }
  // How much of a lead lies between two moments: office time, but the clock's of clock hours.
  static Micros LeadBetween(const calendar::Calendar& calendar, deadline::TermUnit unit,
                            const ZonedTime& from, const ZonedTime& to) {
    return unit == deadline::TermUnit::kClockHours
               ? to.instant - from.instant
               : testing::SlowOfficeTime(calendar.spec(), from, to);
  }
  // The due date is the slow model's, and the due-soon instant lies the lead before it.
  static std::string Setting(const calendar::Calendar& calendar, const cases::ClockSetting& clock,
                             const ZonedTime& due, deadline::TermUnit unit, const ZonedTime& start,
                             std::int32_t lead_minutes) {
    if (clock.due != due) return "is due " + Say(clock.due) + ", the slow model says " + Say(due);
    if (clock.provisional) return "is provisional, and all days are decided";
    const Micros lead = std::chrono::minutes(lead_minutes);
    if (!clock.due_soon) {
      const bool none_owed = lead_minutes <= 0 || due.instant <= start.instant ||
                             LeadBetween(calendar, unit, start, due) <= lead;
      return none_owed ? std::string() : "has no due-soon instant";
    }
    const ZonedTime soon = calendar.zone().ToZoned(*clock.due_soon);
    if (soon.instant <= start.instant || LeadBetween(calendar, unit, soon, due) != lead) {
      return "is due soon at " + Say(soon);
    }
    return {};
  }

  std::string Resumed(const cases::ClockResumed& e) const {
    if (!line_.standing) return Lawful(false);
    if (e.paused_from != line_.standing_from) {
      return "takes the pause to begin at " + Say(e.paused_from) + ", but it began at " +
             Say(line_.standing_from);
    }
    if (e.resumed != event_.at) return "does not resume when it says";
    if (line_.due) {
      const auto* calendar = catalogue_.FindCalendar(line_.calendar);
      const auto& spec = calendar->spec();
      ZonedTime due;
      if (e.restarted) {
        due = testing::SlowDue(spec, e.resumed, line_.term, line_.policy);
      } else if (line_.imported) {
        due = testing::SlowRecordedDue(spec, *line_.recorded_due, PausesFrom(ZonedTime{}, e));
      } else {
        due = testing::SlowDue(spec, line_.counted_from, line_.term, line_.policy,
                               PausesFrom(line_.counted_from, e));
      }
      std::string wrong = Names(*calendar, e.calendar);
      if (wrong.empty()) {
        wrong = Setting(*calendar, e.clock, due, line_.term.unit, e.resumed, line_.lead_minutes);
      }
      if (!wrong.empty()) return wrong;
    }
    return ResumedLegs(e);
  }

  // All standstills with the one that ends now, as far as they lie after `start`.
  std::vector<deadline::Pause> PausesFrom(const ZonedTime& start,
                                          const cases::ClockResumed& e) const {
    std::vector<deadline::Pause> pauses;
    const auto add = [&](const ZonedTime& from, const ZonedTime& to) {
      if (to.instant <= start.instant) return;
      pauses.push_back({from.instant < start.instant ? start : from, to});
    };
    for (const deadline::Pause& pause : line_.pauses) add(pause.from, pause.to);
    add(e.paused_from, e.resumed);
    return pauses;
  }

  std::string ResumedLegs(const cases::ClockResumed& e) const {
    std::size_t running = 0;
    for (std::size_t i = 0; i < line_.legs.size(); ++i) {
      const LegLine& leg = line_.legs[i];
      if (!leg.running() || !leg.due) continue;
      const std::size_t at = running++;
      if (at >= e.legs.size() || e.legs[at].leg != i + 1) return "forgets a running leg";
      const auto* calendar = CalendarOfUnit(leg.unit);
      const ZonedTime due = testing::SlowDue(calendar->spec(), leg.counted_from, leg.term,
                                             line_.policy, PausesFrom(leg.counted_from, e));
      std::string wrong = Names(*calendar, e.legs[at].calendar);
      if (wrong.empty()) {
        wrong =
            Setting(*calendar, e.legs[at].clock, due, leg.term.unit, e.resumed, line_.lead_minutes);
      }
      if (!wrong.empty()) return "leg " + std::to_string(i + 1) + " " + wrong;
    }
    return running == e.legs.size() ? std::string() : "moves a leg that does not run";
  }

  // Of a clock that runs, for its present due date, not before its instant, and never again.
  std::string Raised(const cases::AlertKey& key) const {
    if (line_.alerts.contains(key)) return "was raised before";
    if (!line_.clock_runs()) return "is raised while the clock stands";
    std::optional<ZonedTime> due = line_.due;
    std::optional<Instant> soon = line_.due_soon;
    if (key.leg != 0) {
      const LegLine* leg = LegOf(key.leg);
      if (leg == nullptr || !leg->running()) return "is raised for a leg that does not run";
      due = leg->due;
      soon = leg->due_soon;
    }
    if (!due || due->instant != key.due) return "is not about the present due date";
    const bool over = key.kind == cases::AlertKind::kOverdue;
    if (!over && !soon) return "has no due-soon instant";
    // By the instant of its decision: others may have been ahead when it counted.
    if (!over && event_.at.instant > due->instant) return "warns of a date that has passed";
    if (!over && line_.alerts.contains({cases::AlertKind::kOverdue, key.leg, key.due})) {
      return "warns of what has been said to be late";
    }
    const bool reached = over ? accepted_.effective > due->instant : accepted_.effective >= *soon;
    return reached ? std::string() : "is raised early";
  }

  const catalogue::Catalogue& catalogue_;
  const Accepted& accepted_;
  const cases::CaseEvent& event_;
  const Line& line_;
};

}  // namespace

std::string JudgeEvent(const catalogue::Catalogue& catalogue, const Accepted& accepted,
                       const Line& line) {
  const cases::CaseEvent& event = accepted.event;
  if (line.nonsense || event.actor.value() == kNonsense) return {};
  if (event.at.instant > accepted.effective) return "counts before it happened";
  if (!HoldsLeaf<cases::UnknownPayload>(event.payload)) {
    if (line.newer) return "was decided on what nobody understands";
    // What a service does by itself goes on with the trace of what it answers.
    const bool of_manifest = event.StepOn(cases::AggregateKind::kManifest) != nullptr;
    if (event.cause != 0 && !of_manifest &&
        (event.cause > line.events.size() ||
         event.trace != TraceAfter(line.events[event.cause - 1]->event))) {
      return "does not go on with the trace of version " + std::to_string(event.cause);
    }
  }
  return VisitLeaf(EventJudge(catalogue, accepted, line), accepted.event.payload);
}

namespace {

// A recorded register number that its year goes on behind: eight digits, of the year of the receipt
// or one beside it, and no more than a year ahead.
bool IsCountable(const cases::DossierImported& e, const ZonedTime& written) {
  const std::int32_t opened = Split(e.opened.date()).year;
  return e.register_number <= 99'999'999 && e.register_year >= opened - 1 &&
         e.register_year <= opened + 1 && e.register_year <= Split(written.date()).year + 1;
}

}  // namespace

std::string JudgeNumbers(const Accepted& accepted, RegisterBook& book) {
  const std::string& code = accepted.event.dossier.value();
  const cases::DossierNumber number = cases::NumberOf(accepted.event.dossier);
  std::uint32_t& on_day = book.last_on_day[number.day];
  std::string wrong;
  const bool recorded = HoldsLeaf<cases::DossierImported>(accepted.event.payload) &&
                        number.sequence >= kRecordedSequenceMin;
  std::set<std::uint32_t>& beyond = book.beyond_on_day[number.day];
  std::uint32_t next = on_day + 1;
  while (beyond.contains(next)) ++next;
  if (number.sequence != next && !recorded) {
    wrong = "takes number " + std::to_string(number.sequence) + " of its day behind " +
            std::to_string(on_day);
  }
  const auto* received = LeafIf<cases::DossierReceived>(accepted.event.payload);
  if (received != nullptr) {
    const std::int32_t year = Split(accepted.event.at.date()).year;
    std::uint32_t& in_year = book.last_in_year[year];
    if (received->register_year != year || received->register_number != in_year + 1) {
      wrong = "takes register number " + std::to_string(received->register_number) + " behind " +
              std::to_string(in_year);
    }
    in_year = std::max(in_year, received->register_number);
    const CivilDate day = accepted.event.at.date();
    if (number.day != day) wrong = code + " names another day than " + FormatDate(day);
  } else if (const auto* e = LeafIf<cases::DossierImported>(accepted.event.payload)) {
    if (IsCountable(*e, accepted.event.at)) {
      std::uint32_t& in_year = book.last_in_year[e->register_year];
      in_year = std::max(in_year, e->register_number);
    }
  }
  // What a register recorded beyond six digits moves nothing, unless it is just the next.
  if (recorded && number.sequence > 999'999 && number.sequence != on_day + 1) {
    beyond.insert(number.sequence);
    return wrong;
  }
  on_day = std::max(on_day, number.sequence);
  return wrong;
}

}  // namespace motcua::simulation
