#include "services/domain/cases/topics/intake.h"

#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/clock.h"
#include "services/domain/cases/correct.h"
#include "services/domain/cases/due_dates.h"
#include "services/domain/cases/topics/topic.h"
#include "services/domain/deadline/due.h"

namespace motcua::cases {

// ---- Fold --------------------------------------------------------------------------------------

namespace {

void FoldReceived(const Folding& f, const DossierReceived& e) {
  f.dossier.stage = Stage::kProcessing;
  f.dossier.procedure = e.procedure;
  f.dossier.field = e.field;
  f.dossier.channel = e.channel;
  f.dossier.return_mode = e.return_mode;
  f.dossier.register_year = e.register_year;
  f.dossier.register_number = e.register_number;
  f.dossier.tier = e.tier;
  f.dossier.interconnection = e.interconnection;
  f.dossier.received = f.at;
  if (f.parts.clock) StartClock(f.dossier, e);
  if (f.parts.route) f.dossier.route.legs = e.legs;
}

void FoldRefused(const Folding& f, const DossierRefused& e) {
  f.dossier.stage = Stage::kRefused;
  f.dossier.procedure = e.procedure;
  f.dossier.field = e.field;
  f.dossier.channel = e.channel;
  f.dossier.received = f.at;
}

void FoldImported(const Folding& f, const DossierImported& e) {
  f.dossier.procedure = e.procedure;
  f.dossier.field = e.field;
  f.dossier.channel = e.channel;
  f.dossier.register_year = e.register_year;
  f.dossier.register_number = e.register_number;
  f.dossier.received = e.opened;
  f.dossier.origin = Origin{e.source, e.line, e.source_id, e.doubts};
  f.dossier.stage = e.closed ? Stage::kClosed : Stage::kProcessing;
  if (e.closed) {
    f.dossier.outcome = e.outcome;
    f.dossier.resolved = e.closed;
    f.dossier.closed = e.closed;
  }
  if (f.parts.clock) ImportClock(f.dossier, e, f.at.instant);
}

void FoldUpdated(const Folding& f, const RecordUpdated& e) {
  if (f.parts.clock && e.due != f.dossier.clock.now.due) {
    ZonedTime until = f.at;
    for (const std::optional<ZonedTime>& end : {e.closed, f.dossier.resolved}) {
      if (end && end->instant < until.instant) until = *end;
    }
    NoteMove(f.dossier.clock, until);
  }
  f.dossier.origin = Origin{e.source, e.line, e.source_id, e.doubts};
  f.dossier.stage = e.closed ? Stage::kClosed : Stage::kProcessing;
  f.dossier.outcome = e.outcome;
  f.dossier.resolved = e.closed;
  f.dossier.closed = e.closed;
  if (f.parts.clock) f.dossier.clock.now = ClockSetting{e.due, {}};
}

}  // namespace

void Fold(const Folding& f, const IntakePayload& payload) {
  std::visit(
      Overloaded{
          [&](const DossierReceived& e) { FoldReceived(f, e); },
          [&](const DossierRefused& e) { FoldRefused(f, e); },
          [&](const DossierImported& e) { FoldImported(f, e); },
          [&](const RecordUpdated& e) { FoldUpdated(f, e); },
          [&](const SupplementRequested&) {
            f.dossier.stage = Stage::kSupplement;
            if (f.parts.clock) PauseClockAt(f.dossier.clock, PauseReason::kSupplement, f.at);
          },
          [&](const ResultRecorded& e) { EndAt(f.dossier, Stage::kResultReady, e.outcome, f.at); },
          [&](const ResultReleasedToPost&) {
            f.dossier.return_mode = ReturnMode::kPostal;
            if (f.parts.shipment) f.dossier.shipment = {};
          },
          [&](const DossierClosed& e) {
            f.dossier.stage = Stage::kClosed;
            f.dossier.return_mode = e.way;
            f.dossier.closed = f.at;
          },
          [&](const DossierWithdrawn&) {
            EndAt(f.dossier, Stage::kWithdrawn, Outcome::kWithdrawn, f.at);
          },
          [&](const EventTakenBack& e) {
            if (f.parts.past) NoteSuperseded(f.dossier, f.at.instant);
            TakeBack(f.dossier, e);
          },
      },
      payload);
}

// ---- Decide ------------------------------------------------------------------------------------

namespace {

// A unit that has ended says who goes on with its work.
Status UnitNotInForce(const catalogue::Unit& unit, CivilDate day) {
  std::string successors;
  for (const UnitCode& code : unit.successors) {
    successors += (successors.empty() ? "" : ", ") + code.value();
  }
  std::string what = "unit " + unit.code.value() + " is not in force on " + FormatDate(day) + " (" +
                     catalogue::FormatValidity(unit.valid) + ")";
  Status::Metadata metadata = {{"unit", unit.code.value()}};
  if (!successors.empty()) {
    what += "; its work goes on at " + successors;
    metadata.emplace_back("successors", std::move(successors));
  }
  return Status(Reason::kUnitUnknown, std::move(what), std::move(metadata));
}

// The unit that does the work of `code` on `day`: itself, or where it has ended the one that goes
// on with it. Several successors divide a territory, and no rule here says to whom a dossier goes.
Result<UnitCode> UnitAtWork(const catalogue::Catalogue& catalogue, const UnitCode& code,
                            CivilDate day) {
  const catalogue::Unit* unit = catalogue.FindUnit(code);
  MOTCUA_CHECK(unit != nullptr, "the catalogue holds a route to a unit that it does not have");
  while (unit != nullptr && !unit->valid.Holds(day)) {
    const bool ended = unit->valid.to && *unit->valid.to < day;
    if (!ended || unit->successors.size() != 1) return UnitNotInForce(*unit, day);
    unit = catalogue.FindUnit(unit->successors.front());
  }
  MOTCUA_CHECK(unit != nullptr, "the catalogue holds a unit without its successor");
  return unit->code;
}

Result<std::vector<routing::Leg>> PlanLegs(const catalogue::Catalogue& catalogue,
                                           const catalogue::Procedure& procedure,
                                           const UnitCode& unit, CivilDate day) {
  std::vector<routing::Leg> legs;
  for (const catalogue::LegTemplate& plan : procedure.route) {
    routing::Leg leg;
    leg.unit = unit;
    if (plan.unit) {
      MOTCUA_ASSIGN_OR_RETURN(leg.unit, UnitAtWork(catalogue, *plan.unit, day));
    }
    leg.stage = static_cast<std::uint8_t>(plan.stage);
    leg.lead = plan.lead;
    leg.term = plan.term;
    legs.push_back(std::move(leg));
  }
  return legs;
}

// The version for a dossier that is received on `day`.
Result<const catalogue::Procedure*> ProcedureOf(const catalogue::Catalogue& catalogue,
                                                const ProcedureCode& code, CivilDate day) {
  const catalogue::Procedure* procedure = catalogue.FindProcedure(code, day);
  if (procedure != nullptr) return procedure;
  std::string what = "procedure " + code.value() + " is not in the catalogue";
  std::string known;
  for (const catalogue::Procedure* version : catalogue.VersionsOf(code)) {
    known += (known.empty() ? "" : ", ") + catalogue::FormatValidity(version->valid);
  }
  Status::Metadata metadata = {{"procedure", code.value()}};
  if (!known.empty()) {
    what = "procedure " + code.value() + " is not in force on " + FormatDate(day) +
           "; it is in force: " + known;
    metadata.emplace_back("in_force", std::move(known));
  }
  return Status(Reason::kProcedureUnknown, std::move(what), std::move(metadata));
}

// What comes to the counter: the next code of its unit's day, whether it is then taken or not.
struct Arrival {
  const calendar::Calendar& calendar;
  const catalogue::Procedure& procedure;
  ZonedTime at;
  DossierCode code;
};
template <typename A>
Result<Arrival> FindArrival(const Deciding& deciding, const A& action) {
  MOTCUA_ASSIGN_OR_RETURN(const calendar::Calendar* calendar,
                          CalendarOfUnit(deciding.catalogue, action.unit));
  const ZonedTime at = calendar->zone().ToZoned(deciding.now);
  const CivilDate day = at.date();
  const catalogue::Unit* const unit = deciding.catalogue.FindUnit(action.unit);
  if (!unit->valid.Holds(day)) return UnitNotInForce(*unit, day);
  MOTCUA_ASSIGN_OR_RETURN(const catalogue::Procedure* procedure,
                          ProcedureOf(deciding.catalogue, action.procedure, day));
  MOTCUA_ASSIGN_OR_RETURN(DossierCode code, NextCode(deciding.view, action.unit, day));
  return Arrival{*calendar, *procedure, at, std::move(code)};
}

Result<Decision> Answer(const Deciding& deciding, const ReceiveDossier& action) {
  MOTCUA_ASSIGN_OR_RETURN(const Arrival arrival, FindArrival(deciding, action));
  const auto& [calendar, procedure, at, code] = arrival;
  MOTCUA_ASSIGN_OR_RETURN(const Book* book, deciding.view.FindBook(action.unit));

  DossierReceived received;
  received.procedure = procedure.code;
  received.procedure_version = procedure.version;
  received.field = procedure.field;
  received.channel = action.channel;
  received.return_mode = action.return_mode;
  received.register_year = Split(at.date()).year;
  MOTCUA_ASSIGN_OR_RETURN(received.register_number,
                          NextRegisterNumber(*book, received.register_year));
  received.calendar = calendar.id();
  received.calendar_version = calendar.version();
  received.term = procedure.TermFor(action.channel);
  received.due_policy = procedure.due;
  received.supplement = procedure.supplement;
  received.due_soon_lead_minutes =
      static_cast<std::int32_t>(deadline::LeadMinutes(calendar, procedure.due_soon_lead).count());
  received.clock_start = at;
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime due,
                          deadline::ComputeDue(calendar, at, received.term, received.due_policy));
  MOTCUA_ASSIGN_OR_RETURN(received.clock, SettingFor(calendar, due, received.term.unit,
                                                     received.due_soon_lead_minutes, at.instant));
  MOTCUA_ASSIGN_OR_RETURN(received.legs,
                          PlanLegs(deciding.catalogue, procedure, action.unit, at.date()));
  received.tier = procedure.tier;
  received.interconnection = procedure.interconnection;
  return Decision{code, true, at, std::move(received)};
}

Result<Decision> Answer(const Deciding& deciding, const RefuseDossier& action) {
  MOTCUA_ASSIGN_OR_RETURN(const Arrival arrival, FindArrival(deciding, action));
  const auto& [calendar, procedure, at, code] = arrival;
  return Decision{code, true, at,
                  DossierRefused{procedure.code, procedure.field, action.channel, action.reason}};
}

Result<Decision> Answer(const Deciding& deciding, const ImportDossier& action) {
  return DecideImport(deciding.view, deciding.catalogue, deciding.now, action);
}

Result<Decision> Answer(const Present& present, const RequestSupplement& a) {
  if (present.dossier.stage != Stage::kProcessing) {
    return Forbidden(present.dossier, "asked to be completed");
  }
  MOTCUA_RETURN_IF_ERROR(CanPause(present.dossier));
  return Forward(present, SupplementRequested{a.papers});
}

Result<Decision> Answer(const Present& present, const ReceiveSupplement&) {
  if (present.dossier.stage != Stage::kSupplement) return Forbidden(present.dossier, "completed");
  MOTCUA_ASSIGN_OR_RETURN(ClockResumed resumed,
                          Resume(present.dossier, present.catalogue, present.at));
  return Forward(present, std::move(resumed));
}

Result<Decision> Answer(const Present& present, const RecordResult& a) {
  const Dossier& dossier = present.dossier;
  if (dossier.stage != Stage::kProcessing) return Forbidden(dossier, "resolved");
  if (!dossier.route.finished()) {
    return Status(Reason::kStateForbids,
                  "dossier " + dossier.code.value() + " is still on its route, at stage " +
                      std::to_string(dossier.route.current_stage()),
                  {{"state", "ON_ROUTE"}});
  }
  return Forward(present, ResultRecorded{a.outcome});
}

Result<Decision> Answer(const Present& present, const ReturnResult& a) {
  const Dossier& dossier = present.dossier;
  if (dossier.stage != Stage::kResultReady) return Forbidden(dossier, "handed back");
  // A delivered one is about to close the dossier.
  if (dossier.shipment.open() || dossier.shipment.state == postal::ShipmentState::kDelivered) {
    return Status(Reason::kStateForbids,
                  "the result of " + dossier.code.value() + " is with the post",
                  {{"state", std::string(Name(dossier.shipment.state))}});
  }
  if (a.way == ReturnMode::kPostal) return Forward(present, ResultReleasedToPost{});
  return Forward(present, DossierClosed{ReturnMode::kCounter});
}

Result<Decision> Answer(const Present& present, const WithdrawDossier&) {
  if (!present.dossier.open()) return Forbidden(present.dossier, "withdrawn");
  return Forward(present, DossierWithdrawn{});
}

Result<Decision> Answer(const Present& present, const CloseDelivered&) {
  if (present.dossier.stage != Stage::kResultReady ||
      present.dossier.shipment.state != postal::ShipmentState::kDelivered) {
    return Forbidden(present.dossier, "closed by a delivery");
  }
  return Forward(present, DossierClosed{ReturnMode::kPostal});
}

Result<Decision> Answer(const Present& present, const CorrectEvent& a) {
  MOTCUA_ASSIGN_OR_RETURN(std::vector<Version> with, GoesWith(present.dossier, a.version));
  return Forward(present, EventTakenBack{a.version, a.reason, std::move(with)});
}

}  // namespace

Result<Decision> Decide(const Deciding& deciding, const IntakeAction& action) {
  return std::visit(
      [&]<typename A>(const A& a) -> Result<Decision> {
        if constexpr (A::kRow.creates.has_value()) {
          return Answer(deciding, a);
        } else {
          MOTCUA_ASSIGN_OR_RETURN(const Present present, FindPresent(deciding));
          return Answer(present, a);
        }
      },
      action);
}

// ---- Text --------------------------------------------------------------------------------------

namespace {

std::string TextOf(const DossierReceived& e) {
  std::string text =
      " procedure=" + e.procedure.value() + "/" + std::to_string(e.procedure_version) +
      " field=\"" + e.field + "\" channel=" + NumberText(e.channel) +
      " return=" + NumberText(e.return_mode) + " register=" + std::to_string(e.register_year) +
      "/" + std::to_string(e.register_number) + " calendar=" + e.calendar.value() + "/" +
      std::to_string(e.calendar_version.value()) + " term=" + FormatTerm(e.term) +
      " policy=" + NumberText(e.due_policy.mode) + NumberText(e.due_policy.start) +
      NumberText(e.supplement) + " lead=" + std::to_string(e.due_soon_lead_minutes) +
      " start=" + FormatZonedTime(e.clock_start) + SettingText(e.clock);
  for (const routing::Leg& leg : e.legs) {
    text += " leg(" + leg.unit.value() + " stage=" + NumberText(leg.stage) +
            (leg.lead ? " lead" : "") + " term=" + FormatTerm(leg.term) + ")";
  }
  if (e.tier != Tier::kNone) text += " tier=" + NumberText(e.tier);
  if (e.interconnection != Interconnection::kNotSaid) {
    text += " interconnection=" + NumberText(e.interconnection);
  }
  return text;
}

// What an import and a later state of it say alike.
template <typename Recorded>
std::string OriginText(const Recorded& e) {
  return " origin=" + e.source + ":" + std::to_string(e.line) + ":" + e.source_id +
         " doubts=" + NumberText(e.doubts);
}

std::string TextOf(const DossierImported& e) {
  return " procedure=\"" + e.procedure.value() + "\" name=\"" + e.procedure_name + "\" field=\"" +
         e.field + "\" unit=\"" + e.unit_name + "\" channel=" + NumberText(e.channel) +
         " register=" + std::to_string(e.register_year) + "/" + std::to_string(e.register_number) +
         " opened=" + FormatZonedTime(e.opened) + " due=" + TimeText(e.due) +
         " closed=" + TimeText(e.closed) + " outcome=" + NumberText(e.outcome) +
         " calendar=" + e.calendar.value() + "/" + std::to_string(e.calendar_version.value()) +
         OriginText(e);
}

std::string TextOf(const SupplementRequested& e) {
  std::string text = " papers=";
  for (const std::uint32_t paper : e.papers) text += std::to_string(paper) + ",";
  return text;
}

std::string TextOf(const EventTakenBack& e) {
  std::string text =
      " version=" + std::to_string(e.version) + " reason=" + NumberText(e.reason) + " with=";
  for (const Version version : e.with) text += std::to_string(version) + ",";
  return text;
}

}  // namespace

std::string Text(const IntakePayload& payload) {
  return std::visit(Overloaded{
                        [](const DossierReceived& e) { return TextOf(e); },
                        [](const DossierRefused& e) {
                          return " procedure=" + e.procedure.value() + " field=\"" + e.field +
                                 "\" channel=" + NumberText(e.channel) +
                                 " reason=" + NumberText(e.reason);
                        },
                        [](const DossierImported& e) { return TextOf(e); },
                        [](const RecordUpdated& e) {
                          return " due=" + TimeText(e.due) + " closed=" + TimeText(e.closed) +
                                 " outcome=" + NumberText(e.outcome) + OriginText(e);
                        },
                        [](const SupplementRequested& e) { return TextOf(e); },
                        [](const ResultRecorded& e) { return " outcome=" + NumberText(e.outcome); },
                        [](const ResultReleasedToPost&) { return std::string(); },
                        [](const DossierClosed& e) { return " way=" + NumberText(e.way); },
                        [](const DossierWithdrawn&) { return std::string(); },
                        [](const EventTakenBack& e) { return TextOf(e); },
                    },
                    payload);
}

}  // namespace motcua::cases
