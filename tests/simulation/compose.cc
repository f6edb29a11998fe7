// What the clients of the workload ask for.
#include <algorithm>
#include <utility>

#include "services/engine/reader.h"
#include "tests/simulation/workload.h"

namespace motcua::simulation {
namespace {

using cases::Action;
using Commands = std::vector<std::pair<std::size_t, cases::Command>>;

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
    for (Action& action : WholeLeg(leg)) add(std::move(action));
    return commands;
  }
  add(Fitting(*dossier));
  if (random_.Chance(300)) commands.back().second.expected_version = dossier->head.version;
  return commands;
}

Action Workload::Fitting(const cases::Dossier& dossier) {
  using cases::Stage;
  if (auto action = FittingDeadline(dossier)) return *std::move(action);
  if (auto action = FittingIntake(dossier)) return *std::move(action);
  const bool on_route = !dossier.route.empty() && !dossier.route.finished();
  switch (dossier.stage) {
    case Stage::kProcessing:
      // Where shipments go by manifest, results come soon.
      if (options_.manifests > 0 && random_.Chance(600)) return cases::RecordResult{};
      if (on_route && random_.Chance(750)) return FittingRouting(dossier);
      if (random_.Chance(300)) return cases::RequestSupplement{{1}};
      if (random_.Chance(300)) return cases::PauseClock{cases::PauseReason::kFinancialDuty};
      return cases::RecordResult{random_.Chance(800) ? cases::Outcome::kGranted
                                                     : cases::Outcome::kRejected};
    case Stage::kSupplement:
      if (on_route && random_.Chance(200)) return FittingRouting(dossier);
      return cases::ReceiveSupplement{};
    case Stage::kPaused:
      if (on_route && random_.Chance(200)) return FittingRouting(dossier);
      return cases::ResumeClock{};
    case Stage::kResultReady:
      return FittingPostal(dossier);
    case Stage::kNone:
    case Stage::kRefused:
    case Stage::kClosed:
    case Stage::kWithdrawn:
      break;
  }
  return Anything();
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
