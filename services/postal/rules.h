// What postal (bưu chính công ích) is to the engine: the carrier's commands, the shipment that a
// ready result owes, what a handed-over manifest owes, and the open shipments and the manifests of
// each unit as an index. Pure and stateless.
//
// Index rows:
//   'X' 'S' dossier          without a value: its shipment is open. The code begins with the
//                            receiving unit and a hyphen, so the rows of a unit stand together.
//   'X' 'I' item '|' dossier the item number was given to its shipment: when (8 LE), 1 while that
//                            is open. One row for each dossier, so that rows do not depend on the
//                            order in which partitions are folded, and two at once can be seen.
//   'X' 'P' unit '/' year number (4 BE each, inverted)   the path of a manifest: the newest first
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/rules/dossier_rules.h"

namespace motcua::postal {

class PostalRules final : public rules::DecidingRules {
 public:
  PostalRules() : DecidingRules(cases::Owner::kPostal) {}

  // A ready result that goes by post waits for the carrier.
  std::optional<cases::Action> Owed(const cases::Dossier& dossier) const override;
  // The shipments of a handed-over manifest follow it one by one.
  std::optional<cases::Action> Owed(const cases::AggregateState& state) const override;
  bool keeps_index() const override { return true; }
  bool keeps_index(cases::AggregateKind kind) const override;
  void Index(const engine::Position& position, const cases::AggregateState& before,
             const cases::AggregateState& after, const cases::CaseEvent& event,
             engine::IndexSink& sink) const override;
  void Index(const engine::Position& position, const cases::Dossier* before,
             const cases::Dossier& after, const cases::CaseEvent& event,
             engine::IndexSink& sink) const override;
  Result<std::vector<cases::ItemUse>> UsesOfItem(const engine::StateStore& store,
                                                 std::string_view item_number) const override;
};

// Rows of all units begin with it; the code follows.
std::string OpenShipmentKey(const cases::DossierCode& dossier);
std::string OpenShipmentPrefix(const cases::UnitCode& unit);
// Rows of a unit's manifests, the newest first.
std::string ManifestPrefix(const cases::UnitCode& unit);
std::string ManifestKeyOf(const cases::UnitCode& unit, const cases::ManifestNumber& number);

}  // namespace motcua::postal
