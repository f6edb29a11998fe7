#include "services/postal/rules.h"

#include <variant>

#include "services/base/overloaded.h"
#include "services/engine/keys.h"

namespace motcua::postal {

bool PostalRules::Decides(const cases::Action& action) const {
  return std::visit(Overloaded{
                        [](const cases::RegisterShipment&) { return true; },
                        [](const cases::HandOverShipment&) { return true; },
                        [](const cases::TrackShipment&) { return true; },
                        [](const cases::FailDelivery&) { return true; },
                        [](const cases::DeliverShipment&) { return true; },
                        [](const cases::ReturnShipment&) { return true; },
                        [](const auto&) { return false; },
                    },
                    action);
}

std::optional<cases::Action> PostalRules::Owed(const cases::Dossier& dossier) const {
  if (dossier.stage == cases::Stage::kResultReady &&
      dossier.return_mode == cases::ReturnMode::kPostal &&
      dossier.shipment.state == ShipmentState::kNone) {
    return cases::RegisterShipment{};
  }
  return std::nullopt;
}

void PostalRules::Index(const engine::Position& /*position*/, const cases::Dossier* before,
                        const cases::Dossier& after, const cases::CaseEvent& /*event*/,
                        engine::IndexSink& sink) const {
  const bool was = before != nullptr && before->shipment.open();
  const bool is = after.shipment.open();
  if (is && !was) sink.Put(OpenShipmentKey(after.code), {});
  if (was && !is) sink.Delete(OpenShipmentKey(after.code));
}

std::string OpenShipmentKey(const cases::DossierCode& dossier) {
  return std::string(1, engine::kIndexPrefix) + "S" + dossier.value();
}

std::string OpenShipmentPrefix(const cases::UnitCode& unit) {
  return std::string(1, engine::kIndexPrefix) + "S" + unit.value() + "-";
}

}  // namespace motcua::postal
