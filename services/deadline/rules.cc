#include "services/deadline/rules.h"

#include <variant>

#include "services/base/overloaded.h"
#include "services/deadline/alert_index.h"

namespace motcua::deadline {

bool DeadlineRules::Decides(const cases::Action& action) const {
  return std::visit(Overloaded{
                        [](const cases::PauseClock&) { return true; },
                        [](const cases::ResumeClock&) { return true; },
                        [](const cases::RaiseAlert&) { return true; },
                        [](const cases::AcknowledgeAlert&) { return true; },
                        [](const auto&) { return false; },
                    },
                    action);
}

std::optional<engine::ServiceRules::Timer> DeadlineRules::NextTimer(
    const cases::Dossier& dossier) const {
  const std::optional<cases::DueAlert> next = cases::NextAlert(dossier);
  if (!next) return std::nullopt;
  return Timer{next->at, cases::RaiseAlert{next->key}};
}

void DeadlineRules::Index(const engine::Position& position, const cases::Dossier* /*before*/,
                          const cases::Dossier& after, const cases::CaseEvent& event,
                          engine::IndexSink& sink) const {
  const auto* raised = std::get_if<cases::AlertRaised>(&event.payload);
  if (raised == nullptr) return;
  AlertRow row{after.code, raised->alert, position.effective, cases::UnitOf(after.code)};
  if (raised->alert.leg >= 1 && raised->alert.leg <= after.route.legs.size()) {
    row.unit = after.route.legs[raised->alert.leg - 1U].unit;
  }
  sink.Put(AlertRowKey(position.partition, position.offset), EncodeAlertRow(row));
}

}  // namespace motcua::deadline
