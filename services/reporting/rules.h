// Rules of the reporting service (báo cáo): it decides nothing and owes nothing; it folds every
// dossier's clock and keeps the day counters of its reports.
#pragma once

#include "services/rules/dossier_rules.h"

namespace motcua::reporting {

class ReportingRules final : public rules::DossierRules {
 public:
  using DossierRules::Index;
  using DossierRules::keeps_index;

  std::string_view name() const override { return "reporting"; }
  cases::Parts parts() const override {
    return {.clock = true, .route = true, .shipment = true, .past = true};
  }
  bool Decides(const cases::Action& /*action*/) const override { return false; }
  bool publishes() const override { return false; }
  bool keeps_index() const override { return true; }
  std::string index_format() const override;
  void Index(const engine::Position& position, const cases::Dossier* before,
             const cases::Dossier& after, const cases::CaseEvent& event,
             engine::IndexSink& sink) const override;
};

}  // namespace motcua::reporting
