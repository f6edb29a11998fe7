// What intake (tiếp nhận) is to the engine: the counter's commands and the two
// reactions that carry a dossier on by itself. Pure and stateless.
#pragma once

#include <optional>
#include <string_view>

#include "services/rules/dossier_rules.h"

namespace motcua::intake {

class IntakeRules final : public rules::DecidingRules {
 public:
  IntakeRules() : DecidingRules(cases::Owner::kIntake) {}

  using DossierRules::Owed;

  // A finished route brings the result to the one-stop centre; a delivered shipment closes the
  // dossier.
  std::optional<cases::Action> Owed(const cases::Dossier& dossier) const override;
};

}  // namespace motcua::intake
