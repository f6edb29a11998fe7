#include "services/intake/rules.h"

namespace motcua::intake {

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
