// What the clients of the workload ask for.
#include <algorithm>
#include <array>
#include <utility>

#include "services/engine/reader.h"
#include "tests/simulation/history.h"
#include "tests/simulation/master_data.h"
#include "tests/simulation/workload.h"

namespace motcua::simulation {
namespace {

using cases::Action;
using Commands = std::vector<std::pair<std::size_t, cases::Command>>;

constexpr Micros kDay{24LL * 3600 * 1'000'000};

// Of some commands, and the same for each try.
TraceContext TraceFor(const cases::RequestId& id, int thousandths) {
  TraceContext trace;
  if ((id.bytes[0] * 256 + id.bytes[1]) % 1000 >= thousandths) return trace;
  trace.trace_id = id.bytes;
  std::copy(id.bytes.begin(), id.bytes.begin() + 8, trace.parent_id.begin());
  trace.sampled = (id.bytes[2] & 1U) != 0;
  return trace;
}

}  // namespace

std::optional<cases::Dossier> Workload::Look(const cases::DossierCode& code) {
  // Intake keeps all parts; the instance that is asked may lag behind.
  Process* process = world_.pick(kIntake);
  if (process == nullptr || !process->serving()) return std::nullopt;
  const engine::StateReader reader(process->store(), world_.surroundings.codec);
  Result<cases::Dossier> dossier = reader.GetDossier(code);
  return dossier.ok() ? std::optional(*std::move(dossier)) : std::nullopt;
}

Commands Workload::Compose() {
  Commands commands;
  if (options_.manifests > 0 && !dossiers_.empty() && random_.Chance(options_.manifests)) {
    commands = ComposeManifest();
  } else if (dossiers_.empty() || random_.Chance(250)) {
    commands = ComposeNew();
  } else {
    // The younger, the likelier.
    const std::size_t recent = std::min<std::size_t>(dossiers_.size(), 6);
    const std::size_t from = random_.Chance(700) ? dossiers_.size() - recent : 0;
    commands = ComposeFor(dossiers_[from + random_.Below(dossiers_.size() - from)]);
  }
  for (auto& [service, command] : commands) {
    service = ServiceOf(command.action);
    for (std::uint8_t& byte : command.request_id.bytes) {
      byte = static_cast<std::uint8_t>(random_.Next());
    }
    command.request_id.bytes[6] = 0x40;
    command.digest = random_.Next();
    command.actor = cases::ActorId("officer:" + std::to_string(random_.Below(20)));
    command.trace = TraceFor(command.request_id, options_.traced);
  }
  return commands;
}

Commands Workload::ComposeNew() {
  const auto& units = ReceivingUnits();
  // The last unit is known to registers only.
  const cases::UnitCode& unit = units[random_.Below(units.size() - 1)];
  const auto& procedures = world_.surroundings.catalogue.procedures();
  const auto channel = [&] { return static_cast<cases::Channel>(random_.Between(1, 3)); };
  Commands commands;
  const std::int64_t count = random_.Chance(300) ? random_.Between(2, 5) : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    cases::Command command;
    if (random_.Chance(160)) {
      const bool later = !rows_.empty() && random_.Chance(350);
      rows_.push_back(later ? LaterRow() : Import(random_.Pick(units)));
      command.action = rows_.back();
    } else if (random_.Chance(60)) {
      command.action = cases::RefuseDossier{unit, random_.Pick(procedures).code, channel(),
                                            cases::RefusalReason::kPapersMissing};
    } else {
      command.action = cases::ReceiveDossier{
          unit,
          random_.Chance(20) ? cases::ProcedureCode("9.999999") : random_.Pick(procedures).code,
          channel(), DrawReturnMode()};
    }
    commands.emplace_back(kIntake, std::move(command));
  }
  return commands;
}

// In a world of manifests most results go by post.
cases::ReturnMode Workload::DrawReturnMode() {
  if (options_.manifests > 0 && random_.Chance(800)) return cases::ReturnMode::kPostal;
  return static_cast<cases::ReturnMode>(random_.Between(1, 2));
}

// Rows of a register, plausible or not.
cases::ImportDossier Workload::Import(const cases::UnitCode& unit) {
  cases::ImportDossier import;
  cases::DossierImported& row = import.recorded;
  const Instant now = timeline_.now();
  const auto near = [&] {
    return ZonedTime{now + random_.Between(Micros(-5 * kDay), 2 * kDay), UtcOffset{7 * 60}};
  };
  row.opened = near();
  if (random_.Chance(100)) row.opened = {Instant{0} + random_.Between(11'000, 20'000) * kDay, {}};
  if (random_.Chance(700)) row.due = near();
  if (random_.Chance(500)) row.closed = near();
  if (row.closed) row.outcome = static_cast<cases::Outcome>(random_.Between(1, 3));
  row.procedure = cases::ProcedureCode("Old words");
  row.procedure_name = "Old words";
  row.field = random_.Chance(500) ? "land" : "";
  row.unit_name = "Some office";
  row.channel = static_cast<cases::Channel>(random_.Between(1, 3));
  row.source = "old-register";
  row.line = static_cast<std::uint32_t>(random_.Below(1000)) + 1;
  row.source_id = std::to_string(row.line);
  import.unit = unit;
  // Of a unit that nobody knows, in the other form of codes.
  if (random_.Chance(40)) import.unit = cases::UnitCode("Y99.1.22.333.4");
  DrawNumbers(import);
  return import;
}

// Numbers as registers have them: of this year or the next, of another age, and beyond all
// counting.
void Workload::DrawNumbers(cases::ImportDossier& import) {
  const std::vector<std::uint32_t> wild_numbers = {99'999'998, 99'999'999, 100'000'000, 999'999'999,
                                                   UINT32_MAX};
  const std::vector<std::uint32_t> wild_sequences = {999'998,   999'999,   1'000'000,
                                                     1'000'001, 9'999'999, 999'999'999};
  cases::DossierImported& row = import.recorded;
  if (random_.Chance(400)) {
    const std::int32_t year = Split(row.opened.date()).year;
    row.register_year = static_cast<std::int32_t>(
        random_.Chance(800) ? year + random_.Between(-1, 1) : random_.Between(1900, 2199));
    row.register_number = random_.Chance(850) ? static_cast<std::uint32_t>(random_.Between(1, 50))
                                              : random_.Pick(wild_numbers);
  }
  if (!random_.Chance(300)) return;
  const auto usual = kRecordedSequenceMin + static_cast<std::uint32_t>(random_.Below(40));
  import.code = cases::MakeDossierCode(
      random_.Chance(800) ? import.unit : random_.Pick(ReceivingUnits()), row.opened.date(),
      random_.Chance(800) ? usual : random_.Pick(wild_sequences));
}

// The register is read again: the same row elsewhere in it, a later state, or an older copy.
cases::ImportDossier Workload::LaterRow() {
  cases::ImportDossier import = random_.Pick(rows_);
  cases::DossierImported& row = import.recorded;
  row.line += static_cast<std::uint32_t>(random_.Below(3));
  if (random_.Chance(200) && import.code) row.source = "another-register";
  const ZonedTime then{timeline_.now() - random_.Between(Micros(0), 2 * kDay), UtcOffset{7 * 60}};
  switch (random_.Below(4)) {
    case 0:
      row.closed = then;
      row.outcome = static_cast<cases::Outcome>(random_.Between(1, 3));
      break;
    case 1:
      row.due = ZonedTime{then.instant + random_.Between(Micros(0), 4 * kDay), then.offset};
      break;
    case 2:
      row.closed.reset();
      row.outcome = cases::Outcome::kNone;
      break;
    default:
      break;
  }
  return import;
}

Commands Workload::ComposeFor(const cases::DossierCode& code) {
  Commands commands;
  const auto add = [&](Action action) {
    cases::Command command;
    command.dossier = code;
    command.action = std::move(action);
    commands.emplace_back(kIntake, std::move(command));
  };
  const std::optional<cases::Dossier> dossier = Look(code);
  if (!dossier || random_.Chance(100)) {
    add(Anything());
    return commands;
  }
  if (options_.corrections > 0 && random_.Chance(options_.corrections)) {
    if (dossier->undo.empty() || random_.Chance(250)) {
      // In one breath: a mistake, and its correction.
      add(Fitting(*dossier));
      add(cases::CorrectEvent{dossier->head.version + 1, cases::CorrectionReason::kWrongDossier});
      return commands;
    }
    // Mostly the latest.
    const std::size_t recent = std::min<std::size_t>(dossier->undo.size(), 2);
    const std::size_t from = random_.Chance(700) ? dossier->undo.size() - recent : 0;
    const cases::Undo& undo = dossier->undo[from + random_.Below(dossier->undo.size() - from)];
    // Of what followed by itself, mostly what it followed from.
    const bool follows = undo.cause != 0 && random_.Chance(800);
    add(cases::CorrectEvent{follows ? undo.cause : undo.version,
                            cases::CorrectionReason::kNotHappened});
    if (random_.Chance(200)) commands.back().second.expected_version = dossier->head.version;
    return commands;
  }
  if (dossier->stage == cases::Stage::kProcessing && random_.Chance(150)) {
    // In one breath: each is decided on what the one before will have done.
    if (random_.Chance(500)) {
      add(cases::RequestSupplement{{1, 2}});
      add(cases::ReceiveSupplement{});
    } else {
      add(cases::PauseClock{cases::PauseReason::kOtherAgency});
      add(cases::ResumeClock{});
    }
    return commands;
  }
  if (dossier->shipment.with_carrier() && random_.Chance(400)) {
    // A batch of the carrier's reports, in any order, some of them twice.
    for (std::int64_t reports = random_.Between(2, 4); reports > 0; --reports) {
      add(FittingPostal(*dossier));
      if (random_.Chance(200)) add(Action(commands.back().second.action));
    }
    return commands;
  }
  const std::uint8_t leg = dossier->route.current_stage();
  if (dossier->open() && leg != 0 && random_.Chance(150)) {
    add(cases::SendHandOver{leg});
    add(cases::AcknowledgeHandOver{leg});
    add(cases::AcceptLeg{leg});
    if (random_.Chance(700)) add(cases::CompleteLeg{leg, routing::LegOutcome::kGranted});
    return commands;
  }
  add(Fitting(*dossier));
  if (random_.Chance(300)) commands.back().second.expected_version = dossier->head.version;
  return commands;
}

Action Workload::Fitting(const cases::Dossier& dossier) {
  using cases::Stage;
  const bool unread = std::any_of(dossier.alerts.begin(), dossier.alerts.end(),
                                  [](const cases::Alert& alert) { return !alert.acknowledged; });
  if (unread && random_.Chance(300)) {
    return cases::AcknowledgeAlert{dossier.alerts.back().key.kind, dossier.alerts.back().key.leg};
  }
  if (dossier.open() && random_.Chance(30)) return cases::WithdrawDossier{};
  const bool on_route = !dossier.route.empty() && !dossier.route.finished();
  switch (dossier.stage) {
    case Stage::kProcessing:
      // Where shipments go by manifest, results come soon.
      if (options_.manifests > 0 && random_.Chance(600)) return cases::RecordResult{};
      if (on_route && random_.Chance(750)) return FittingLeg(dossier);
      if (random_.Chance(300)) return cases::RequestSupplement{{1}};
      if (random_.Chance(300)) return cases::PauseClock{cases::PauseReason::kFinancialDuty};
      return cases::RecordResult{random_.Chance(800) ? cases::Outcome::kGranted
                                                     : cases::Outcome::kRejected};
    case Stage::kSupplement:
      if (on_route && random_.Chance(200)) return FittingLeg(dossier);
      return cases::ReceiveSupplement{};
    case Stage::kPaused:
      if (on_route && random_.Chance(200)) return FittingLeg(dossier);
      return cases::ResumeClock{};
    case Stage::kResultReady:
      return FittingPostal(dossier);
    default:
      return Anything();
  }
}

Action Workload::FittingPostal(const cases::Dossier& dossier) {
  using postal::ShipmentState;
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

Action Workload::FittingLeg(const cases::Dossier& dossier) {
  using routing::LegState;
  std::vector<std::uint8_t> legs;
  for (std::size_t i = 0; i < dossier.route.legs.size(); ++i) {
    const routing::Leg& leg = dossier.route.legs[i];
    if (leg.stage == dossier.route.current_stage() && leg.state != LegState::kCompleted) {
      legs.push_back(static_cast<std::uint8_t>(i + 1));
    }
  }
  const std::uint8_t leg = random_.Pick(legs);
  switch (dossier.route.legs[leg - 1U].state) {
    case LegState::kSent:
      return cases::AcknowledgeHandOver{leg};
    case LegState::kAcknowledged:
      if (random_.Chance(100)) return cases::ReturnLeg{leg, routing::ReturnReason::kOther};
      return cases::AcceptLeg{leg};
    case LegState::kAccepted:
      if (random_.Chance(100)) return cases::ReturnLeg{leg, routing::ReturnReason::kOther};
      return cases::CompleteLeg{leg, random_.Chance(900) ? routing::LegOutcome::kGranted
                                                         : routing::LegOutcome::kRejected};
    default:
      return cases::SendHandOver{leg};
  }
}

Action Workload::Anything() {
  const auto leg = static_cast<std::uint8_t>(random_.Between(0, 4));
  switch (random_.Below(12)) {
    case 0:
      return cases::RequestSupplement{{3}};
    case 1:
      return cases::ReceiveSupplement{};
    case 2:
      return cases::RecordResult{cases::Outcome::kGranted};
    case 3:
      return cases::ReturnResult{cases::ReturnMode::kPostal};
    case 4:
      return cases::WithdrawDossier{};
    case 5:
      return cases::SendHandOver{leg};
    case 6:
      return cases::CompleteLeg{leg, routing::LegOutcome::kGranted};
    case 7:
      return cases::PauseClock{cases::PauseReason::kSectorLaw};
    case 8:
      return cases::ResumeClock{};
    case 9:
      return cases::AcknowledgeAlert{cases::AlertKind::kOverdue, leg};
    case 10:
      return cases::HandOverShipment{DrawItem(), "vnpost"};
    default:
      return cases::ReturnShipment{};
  }
}

}  // namespace motcua::simulation
