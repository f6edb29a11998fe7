// What routing (liên thông) is to the engine: the hand-overs between units, and the work list of
// each unit as an index. Pure and stateless.
//
// Index rows: 'X' 'L' unit '|' dossier '|' leg (1 byte), without a value: a leg of an open dossier
// that was sent to the unit or is in its hands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/rules/dossier_rules.h"

namespace motcua::routing {

class RoutingRules final : public rules::DecidingRules {
 public:
  RoutingRules() : DecidingRules(cases::Owner::kRouting) {}

  using DossierRules::Index;
  using DossierRules::keeps_index;

  bool keeps_index() const override { return true; }
  void Index(const engine::Position& position, const cases::Dossier* before,
             const cases::Dossier& after, const cases::CaseEvent& event,
             engine::IndexSink& sink) const override;
};

// All rows of a unit begin with it.
std::string WorkListPrefix(const cases::UnitCode& unit);
std::string WorkListKey(const cases::UnitCode& unit, const cases::DossierCode& dossier,
                        std::uint8_t leg);
// What a key says after the prefix of its unit; none if it is not such a key.
struct WorkListRow {
  cases::DossierCode dossier;
  std::uint8_t leg = 0;
};
std::optional<WorkListRow> ParseWorkListRow(std::string_view after_prefix);

}  // namespace motcua::routing
