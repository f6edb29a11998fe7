#include "services/domain/cases/decide.h"

#include <algorithm>
#include <string>

#include "services/base/overloaded.h"
#include "services/domain/deadline/due.h"

namespace motcua::cases {
namespace {

using calendar::Calendar;
using catalogue::Catalogue;

Status Forbidden(const Dossier& dossier, std::string_view verb) {
  const std::string state(Name(dossier.stage));
  return Status(
      Reason::kStateForbids,
      "dossier " + dossier.code.value() + " is " + state + " and cannot be " + std::string(verb),
      {{"state", state}});
}

// A due date, and the calendar that it rests on.
struct Dated {
  const Calendar* calendar;
  ZonedTime due;
};

// Counts on from `at` by the version that the present due date rests on, where that one knows all
// days until the new date to be decided; else by the newest version. Of the calendar of `unit`
// where its own is not known: an older event does not say, a register may name a unit that came
// later. So a version that came later frees a clock whose own calendar has ended, and changes
// nothing that was decided before.
template <typename Count>
Result<Dated> CountOn(const Catalogue& catalogue, const CalendarUsed& own, const UnitCode& unit,
                      const ZonedTime& at, Count count) {
  const Calendar* newest = catalogue.FindCalendar(own.id);
  if (newest == nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(newest, CalendarOfUnit(catalogue, unit));
  }
  const Calendar* const older = catalogue.FindCalendar(own.id, own.version);
  if (older != nullptr && older != newest) {
    const Result<ZonedTime> due = count(*older);
    const CivilDate from = older->zone().ToZoned(at.instant).date();
    if (due.ok() && older->Decided(from, due->date())) return Dated{older, *due};
  }
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due, count(*newest));
  return Dated{newest, due};
}

// Due date and the due-soon instant before it; no due-soon that is not after `start`. Provisional
// when a day from `start` to the due date is not decided; hours by the clock ask for no such day.
Result<ClockSetting> SettingFor(const Calendar& calendar, const ZonedTime& due,
                                deadline::TermUnit unit, std::int32_t lead_minutes, Instant start) {
  ClockSetting setting{due, {}};
  const CivilDate from = calendar.zone().ToZoned(start).date();
  setting.provisional = unit != deadline::TermUnit::kClockHours &&
                        !calendar.Decided(std::min(from, due.date()), due.date());
  if (lead_minutes > 0) {
    const Result<ZonedTime> soon =
        deadline::LeadBefore(calendar, due, unit, std::chrono::minutes(lead_minutes));
    // A lead that reaches before the calendar's first day means no due-soon alert, not a refusal.
    if (soon.ok() && soon->instant > start) setting.due_soon = soon->instant;
  }
  return setting;
}

Result<Decision> Forward(const Dossier& dossier, const ZonedTime& at, Payload payload) {
  return Decision{.dossier = dossier.code, .at = at, .payload = std::move(payload)};
}

std::vector<routing::Leg> PlanLegs(const catalogue::Procedure& procedure, const UnitCode& unit) {
  std::vector<routing::Leg> legs;
  for (const catalogue::LegTemplate& plan : procedure.route) {
    routing::Leg leg;
    leg.unit = plan.unit.value_or(unit);
    leg.stage = static_cast<std::uint8_t>(plan.stage);
    leg.lead = plan.lead;
    leg.term = plan.term;
    legs.push_back(std::move(leg));
  }
  return legs;
}

Result<const catalogue::Procedure*> ProcedureOf(const Catalogue& catalogue,
                                                const ProcedureCode& code) {
  const catalogue::Procedure* procedure = catalogue.FindProcedure(code);
  if (procedure == nullptr) {
    return Status(Reason::kProcedureUnknown,
                  "procedure " + code.value() + " is not in the catalogue",
                  {{"procedure", code.value()}});
  }
  return procedure;
}

// ---- Actions that create a dossier -------------------------------------------------------------

Result<Decision> DecideReceive(View& view, const Catalogue& catalogue, Instant now,
                               const ReceiveDossier& action) {
  MOTCUA_ASSIGN_OR_RETURN(const Calendar* calendar, CalendarOfUnit(catalogue, action.unit));
  MOTCUA_ASSIGN_OR_RETURN(const catalogue::Procedure* procedure,
                          ProcedureOf(catalogue, action.procedure));
  const ZonedTime at = calendar->zone().ToZoned(now);
  MOTCUA_ASSIGN_OR_RETURN(const DossierCode code, NextCode(view, action.unit, at.date()));
  MOTCUA_ASSIGN_OR_RETURN(const Book* book, view.FindBook(action.unit));

  DossierReceived received;
  received.procedure = procedure->code;
  received.procedure_version = procedure->version;
  received.field = procedure->field;
  received.channel = action.channel;
  received.return_mode = action.return_mode;
  received.register_year = Split(at.date()).year;
  MOTCUA_ASSIGN_OR_RETURN(received.register_number,
                          NextRegisterNumber(*book, received.register_year));
  received.calendar = calendar->id();
  received.calendar_version = calendar->version();
  received.term = procedure->TermFor(action.channel);
  received.due_policy = procedure->due;
  received.supplement = procedure->supplement;
  received.due_soon_lead_minutes =
      static_cast<std::int32_t>(deadline::LeadMinutes(*calendar, procedure->due_soon_lead).count());
  received.clock_start = at;
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due,
                          deadline::ComputeDue(*calendar, at, received.term, received.due_policy));
  MOTCUA_ASSIGN_OR_RETURN(received.clock, SettingFor(*calendar, due, received.term.unit,
                                                     received.due_soon_lead_minutes, at.instant));
  received.legs = PlanLegs(*procedure, action.unit);
  return Decision{code, true, at, std::move(received)};
}

Result<Decision> DecideRefuse(View& view, const Catalogue& catalogue, Instant now,
                              const RefuseDossier& action) {
  MOTCUA_ASSIGN_OR_RETURN(const Calendar* calendar, CalendarOfUnit(catalogue, action.unit));
  MOTCUA_ASSIGN_OR_RETURN(const catalogue::Procedure* procedure,
                          ProcedureOf(catalogue, action.procedure));
  const ZonedTime at = calendar->zone().ToZoned(now);
  MOTCUA_ASSIGN_OR_RETURN(const DossierCode code, NextCode(view, action.unit, at.date()));
  return Decision{code, true, at,
                  DossierRefused{procedure->code, procedure->field, action.channel, action.reason}};
}

// ---- Actions on a dossier ----------------------------------------------------------------------

// Pauses move a due date later or not at all: one that was given out by an older rule stays given.
ZonedTime NotBefore(const ZonedTime& given, const ZonedTime& due) {
  return due.instant < given.instant ? given : due;
}

// When its clock goes on at `at`: counted anew, or from its start with all pauses, unrounded.
Result<ZonedTime> DueOnResuming(const Dossier& dossier, const Calendar& calendar,
                                const ZonedTime& at, bool restarted) {
  const Clock& clock = dossier.clock;
  if (restarted) return deadline::ComputeDue(calendar, at, clock.term, clock.policy);
  if (!dossier.origin) {
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due,
                            deadline::ComputeDue(calendar, clock.start, clock.term, clock.policy,
                                                 PausesSince(clock, clock.start, at)));
    return NotBefore(*clock.now.due, due);
  }
  // A register says when, not how long; its receipt may lie in the future. All pauses move it.
  const Pause& first = clock.pauses.front();
  MOTCUA_ASSIGN_OR_RETURN(
      const ZonedTime due,
      deadline::MoveRecordedDue(calendar, first.due_before.value_or(*clock.now.due),
                                PausesSince(clock, first.from, at)));
  return NotBefore(*clock.now.due, due);
}

Result<ZonedTime> LegDueOnResuming(const Clock& clock, const routing::Leg& leg,
                                   const Calendar& calendar, const ZonedTime& at) {
  const ZonedTime start = leg.counted_from.value_or(*leg.acknowledged);
  MOTCUA_ASSIGN_OR_RETURN(
      const ZonedTime due,
      deadline::ComputeDue(calendar, start, leg.term, clock.policy, PausesSince(clock, start, at)));
  return NotBefore(*leg.due, due);
}

// The new settings of the dossier's clock and its running legs after a standstill.
Result<ClockResumed> Resume(const Dossier& dossier, const Catalogue& catalogue,
                            const ZonedTime& at) {
  const Clock& clock = dossier.clock;
  // A fold of what others wrote: the caller that resumes gets the error, and nobody else is harmed.
  if (!clock.standing()) {
    return Status(Reason::kInternal,
                  "dossier " + dossier.code.value() + " waits, but its clock was never stopped");
  }
  const Pause& pause = clock.pauses.back();
  ClockResumed resumed;
  resumed.reason = pause.reason;
  resumed.paused_from = pause.from;
  resumed.resumed = at;
  resumed.restarted = pause.reason == PauseReason::kSupplement &&
                      clock.supplement == deadline::SupplementPolicy::kRestart;
  if (clock.now.due) {
    MOTCUA_ASSIGN_OR_RETURN(
        const Dated dated, CountOn(catalogue, {clock.calendar, clock.calendar_version},
                                   UnitOf(dossier.code), at, [&](const Calendar& calendar) {
                                     return DueOnResuming(dossier, calendar, at, resumed.restarted);
                                   }));
    MOTCUA_ASSIGN_OR_RETURN(resumed.clock, SettingFor(*dated.calendar, dated.due, clock.term.unit,
                                                      clock.due_soon_lead_minutes, at.instant));
    resumed.calendar = dated.calendar->used();
  }
  for (std::size_t i = 0; i < dossier.route.legs.size(); ++i) {
    const routing::Leg& leg = dossier.route.legs[i];
    if (!leg.running() || !leg.due || !leg.acknowledged) continue;
    MOTCUA_ASSIGN_OR_RETURN(
        const Dated dated,
        CountOn(catalogue, leg.calendar, leg.unit, at, [&](const Calendar& calendar) {
          return LegDueOnResuming(clock, leg, calendar, at);
        }));
    MOTCUA_ASSIGN_OR_RETURN(const ClockSetting setting,
                            SettingFor(*dated.calendar, dated.due, leg.term.unit,
                                       clock.due_soon_lead_minutes, at.instant));
    resumed.legs.push_back({static_cast<std::uint8_t>(i + 1), setting, dated.calendar->used()});
  }
  return resumed;
}

// A carrier's report may be older than now, never newer, and never before what it follows: the
// carrier has had the item since the hand-over, which the dossier's receipt came before.
Result<ZonedTime> Occurred(const Dossier& dossier, const std::optional<Instant>& occurred,
                           const ZonedTime& at) {
  if (!occurred) return at;
  if (*occurred > at.instant) return FieldError("occurred_time", "lies in the future");
  if (!postal::IsAfterHandOver(dossier.shipment, *occurred)) {
    return FieldError("occurred_time", "lies before the hand-over to the carrier at " +
                                           FormatZonedTime(*dossier.shipment.handed_over));
  }
  return ZonedTime{*occurred, at.offset};
}

class Decider {
 public:
  Decider(const Dossier& dossier, const Catalogue& catalogue, const ZonedTime& at,
          std::vector<ItemUse> uses)
      : dossier_(dossier), catalogue_(catalogue), at_(at), uses_(std::move(uses)) {}

  template <typename Creating>
    requires std::is_same_v<Creating, ReceiveDossier> || std::is_same_v<Creating, RefuseDossier> ||
             std::is_same_v<Creating, ImportDossier>
  Result<Decision> operator()(const Creating&) {
    return Status(Reason::kInternal, "a creating action was sent to an existing dossier");
  }
  template <typename OfManifest>
    requires kConcernsManifest<OfManifest>
  Result<Decision> operator()(const OfManifest&) {
    return Status(Reason::kInternal, "an action on a manifest was sent to a dossier");
  }

  // intake
  Result<Decision> operator()(const RequestSupplement& a) {
    if (dossier_.stage != Stage::kProcessing) return Forbidden(dossier_, "asked to be completed");
    if (dossier_.clock.pauses.size() >= kPausesMax) return TooManyPauses();
    return Forward(dossier_, at_, SupplementRequested{a.papers});
  }
  Result<Decision> operator()(const ReceiveSupplement&) {
    if (dossier_.stage != Stage::kSupplement) return Forbidden(dossier_, "completed");
    return ResumeNow();
  }
  Result<Decision> operator()(const RecordResult& a) {
    if (dossier_.stage != Stage::kProcessing) return Forbidden(dossier_, "resolved");
    if (!dossier_.route.finished()) {
      return Status(Reason::kStateForbids,
                    "dossier " + dossier_.code.value() + " is still on its route, at stage " +
                        std::to_string(dossier_.route.current_stage()),
                    {{"state", "ON_ROUTE"}});
    }
    return Forward(dossier_, at_, ResultRecorded{a.outcome});
  }
  Result<Decision> operator()(const ReturnResult& a) {
    if (dossier_.stage != Stage::kResultReady) return Forbidden(dossier_, "handed back");
    // A delivered one is about to close the dossier.
    if (dossier_.shipment.open() || dossier_.shipment.state == postal::ShipmentState::kDelivered) {
      return Status(Reason::kStateForbids,
                    "the result of " + dossier_.code.value() + " is with the post",
                    {{"state", std::string(Name(dossier_.shipment.state))}});
    }
    if (a.way == ReturnMode::kPostal) return Forward(dossier_, at_, ResultReleasedToPost{});
    return Forward(dossier_, at_, DossierClosed{ReturnMode::kCounter});
  }
  Result<Decision> operator()(const WithdrawDossier&) {
    if (!dossier_.open()) return Forbidden(dossier_, "withdrawn");
    return Forward(dossier_, at_, DossierWithdrawn{});
  }
  Result<Decision> operator()(const CloseDelivered&) {
    if (dossier_.stage != Stage::kResultReady ||
        dossier_.shipment.state != postal::ShipmentState::kDelivered) {
      return Forbidden(dossier_, "closed by a delivery");
    }
    return Forward(dossier_, at_, DossierClosed{ReturnMode::kPostal});
  }

  // routing
  Result<Decision> operator()(const SendHandOver& a) {
    MOTCUA_RETURN_IF_ERROR(OnRoute());
    MOTCUA_RETURN_IF_ERROR(routing::CanSend(dossier_.route, a.leg));
    return Forward(dossier_, at_,
                   HandOverSent{a.leg, dossier_.route.SenderOf(a.leg, UnitOf(dossier_.code))});
  }
  Result<Decision> operator()(const AcknowledgeHandOver& a) {
    MOTCUA_RETURN_IF_ERROR(OnRoute());
    MOTCUA_RETURN_IF_ERROR(routing::CanAcknowledge(dossier_.route, a.leg));
    const routing::Leg& leg = dossier_.route.legs[a.leg - 1U];
    MOTCUA_ASSIGN_OR_RETURN(const Calendar* calendar, CalendarOfUnit(catalogue_, leg.unit));
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due,
                            deadline::ComputeDue(*calendar, at_, leg.term, dossier_.clock.policy));
    MOTCUA_ASSIGN_OR_RETURN(const ClockSetting setting,
                            SettingFor(*calendar, due, leg.term.unit,
                                       dossier_.clock.due_soon_lead_minutes, at_.instant));
    return Forward(dossier_, at_, HandOverAcknowledged{a.leg, setting, calendar->used()});
  }
  Result<Decision> operator()(const AcceptLeg& a) {
    MOTCUA_RETURN_IF_ERROR(OnRoute());
    MOTCUA_RETURN_IF_ERROR(routing::CanAccept(dossier_.route, a.leg));
    return Forward(dossier_, at_, LegAccepted{a.leg});
  }
  Result<Decision> operator()(const CompleteLeg& a) {
    MOTCUA_RETURN_IF_ERROR(OnRoute());
    MOTCUA_RETURN_IF_ERROR(routing::CanComplete(dossier_.route, a.leg));
    return Forward(dossier_, at_, LegCompleted{a.leg, a.outcome});
  }
  Result<Decision> operator()(const ReturnLeg& a) {
    MOTCUA_RETURN_IF_ERROR(OnRoute());
    MOTCUA_RETURN_IF_ERROR(routing::CanReturn(dossier_.route, a.leg));
    return Forward(dossier_, at_, LegReturned{a.leg, a.reason});
  }

  // deadline
  Result<Decision> operator()(const PauseClock& a) {
    if (dossier_.stage != Stage::kProcessing) return Forbidden(dossier_, "paused");
    if (dossier_.clock.pauses.size() >= kPausesMax) return TooManyPauses();
    if (a.reason == PauseReason::kSupplement) {
      return FieldError("reason", "a supplement is asked for at intake (RequestSupplement)");
    }
    return Forward(dossier_, at_, ClockPaused{a.reason});
  }
  Result<Decision> operator()(const ResumeClock&) {
    if (dossier_.stage != Stage::kPaused) return Forbidden(dossier_, "resumed");
    return ResumeNow();
  }
  Result<Decision> operator()(const RaiseAlert& a) {
    const std::optional<DueAlert> next = NextAlert(dossier_, at_.instant);
    if (!next || next->key != a.alert || next->at > at_.instant) {
      return Forbidden(dossier_, "alerted");
    }
    return Forward(dossier_, at_, AlertRaised{a.alert});
  }
  Result<Decision> operator()(const AcknowledgeAlert& a) {
    const auto alert = std::find_if(
        dossier_.alerts.rbegin(), dossier_.alerts.rend(),
        [&](const Alert& raised) { return raised.key.kind == a.kind && raised.key.leg == a.leg; });
    if (alert == dossier_.alerts.rend()) {
      return Status(Reason::kAlertNotFound,
                    "dossier " + dossier_.code.value() + " has no such alert",
                    {{"dossier", dossier_.code.value()}});
    }
    if (alert->acknowledged) {
      return Status(Reason::kStateForbids, "the alert is acknowledged already",
                    {{"state", "ACKNOWLEDGED"}});
    }
    return Forward(dossier_, at_, AlertAcknowledged{alert->key});
  }

  // postal
  Result<Decision> operator()(const RegisterShipment&) {
    if (dossier_.stage != Stage::kResultReady || dossier_.return_mode != ReturnMode::kPostal ||
        dossier_.shipment.state != postal::ShipmentState::kNone) {
      return Forbidden(dossier_, "registered for the post");
    }
    return Forward(dossier_, at_, ShipmentRegistered{});
  }
  Result<Decision> operator()(const HandOverShipment& a) {
    MOTCUA_RETURN_IF_ERROR(postal::CanHandOver(dossier_.shipment));
    MOTCUA_RETURN_IF_ERROR(IsItemFree(a.item_number, uses_, at_));
    return Forward(dossier_, at_, ShipmentHandedOver{a.item_number, a.carrier});
  }
  Result<Decision> operator()(const TrackShipment& a) {
    MOTCUA_RETURN_IF_ERROR(postal::CanReport(dossier_.shipment));
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime occurred, Occurred(dossier_, a.occurred, at_));
    MOTCUA_RETURN_IF_ERROR(postal::CanTrack(dossier_.shipment, a.state, occurred.instant));
    return Forward(dossier_, at_, ShipmentTracked{a.state, occurred});
  }
  Result<Decision> operator()(const FailDelivery& a) {
    MOTCUA_RETURN_IF_ERROR(postal::CanReport(dossier_.shipment));
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime occurred, Occurred(dossier_, a.occurred, at_));
    // The agency's days count, which handed the result over.
    const Result<const Calendar*> calendar = CalendarOfUnit(catalogue_, UnitOf(dossier_.code));
    const bool same =
        postal::IsSameAttempt(dossier_.shipment, occurred, calendar.ok() ? *calendar : nullptr);
    MOTCUA_RETURN_IF_ERROR(postal::CanFail(dossier_.shipment, occurred.instant, same));
    return Forward(dossier_, at_, DeliveryFailed{a.reason, occurred, same});
  }
  Result<Decision> operator()(const DeliverShipment& a) {
    MOTCUA_RETURN_IF_ERROR(postal::CanDeliver(dossier_.shipment));
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime occurred, Occurred(dossier_, a.occurred, at_));
    return Forward(dossier_, at_, ShipmentDelivered{a.proof, a.proof_reference, occurred});
  }
  Result<Decision> operator()(const ReturnShipment&) {
    MOTCUA_RETURN_IF_ERROR(postal::CanReturn(dossier_.shipment));
    return Forward(dossier_, at_, ShipmentReturned{});
  }

 private:
  // Legs move while the case is in hand, also while its clock stands: another agency may finish.
  Status OnRoute() const {
    return dossier_.open() ? OkStatus() : Forbidden(dossier_, "moved on its route");
  }
  Status TooManyPauses() const {
    return Status(Reason::kStateForbids,
                  "dossier " + dossier_.code.value() + " was paused " + std::to_string(kPausesMax) +
                      " times, the most there can be",
                  {{"state", "PAUSES_EXHAUSTED"}});
  }
  Result<Decision> ResumeNow() {
    MOTCUA_ASSIGN_OR_RETURN(ClockResumed resumed, Resume(dossier_, catalogue_, at_));
    return Forward(dossier_, at_, std::move(resumed));
  }

  const Dossier& dossier_;
  const Catalogue& catalogue_;
  ZonedTime at_;
  std::vector<ItemUse> uses_;  // of the item number that is handed over
};

}  // namespace

std::vector<AggregateId> AggregatesOf(const Decision& decision) {
  std::vector<AggregateId> ids;
  if (!decision.dossier.empty()) ids.emplace_back(decision.dossier);
  if (decision.takes_number) ids.push_back(AggregateId::Book(UnitOf(decision.dossier)));
  ids.insert(ids.end(), decision.others.begin(), decision.others.end());
  return ids;
}

Result<Decision> Decide(View& view, const Catalogue& catalogue, Instant now,
                        const Command& command) {
  if (const auto* receive = std::get_if<ReceiveDossier>(&command.action)) {
    return DecideReceive(view, catalogue, now, *receive);
  }
  if (const auto* refuse = std::get_if<RefuseDossier>(&command.action)) {
    return DecideRefuse(view, catalogue, now, *refuse);
  }
  if (const auto* import = std::get_if<ImportDossier>(&command.action)) {
    return DecideImport(view, catalogue, now, *import);
  }
  if (ConcernsManifest(command.action)) return DecideManifest(view, catalogue, now, command);
  std::vector<ItemUse> uses;
  if (const auto* hand_over = std::get_if<HandOverShipment>(&command.action)) {
    MOTCUA_ASSIGN_OR_RETURN(uses, view.UsesOfItem(hand_over->item_number));
  }
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* dossier, view.FindDossier(command.dossier));
  if (dossier == nullptr) {
    return Status(Reason::kDossierNotFound, "there is no dossier " + command.dossier.value(),
                  {{"dossier", command.dossier.value()}});
  }
  MOTCUA_RETURN_IF_ERROR(
      CheckVersion(command, "dossier " + dossier->code.value(), dossier->head.version));
  // The zone of the clock's calendar, or the one the dossier was recorded in.
  ZonedTime at{now, dossier->received.offset};
  if (const Calendar* calendar =
          catalogue.FindCalendar(dossier->clock.calendar, dossier->clock.calendar_version)) {
    at = calendar->zone().ToZoned(now);
  }
  return std::visit(Decider(*dossier, catalogue, at, std::move(uses)), command.action);
}

}  // namespace motcua::cases
