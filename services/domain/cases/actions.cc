#include "services/domain/cases/actions.h"

#include "services/base/overloaded.h"

namespace motcua::cases {

std::optional<AggregateId> Parent(const Command& command) {
  const UnitCode* const creating = CreatingUnit(command);
  if (creating == nullptr) return std::nullopt;
  if (std::holds_alternative<OpenManifest>(command.action)) return AggregateId::PostBook(*creating);
  return AggregateId::Book(*creating);
}

AggregateId Subject(const Command& command) {
  return command.about.empty() ? AggregateId(command.dossier) : command.about;
}

void SetSubject(Command& command, const AggregateId& id) {
  if (id.kind() == AggregateKind::kDossier) {
    command.dossier = DossierCode(id.name());
  } else {
    command.about = id;
  }
}

std::optional<AggregateId> AlsoLookedAt(const Command& command) {
  if (const auto* const add = std::get_if<AddManifestItem>(&command.action)) {
    return AggregateId(add->dossier);
  }
  if (const auto* const follow = std::get_if<FollowManifest>(&command.action)) {
    return AggregateId(follow->dossier);
  }
  return std::nullopt;
}

UnitCode UnitOfCommand(const Command& command) {
  const UnitCode* const creating = CreatingUnit(command);
  if (creating != nullptr) return *creating;
  return command.about.empty() ? UnitOf(command.dossier) : command.about.unit();
}

bool IsBulk(const Command& command) {
  return std::holds_alternative<ImportDossier>(command.action);
}

std::string_view ItemOf(const Command& command) {
  if (const auto* const add = std::get_if<AddManifestItem>(&command.action)) {
    return add->item_number;
  }
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
                        [](const OpenManifest& a) { return &a.unit; },
                        [](const auto&) -> const UnitCode* { return nullptr; },
                    },
                    command.action);
}

}  // namespace motcua::cases
