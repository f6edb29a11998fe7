#include "tests/simulation/older.h"

#include <algorithm>

#include "services/base/overloaded.h"
#include "services/domain/cases/decide.h"
#include "tests/simulation/master_data.h"
#include "tests/simulation/process.h"

namespace motcua::simulation {
namespace {

constexpr int kTraceField = 11;

int NumberOf(const cases::Payload& payload) {
  return VisitLeaf(Overloaded{
                       [](const cases::DossierRefused&) { return 17; },
                       [](const cases::DossierImported&) { return 18; },
                       [](const cases::ClockPaused&) { return 20; },
                       [](const cases::DossierWithdrawn&) { return 25; },
                       [](const cases::LegReturned&) { return 30; },
                       [](const cases::AlertAcknowledged&) { return 32; },
                       [](const cases::ShipmentTracked&) { return 35; },
                       [](const cases::DeliveryFailed&) { return 36; },
                       [](const auto&) { return 0; },
                   },
                   payload);
}

int NumberOf(const cases::Action& action) {
  return VisitLeaf(Overloaded{
                       [](const cases::RefuseDossier&) { return 17; },
                       [](const cases::ImportDossier&) { return 18; },
                       [](const cases::PauseClock&) { return 20; },
                       [](const cases::WithdrawDossier&) { return 25; },
                       [](const cases::ReturnLeg&) { return 30; },
                       [](const cases::AcknowledgeAlert&) { return 32; },
                       [](const cases::TrackShipment&) { return 35; },
                       [](const cases::FailDelivery&) { return 36; },
                       [](const auto&) { return 0; },
                   },
                   action);
}

wire::KnownEvents KnownWithout(const std::vector<int>& newer_payloads) {
  wire::KnownEvents known{wire::kEventSchema - 1, newer_payloads};
  known.unknown_fields.push_back(kTraceField);
  return known;
}

// Before schema 3 no due date named its calendar, and none was provisional.
struct ForgetCalendars {
  void operator()(cases::DossierReceived& e) const { e.clock.provisional = false; }
  void operator()(cases::ClockResumed& e) const {
    e.clock.provisional = false;
    e.calendar = {};
    for (cases::LegDue& leg : e.legs) {
      leg.clock.provisional = false;
      leg.calendar = {};
    }
  }
  void operator()(cases::HandOverAcknowledged& e) const {
    e.clock.provisional = false;
    e.calendar = {};
  }
  // Nor was one attempt told from another.
  void operator()(cases::DeliveryFailed& e) const { e.same_attempt = false; }
  template <typename Unchanged>
  void operator()(Unchanged&) const {}
};

}  // namespace

std::string OlderCodec::EncodeEvent(const cases::CaseEvent& event) const {
  cases::CaseEvent older = event;
  VisitLeaf(ForgetCalendars{}, older.payload);
  return WireCodec::EncodeEvent(older);
}

Older::Older(const std::vector<int>& newer_payloads)
    : newer_(newer_payloads.begin(), newer_payloads.end()), codec_(KnownWithout(newer_payloads)) {}

// Rows of registers may be updates, and doubtful in ways that an older program has no words for.
bool Older::Takes(const cases::Action& action) const {
  // Terms in hours by the clock are of schema 3.
  const auto* receive = LeafIf<cases::ReceiveDossier>(action);
  if (receive != nullptr && IsByTheClock(receive->procedure)) return false;
  const bool of_manifest = cases::RowOf(action).about == cases::AggregateKind::kManifest;
  return !of_manifest && !newer_.contains(NumberOf(action)) &&
         !HoldsLeaf<cases::CorrectEvent>(action) && !HoldsLeaf<cases::ImportDossier>(action);
}

namespace {

bool TakesNumber(const cases::CaseEvent& event) {
  return event.StepOn(cases::AggregateKind::kBook) != nullptr;
}

}  // namespace

bool Older::Understands(const cases::CaseEvent& event) const {
  return event.trace.empty() && wire::SchemaOf(event) < wire::kEventSchema &&
         !newer_.contains(NumberOf(event.payload)) &&
         !HoldsLeaf<cases::UnknownPayload>(event.payload);
}

bool Older::Note(const cases::CaseEvent& event) {
  const std::string unit = UnitPart(event.dossier.value());
  const bool before =
      !beyond_.contains(event.dossier.value()) && !(TakesNumber(event) && beyond_.contains(unit));
  if (!Understands(event)) {
    beyond_.insert(event.dossier.value());
    if (TakesNumber(event)) beyond_.insert(unit);
  }
  return before;
}

std::string Older::Judge(const Process& process, const History& history) const {
  const auto& rows = process.store().rows();
  for (auto row = rows.lower_bound("D"); row != rows.end() && row->first.starts_with("D"); ++row) {
    const cases::DossierCode code(row->first.substr(1));
    const auto dossier = codec_.DecodeDossier(code, row->second);
    const auto line = history.lines().find(code.value());
    const std::string who = process.name() + ", an older program, ";
    if (!dossier.ok() || line == history.lines().end()) return who + "made up " + code.value();
    const auto& events = line->second.events;
    const cases::Version version = dossier->head.version;
    if (version > events.size() || events[version - 1]->tip != dossier->head.tip.value()) {
      return who + "has accepted another history of " + code.value();
    }
    const bool understood =
        std::all_of(events.begin(), events.begin() + version,
                    [&](const Accepted* accepted) { return Understands(accepted->event); });
    const bool owes = rows.contains("O" + code.value());
    if (dossier->understood != understood || (owes && !understood)) {
      return who + "takes itself to understand " + code.value();
    }
  }
  return {};
}

}  // namespace motcua::simulation
