// What deadline (thời hạn) is to the engine: pauses, the alerts that time alone raises, and their
// order as an index (alert_index.h). Pure and stateless.
#pragma once

#include <optional>
#include <string_view>

#include "services/rules/dossier_rules.h"

namespace motcua::deadline {

class DeadlineRules final : public rules::DecidingRules {
 public:
  DeadlineRules() : DecidingRules(cases::Owner::kDeadline) {}

  using DossierRules::Index;
  using DossierRules::keeps_index;
  using DossierRules::NextTimer;

  // The next alert of the dossier and its legs.
  std::optional<Timer> NextTimer(const cases::Dossier& dossier, Instant now) const override;
  bool keeps_index() const override { return true; }
  void Index(const engine::Position& position, const cases::Dossier* before,
             const cases::Dossier& after, const cases::CaseEvent& event,
             engine::IndexSink& sink) const override;
};

}  // namespace motcua::deadline
