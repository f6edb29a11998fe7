// What intake (tiếp nhận) is to the engine: the counter's commands and the two
// reactions that carry a dossier on by itself. Pure and stateless.
#pragma once

#include <optional>
#include <string_view>

#include "services/rules/dossier_rules.h"

namespace motcua::intake {

class IntakeRules final : public rules::DossierRules {
 public:
  using DossierRules::Owed;

  std::string_view name() const override { return "intake"; }
  cases::Parts parts() const override {
    return {.clock = true, .route = true, .shipment = true, .trace = true, .creations = true};
  }
  bool Decides(const cases::Action& action) const override;
  // A finished route brings the result to the one-stop centre; a delivered shipment closes the
  // dossier.
  std::optional<cases::Action> Owed(const cases::Dossier& dossier) const override;
};

}  // namespace motcua::intake
