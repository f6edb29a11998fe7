// The rules of postal: a result on its way by post, as the carrier reports it.
#include <algorithm>

#include "tests/simulation/rules.h"
#include "tests/simulation/workload.h"
#include "tests/support/slow_calendar.h"

namespace motcua::simulation {
namespace {

using postal::ShipmentState;

bool WithCarrier(const Line& line) {
  return IsShipmentOpen(line) && line.shipment != ShipmentState::kRegistered;
}

// The carrier tells minutes, none of them before it had the item.
bool MayReport(const Line& line, const ZonedTime& occurred) {
  constexpr std::int64_t kMinute = 60'000'000;
  return WithCarrier(line) && line.handed_over &&
         occurred.instant.micros / kMinute >= line.handed_over->micros / kMinute;
}

// Fewer than two working days of the unit lie between the two.
bool IsOneAttempt(const Judging& judging, const ZonedTime& a, const ZonedTime& b) {
  const CivilDate first = std::min(a.date(), b.date());
  const CivilDate second = std::max(a.date(), b.date());
  const auto* unit = judging.catalogue.FindUnit(cases::UnitOf(judging.event().dossier));
  if (unit == nullptr) return second - first < 2;
  const auto& spec = judging.catalogue.FindCalendar(unit->calendar)->spec();
  int days = 0;
  for (CivilDate day = first; day < second; day = day + 1) {
    if (testing::SlowWorks(spec, day + 1)) ++days;
  }
  return days < 2;
}

std::string JudgeFailed(const Judging& judging, const cases::DeliveryFailed& e) {
  const Line& line = judging.line;
  const bool same = std::any_of(line.attempts.begin(), line.attempts.end(), [&](const auto& a) {
    return IsOneAttempt(judging, a, e.occurred);
  });
  if (same != e.same_attempt && !judging.accepted.by_older) {
    return "counts an attempt that is none, or forgets one";
  }
  return Lawful(MayReport(line, e.occurred) &&
                (line.shipment != ShipmentState::kReturning || line.late(e.occurred)));
}

void NoteReport(ShipmentState state, const ZonedTime& occurred, Line& line) {
  if (line.late(occurred)) return;
  line.shipment = state;
  line.reported = occurred.instant;
}

void NoteFailed(const cases::DeliveryFailed& e, Line& line) {
  NoteReport(ShipmentState::kDeliveryFailed, e.occurred, line);
  if (!e.same_attempt) line.attempts.push_back(e.occurred);
}

}  // namespace

// ---- What the log may say ----------------------------------------------------------------------

std::string Judge(const Judging& judging, const cases::PostalPayload& payload) {
  const Line& line = judging.line;
  return std::visit(
      Overloaded{
          [&](const cases::ShipmentRegistered&) {
            return Lawful(line.stage == cases::Stage::kResultReady &&
                          line.shipment == ShipmentState::kNone);
          },
          [&](const cases::ShipmentHandedOver&) {
            return Lawful(line.shipment == ShipmentState::kRegistered);
          },
          [&](const cases::ShipmentTracked& e) {
            return Lawful(MayReport(line, e.occurred) &&
                          (line.shipment != ShipmentState::kReturning ||
                           e.state == ShipmentState::kReturning || line.late(e.occurred)));
          },
          [&](const cases::DeliveryFailed& e) { return JudgeFailed(judging, e); },
          [&](const cases::ShipmentDelivered& e) {
            return Lawful(MayReport(line, e.occurred) &&
                          line.shipment != ShipmentState::kReturning);
          },
          [&](const cases::ShipmentReturned&) { return Lawful(WithCarrier(line)); },
      },
      payload);
}

void Note(const Accepted& accepted, const cases::PostalPayload& payload, Line& line) {
  std::visit(
      Overloaded{
          [&](const cases::ShipmentRegistered&) { line.shipment = ShipmentState::kRegistered; },
          [&](const cases::ShipmentHandedOver&) {
            line.shipment = ShipmentState::kHandedOver;
            line.handed_over = accepted.effective;
          },
          [&](const cases::ShipmentTracked& e) { NoteReport(e.state, e.occurred, line); },
          [&](const cases::DeliveryFailed& e) { NoteFailed(e, line); },
          [&](const cases::ShipmentDelivered&) { line.shipment = ShipmentState::kDelivered; },
          [&](const cases::ShipmentReturned&) { line.shipment = ShipmentState::kReturned; },
      },
      payload);
}

Amending AmendingOf(const cases::PostalPayload& payload) {
  return std::visit(Overloaded{
                        [](const cases::ShipmentRegistered&) { return Amending{}; },
                        [](const cases::ShipmentHandedOver&) { return Amending{}; },
                        [](const cases::ShipmentTracked&) { return Amending{}; },
                        [](const cases::DeliveryFailed&) { return Amending{}; },
                        [](const cases::ShipmentDelivered&) { return Amending{}; },
                        [](const cases::ShipmentReturned&) { return Amending{}; },
                    },
                    payload);
}

// ---- What is asked -----------------------------------------------------------------------------

std::string_view LeadsTo(const cases::PostalAction& action) {
  using cases::kPayloadName;
  return std::visit(
      Overloaded{
          [](const cases::RegisterShipment&) { return kPayloadName<cases::ShipmentRegistered>; },
          [](const cases::HandOverShipment&) { return kPayloadName<cases::ShipmentHandedOver>; },
          [](const cases::TrackShipment&) { return kPayloadName<cases::ShipmentTracked>; },
          [](const cases::FailDelivery&) { return kPayloadName<cases::DeliveryFailed>; },
          [](const cases::DeliverShipment&) { return kPayloadName<cases::ShipmentDelivered>; },
          [](const cases::ReturnShipment&) { return kPayloadName<cases::ShipmentReturned>; },
      },
      action);
}

cases::Action Workload::FittingPostal(const cases::Dossier& dossier) {
  const ShipmentState state = dossier.shipment.state;
  if (!dossier.shipment.open()) {
    return cases::ReturnResult{random_.Chance(500) ? cases::ReturnMode::kCounter
                                                   : cases::ReturnMode::kPostal};
  }
  if (state == ShipmentState::kRegistered) {
    // Mostly left to a manifest.
    if (options_.manifests > 0 && random_.Chance(850)) return Anything();
    return cases::HandOverShipment{DrawItem(), "vnpost"};
  }
  if (state == ShipmentState::kReturning && random_.Chance(400)) return cases::ReturnShipment{};
  const std::optional<Instant> occurred = DrawOccurred(dossier.shipment);
  switch (random_.Below(10)) {
    case 0:
    case 1:
      return cases::TrackShipment{ShipmentState::kInTransit, occurred};
    case 2:
    case 3:
      return cases::TrackShipment{ShipmentState::kOutForDelivery, occurred};
    case 4:
    case 5:
    case 6:
    case 7:
      return cases::FailDelivery{postal::FailureReason::kAbsent, occurred};
    case 8:
      return cases::TrackShipment{ShipmentState::kReturning, occurred};
    default:
      return cases::DeliverShipment{postal::ProofKind::kPhoto, "p1", occurred};
  }
}

// Most are used once.
std::string Workload::DrawItem() {
  constexpr std::int64_t kFirst = 10'000'000;
  const std::int64_t number =
      random_.Chance(150) ? kFirst + random_.Between(0, 3) : random_.Between(kFirst, 9 * kFirst);
  return "EX" + std::to_string(number) + "5VN";
}

std::optional<Instant> Workload::DrawOccurred(const postal::Shipment& shipment) {
  const Instant now = timeline_.now();
  const Micros little = random_.Between(Micros(1), Micros(3'600'000'000));
  switch (random_.Below(7)) {
    case 0:
    case 1:
      return std::nullopt;
    case 2:  // the very same again
      return shipment.reported.value_or(now);
    case 3:  // late
      return shipment.reported.value_or(now) - little;
    case 4:
      return shipment.handed_over ? shipment.handed_over->instant - little : now;
    case 5:
      return shipment.handed_over ? shipment.handed_over->instant + little : now;
    default:
      return now - random_.Between(Micros(0), 4 * kDay);
  }
}

}  // namespace motcua::simulation
