#include "services/intake/rules.h"

#include <variant>

#include "services/base/overloaded.h"

namespace motcua::intake {

bool IntakeRules::Decides(const cases::Action& action) const {
  return std::visit(Overloaded{
                        [](const cases::ReceiveDossier&) { return true; },
                        [](const cases::RefuseDossier&) { return true; },
                        [](const cases::ImportDossier&) { return true; },
                        [](const cases::RequestSupplement&) { return true; },
                        [](const cases::ReceiveSupplement&) { return true; },
                        [](const cases::RecordResult&) { return true; },
                        [](const cases::ReturnResult&) { return true; },
                        [](const cases::WithdrawDossier&) { return true; },
                        [](const cases::CloseDelivered&) { return true; },
                        [](const auto&) { return false; },
                    },
                    action);
}

std::optional<cases::Action> IntakeRules::Owed(const cases::Dossier& dossier) const {
  if (dossier.stage == cases::Stage::kProcessing && !dossier.route.empty() &&
      dossier.route.finished()) {
    const bool rejected = dossier.route.outcome() == routing::LegOutcome::kRejected;
    return cases::RecordResult{rejected ? cases::Outcome::kRejected : cases::Outcome::kGranted};
  }
  if (dossier.stage == cases::Stage::kResultReady &&
      dossier.shipment.state == postal::ShipmentState::kDelivered) {
    return cases::CloseDelivered{};
  }
  return std::nullopt;
}

}  // namespace motcua::intake
