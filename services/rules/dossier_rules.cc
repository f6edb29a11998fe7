#include "services/rules/dossier_rules.h"

namespace motcua::rules {

std::optional<cases::Action> DossierRules::Owed(const cases::AggregateState& state) const {
  const auto* const dossier = std::get_if<cases::Dossier>(&state);
  return dossier == nullptr ? std::nullopt : Owed(*dossier);
}

std::optional<engine::ServiceRules::Timer> DossierRules::NextTimer(
    const cases::AggregateState& state, Instant now) const {
  const auto* const dossier = std::get_if<cases::Dossier>(&state);
  return dossier == nullptr ? std::nullopt : NextTimer(*dossier, now);
}

bool DossierRules::keeps_index(cases::AggregateKind kind) const {
  return kind == cases::AggregateKind::kDossier && keeps_index();
}

void DossierRules::Index(const engine::Position& position, const cases::AggregateState& before,
                         const cases::AggregateState& after, const cases::CaseEvent& event,
                         engine::IndexSink& sink) const {
  const auto* const dossier = std::get_if<cases::Dossier>(&after);
  if (dossier == nullptr) return;
  Index(position, std::get_if<cases::Dossier>(&before), *dossier, event, sink);
}

}  // namespace motcua::rules
