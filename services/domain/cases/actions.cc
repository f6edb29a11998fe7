#include "services/domain/cases/actions.h"

namespace motcua::cases {

static_assert(
    [] {
      bool all = true;
      ForEachLeaf<Action>([&]<typename A>(std::type_identity<A>) {
        all = all && A::kRow.owner != Owner::kUnset && !A::kRow.name.empty();
      });
      return all;
    }(),
    "each action says what it is called and who decides it");

const CommandRow& RowOf(const Action& action) {
  return VisitLeaf([]<typename A>(const A&) -> const CommandRow& { return A::kRow; }, action);
}

Parts PartsOf(Owner owner) {
  Parts parts;
  ForEachLeaf<Action>([&]<typename A>(std::type_identity<A>) {
    if (A::kRow.owner == owner) parts |= A::kRow.parts;
  });
  return parts;
}

std::string_view NameOf(Owner owner) {
  switch (owner) {
    case Owner::kUnset:
      break;
    case Owner::kIntake:
      return "intake";
    case Owner::kRouting:
      return "routing";
    case Owner::kDeadline:
      return "deadline";
    case Owner::kPostal:
      return "postal";
  }
  MOTCUA_CHECK(false, "no service of that number");
}

const UnitCode* CreatingUnit(const Command& command) {
  return VisitLeaf(
      []<typename A>(const A& action) -> const UnitCode* {
        if constexpr (A::kRow.creates.has_value()) {
          return &action.unit;
        } else {
          return nullptr;
        }
      },
      command.action);
}

std::optional<AggregateId> Parent(const Command& command) {
  const UnitCode* const creating = CreatingUnit(command);
  if (creating == nullptr) return std::nullopt;
  const bool manifest = RowOf(command.action).creates == AggregateKind::kManifest;
  return manifest ? AggregateId::PostBook(*creating) : AggregateId::Book(*creating);
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
  if (const auto* const add = LeafIf<AddManifestItem>(command.action)) {
    return AggregateId(add->dossier);
  }
  if (const auto* const follow = LeafIf<FollowManifest>(command.action)) {
    return AggregateId(follow->dossier);
  }
  return std::nullopt;
}

UnitCode UnitOfCommand(const Command& command) {
  const UnitCode* const creating = CreatingUnit(command);
  if (creating != nullptr) return *creating;
  return command.about.empty() ? UnitOf(command.dossier) : command.about.unit();
}

std::string_view ItemOf(const Command& command) {
  if (const auto* const add = LeafIf<AddManifestItem>(command.action)) {
    return add->item_number;
  }
  const auto* const hand_over = LeafIf<HandOverShipment>(command.action);
  return hand_over == nullptr ? std::string_view() : std::string_view(hand_over->item_number);
}

std::string_view ItemOf(const CaseEvent& event) {
  const auto* const handed_over = LeafIf<ShipmentHandedOver>(event.payload);
  return handed_over == nullptr ? std::string_view() : std::string_view(handed_over->item_number);
}

}  // namespace motcua::cases
