#include "services/domain/cases/actions.h"

#include "services/base/overloaded.h"

namespace motcua::cases {

std::optional<AggregateId> Parent(const Command& command) {
  const UnitCode* const creating = CreatingUnit(command);
  if (creating == nullptr) return std::nullopt;
  return AggregateId::Book(*creating);
}

AggregateId Subject(const Command& command) { return AggregateId(command.dossier); }

void SetSubject(Command& command, const AggregateId& id) {
  command.dossier = DossierCode(id.name());
}

std::optional<AggregateId> AlsoLookedAt(const Command& /*command*/) { return std::nullopt; }

UnitCode UnitOfCommand(const Command& command) {
  const UnitCode* const creating = CreatingUnit(command);
  return creating != nullptr ? *creating : UnitOf(command.dossier);
}

bool IsBulk(const Command& command) {
  return std::holds_alternative<ImportDossier>(command.action);
}

std::string_view ItemOf(const Command& command) {
  const auto* const hand_over = std::get_if<HandOverShipment>(&command.action);
  return hand_over == nullptr ? std::string_view() : std::string_view(hand_over->item_number);
}

std::string_view ItemOf(const CaseEvent& event) {
  const auto* const handed_over = std::get_if<ShipmentHandedOver>(&event.payload);
  return handed_over == nullptr ? std::string_view() : std::string_view(handed_over->item_number);
}

const UnitCode* CreatingUnit(const Command& command) {
  return std::visit(Overloaded{
                        [](const ReceiveDossier& a) { return &a.unit; },
                        [](const RefuseDossier& a) { return &a.unit; },
                        [](const ImportDossier& a) { return &a.unit; },
                        [](const auto&) -> const UnitCode* { return nullptr; },
                    },
                    command.action);
}

}  // namespace motcua::cases
