#include "services/deadline/rules.h"

#include "services/deadline/alert_index.h"

namespace motcua::deadline {

std::optional<engine::ServiceRules::Timer> DeadlineRules::NextTimer(const cases::Dossier& dossier,
                                                                    Instant now) const {
  const std::optional<cases::DueAlert> next = cases::NextAlert(dossier, now);
  if (!next) return std::nullopt;
  return Timer{next->at, cases::RaiseAlert{next->key}};
}

namespace {

// Whether somebody has still to take note of the alert: the case is in hand, and nobody has.
bool IsOpen(const cases::Dossier* dossier, const cases::AlertKey& key) {
  const cases::Alert* alert = dossier != nullptr ? dossier->FindAlert(key) : nullptr;
  return alert != nullptr && !alert->acknowledged && dossier->open();
}

void IndexOpen(engine::PartitionId partition, const cases::Dossier* before,
               const cases::Dossier& after, engine::IndexSink& sink) {
  if (before != nullptr) {
    for (const cases::Alert& alert : before->alerts) {
      if (!IsOpen(before, alert.key) || IsOpen(&after, alert.key)) continue;
      sink.Delete(OpenAlertKey(partition, AlertRowOf(*before, alert)));
    }
  }
  for (const cases::Alert& alert : after.alerts) {
    if (!IsOpen(&after, alert.key) || IsOpen(before, alert.key)) continue;
    const AlertRow row = AlertRowOf(after, alert);
    sink.Put(OpenAlertKey(partition, row), row.unit.value());
  }
}

}  // namespace

void DeadlineRules::Index(const engine::Position& position, const cases::Dossier* before,
                          const cases::Dossier& after, const cases::CaseEvent& event,
                          engine::IndexSink& sink) const {
  IndexOpen(position.partition, before, after, sink);
  const auto* raised = LeafIf<cases::AlertRaised>(event.payload);
  if (raised == nullptr) return;
  const AlertRow row = AlertRowOf(after, {raised->alert, position.effective, false});
  sink.Put(AlertRowKey(position.partition, position.offset), EncodeAlertRow(row));
}

}  // namespace motcua::deadline
