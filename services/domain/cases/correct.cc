#include "services/domain/cases/correct.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace motcua::cases {
namespace {

// Which parts of a dossier an event changes.
enum class Area : std::uint8_t {
  kNone,   // it cannot be taken back, or is none of those events
  kStop,   // the case waits and its clock stands; legs move on meanwhile
  kCase,   // where the case stands, and what goes with it
  kLeg,    // one leg
  kAlert,  // that somebody took note
};

ClockBefore BeforeOf(const Clock& clock) {
  ClockBefore before{clock.now,
                     {clock.calendar, clock.calendar_version},
                     clock.start,
                     clock.missed,
                     clock.missed_by_date,
                     static_cast<std::uint32_t>(clock.pauses.size()),
                     {}};
  if (!clock.pauses.empty()) before.ended = clock.pauses.back().to;
  return before;
}

void Restore(Clock& clock, const ClockBefore& before) {
  clock.now = before.now;
  clock.calendar = before.calendar.id;
  clock.calendar_version = before.calendar.version;
  clock.start = before.start;
  clock.missed = before.missed;
  clock.missed_by_date = before.missed_by_date;
  if (clock.pauses.size() > before.pauses) clock.pauses.resize(before.pauses);
  if (!clock.pauses.empty()) clock.pauses.back().to = before.ended;
}

// Notes in an Undo what a payload is about to change, and says by its type which part that is of:
// the one list of what can be taken back.
class Noter {
 public:
  template <Area area>
  struct In {
    static constexpr Area kArea = area;
  };
  using Nothing = In<Area::kNone>;
  using Stop = In<Area::kStop>;
  using Case = In<Area::kCase>;
  using Leg = In<Area::kLeg>;

  Noter(const Dossier& dossier, const Parts& parts, Undo& undo)
      : dossier_(dossier), parts_(parts), undo_(undo) {}

  Stop operator()(const SupplementRequested&) { return NoteClock<Stop>(); }
  Stop operator()(const ClockPaused&) { return NoteClock<Stop>(); }
  Case operator()(const ClockResumed& e) {
    for (const LegDue& leg : e.legs) NoteLeg(leg.leg);
    return NoteClock<Case>();
  }
  Case operator()(const ResultRecorded&) { return NoteStanding(); }
  Case operator()(const DossierWithdrawn&) { return NoteStanding(); }
  Case operator()(const DossierClosed&) { return {}; }
  Leg operator()(const HandOverSent& e) { return NoteLeg(e.leg); }
  Leg operator()(const HandOverAcknowledged& e) { return NoteLeg(e.leg); }
  Leg operator()(const LegAccepted& e) { return NoteLeg(e.leg); }
  Leg operator()(const LegCompleted& e) { return NoteLeg(e.leg); }
  Leg operator()(const LegReturned& e) { return NoteLeg(e.leg); }
  In<Area::kAlert> operator()(const AlertAcknowledged& e) {
    if (dossier_.FindAlert(e.alert) == nullptr) return {};
    undo_.alerts.push_back(e.alert);
    for (const Alert& alert : dossier_.alerts) {
      if (alert.key == e.alert) break;
      const bool same = alert.key.kind == e.alert.kind && alert.key.leg == e.alert.leg;
      if (same && !alert.acknowledged) undo_.alerts.push_back(alert.key);
    }
    return {};
  }
  Case operator()(const ResultReleasedToPost&) { return NoteShipment(); }
  Case operator()(const ShipmentRegistered&) { return NoteShipment(); }
  Case operator()(const ShipmentHandedOver&) { return NoteShipment(); }
  Case operator()(const ShipmentTracked&) { return NoteShipment(); }
  Case operator()(const DeliveryFailed&) { return NoteShipment(); }
  Case operator()(const ShipmentDelivered&) { return NoteShipment(); }
  Case operator()(const ShipmentReturned&) { return NoteShipment(); }
  // Cannot be taken back: what gave a number, and what time or a register says.
  Nothing operator()(const UnknownPayload&) { return {}; }
  Nothing operator()(const DossierReceived&) { return {}; }
  Nothing operator()(const DossierRefused&) { return {}; }
  Nothing operator()(const DossierImported&) { return {}; }
  Nothing operator()(const RecordUpdated&) { return {}; }
  Nothing operator()(const AlertRaised&) { return {}; }
  Nothing operator()(const EventTakenBack&) { return {}; }
  // It changes nothing.
  Nothing operator()(const LegReminded&) { return {}; }
  // Of no dossier.
  Nothing operator()(const ManifestOpened&) { return {}; }
  Nothing operator()(const ManifestItemAdded&) { return {}; }
  Nothing operator()(const ManifestClosed&) { return {}; }
  Nothing operator()(const ManifestHandedOver&) { return {}; }
  Nothing operator()(const ManifestItemSkipped&) { return {}; }

 private:
  template <typename Part>
  Part NoteClock() {
    if (parts_.clock) undo_.clock.push_back(BeforeOf(dossier_.clock));
    return {};
  }
  Case NoteStanding() { return dossier_.clock.standing() ? NoteClock<Case>() : Case(); }
  Leg NoteLeg(std::uint8_t number) {
    const std::vector<routing::Leg>& legs = dossier_.route.legs;
    if (number >= 1 && number <= legs.size()) undo_.legs.push_back({number, legs[number - 1U]});
    return {};
  }
  Case NoteShipment() {
    if (parts_.shipment) undo_.shipment.push_back(dossier_.shipment);
    return {};
  }

  const Dossier& dossier_;
  const Parts& parts_;
  Undo& undo_;
};

template <typename P>
using PartOf = decltype(std::declval<Noter&>()(std::declval<const P&>()));

// Of each payload by its number in the contract.
struct Kind {
  Area area = Area::kNone;
  std::string_view name = kPayloadName<UnknownPayload>;
  std::string_view label = kPayloadLabel<UnknownPayload>;
};
constexpr std::array<Kind, UINT8_MAX + 1> MakeKinds() {
  std::array<Kind, UINT8_MAX + 1> kinds{};
  ForEachLeaf<Payload>([&]<typename P>(std::type_identity<P>) {
    kinds[kPayloadNumber<P>] = {PartOf<P>::kArea, kPayloadName<P>, kPayloadLabel<P>};
  });
  return kinds;
}
constexpr std::array<Kind, UINT8_MAX + 1> kCorrectable = MakeKinds();

std::uint8_t NumberOf(const Payload& payload) {
  return VisitLeaf([]<typename P>(const P&) { return kPayloadNumber<P>; }, payload);
}

Area AreaOf(const Undo& undo) { return kCorrectable[undo.event].area; }

// Whether `later` rests on nothing that `earlier` changed, nor changed it itself.
bool Independent(const Dossier& dossier, const Undo& earlier, const Undo& later) {
  const Area first = AreaOf(earlier);
  const Area second = AreaOf(later);
  if (first == Area::kAlert && second == Area::kAlert && !earlier.alerts.empty() &&
      !later.alerts.empty()) {
    const AlertKey& one = earlier.alerts.front();
    const AlertKey& other = later.alerts.front();
    return one.kind != other.kind || one.leg != other.leg;
  }
  if (first == Area::kAlert || second == Area::kAlert) return true;
  // A leg may be handed over and done while the clock stands, and its term does not ask for that.
  if (first == Area::kStop) return second == Area::kLeg;
  if (first != Area::kLeg) return false;
  if (second == Area::kStop) return true;
  if (second != Area::kLeg || earlier.legs.empty() || later.legs.empty()) return false;
  const LegBefore& one = earlier.legs.front();
  const LegBefore& other = later.legs.front();
  const std::vector<routing::Leg>& legs = dossier.route.legs;
  // Side by side; a leg of a later stage waited for all of them.
  return one.number != other.number && one.number <= legs.size() && other.number <= legs.size() &&
         legs[one.number - 1U].stage == legs[other.number - 1U].stage;
}

// The version of the decision from which `reaction` followed: the latest one before it that it
// rests on. What it names as its cause may itself have followed, or be what cannot be taken back.
Version DecisionBefore(const Dossier& dossier, std::vector<Undo>::const_iterator reaction) {
  for (auto earlier = reaction; earlier != dossier.undo.begin();) {
    --earlier;
    if (earlier->cause == 0 && !Independent(dossier, *earlier, *reaction)) return earlier->version;
  }
  return reaction->cause;
}

std::string Describe(const Undo& undo) {
  return std::string(EventName(undo)) + " (version " + std::to_string(undo.version) + ", " +
         FormatZonedTime(undo.at) + (undo.manifest.empty() ? "" : ", manifest " + undo.manifest) +
         ")";
}

void Restore(Dossier& dossier, const Undo& undo) {
  const Area area = AreaOf(undo);
  if (area == Area::kStop || area == Area::kCase) {
    dossier.stage = undo.stage;
    dossier.outcome = undo.outcome;
    dossier.return_mode = undo.return_mode;
    dossier.resolved = undo.resolved;
    dossier.closed = undo.closed;
  }
  if (undo.took_up && dossier.origin) dossier.origin->taken_up = false;
  for (const ClockBefore& clock : undo.clock) Restore(dossier.clock, clock);
  for (const LegBefore& before : undo.legs) {
    if (before.number >= 1 && before.number <= dossier.route.legs.size()) {
      dossier.route.legs[before.number - 1U] = before.leg;
    }
  }
  for (const postal::Shipment& shipment : undo.shipment) dossier.shipment = shipment;
  for (Alert& alert : dossier.alerts) {
    if (std::find(undo.alerts.begin(), undo.alerts.end(), alert.key) != undo.alerts.end()) {
      alert.acknowledged = false;
    }
  }
}

}  // namespace

std::string_view EventName(const Undo& undo) { return kCorrectable[undo.event].name; }

std::string_view EventLabel(const Undo& undo) { return kCorrectable[undo.event].label; }

Result<std::vector<Version>> GoesWith(const Dossier& dossier, Version version) {
  const auto found = std::find_if(dossier.undo.begin(), dossier.undo.end(),
                                  [&](const Undo& undo) { return undo.version == version; });
  if (found == dossier.undo.end()) {
    return Status(Reason::kStateForbids,
                  "version " + std::to_string(version) + " of dossier " + dossier.code.value() +
                      " is none of the latest " + std::to_string(kUndoMax) +
                      " events that can be taken back",
                  {{"state", "NOT_CORRIGIBLE"}});
  }
  if (!found->manifest.empty()) {
    return Status(Reason::kStateForbids,
                  Describe(*found) + " was signed for by the carrier; if the shipment is back, " +
                      "record its return",
                  {{"state", "ON_MANIFEST"}, {"manifest", found->manifest}});
  }
  if (found->cause != 0) {
    const Version with = DecisionBefore(dossier, found);
    return Status(Reason::kStateForbids,
                  Describe(*found) + " followed by itself from version " + std::to_string(with) +
                      ", with which it goes",
                  {{"state", "FOLLOWS"}, {"version", std::to_string(with)}});
  }
  std::vector<Version> with;
  for (auto later = found + 1; later != dossier.undo.end(); ++later) {
    if (Independent(dossier, *found, *later)) continue;
    if (later->cause == 0) {
      return Status(
          Reason::kStateForbids,
          Describe(*found) + " cannot be taken back before " + Describe(*later),
          {{"state", std::string(EventName(*later))}, {"version", std::to_string(later->version)}});
    }
    with.push_back(later->version);
  }
  return with;
}

void NoteUndo(Dossier& dossier, const CaseEvent& event, const ZonedTime& at, const Parts& parts) {
  Undo undo;
  undo.event = NumberOf(event.payload);
  if (AreaOf(undo) == Area::kNone) return;
  undo.version = dossier.head.version;
  // What a manifest hands over was decided by those who signed it.
  const Step* const manifest = event.StepOn(AggregateKind::kManifest);
  if (manifest == nullptr) {
    undo.cause = event.cause;
  } else {
    undo.manifest = manifest->id.key();
  }
  undo.at = at;
  undo.stage = dossier.stage;
  undo.outcome = dossier.outcome;
  undo.return_mode = dossier.return_mode;
  undo.resolved = dossier.resolved;
  undo.closed = dossier.closed;
  undo.took_up = dossier.origin && !dossier.origin->taken_up && AreaOf(undo) != Area::kAlert;
  Noter noter(dossier, parts, undo);
  VisitLeaf([&](const auto& payload) { noter(payload); }, event.payload);
  if (dossier.undo.size() >= kUndoMax) dossier.undo.erase(dossier.undo.begin());
  dossier.undo.push_back(std::move(undo));
}

void TakeBack(Dossier& dossier, const EventTakenBack& correction) {
  const auto taken = [&](const Undo& undo) {
    return undo.version == correction.version ||
           std::find(correction.with.begin(), correction.with.end(), undo.version) !=
               correction.with.end();
  };
  // The latest first, so that each part ends with what it was before the earliest.
  for (auto undo = dossier.undo.rbegin(); undo != dossier.undo.rend(); ++undo) {
    if (taken(*undo)) Restore(dossier, *undo);
  }
  std::erase_if(dossier.undo, taken);
}

}  // namespace motcua::cases
