// Walks of a dossier: what may be asked of it, and what services then do by themselves.
#pragma once

#include <utility>
#include <vector>

#include "tests/unit/cases/life.h"

namespace motcua::cases {

// Reactions as services owe them, with the version that they answer.
inline Status React(testing::Life& life) {
  for (;;) {
    const Dossier& dossier = life.dossier();
    std::optional<Action> owed;
    if (dossier.stage == Stage::kProcessing && !dossier.route.empty() && dossier.route.finished()) {
      owed = RecordResult{dossier.route.outcome() == routing::LegOutcome::kRejected
                              ? Outcome::kRejected
                              : Outcome::kGranted};
    } else if (dossier.stage == Stage::kResultReady &&
               dossier.shipment.state == postal::ShipmentState::kDelivered) {
      owed = CloseDelivered{};
    } else if (dossier.stage == Stage::kResultReady && dossier.return_mode == ReturnMode::kPostal &&
               dossier.shipment.state == postal::ShipmentState::kNone) {
      owed = RegisterShipment{};
    }
    if (!owed) return OkStatus();
    MOTCUA_RETURN_IF_ERROR(life.Do(*owed, 0, dossier.head.version));
  }
}

inline Status Act(testing::Life& life, Action action) {
  MOTCUA_RETURN_IF_ERROR(life.Do(std::move(action)));
  return React(life);
}

inline constexpr const char* kItem = "EX123456785VN";

inline std::vector<cases::Action> Everything() {
  std::vector<Action> actions = {RequestSupplement{{1}},
                                 ReceiveSupplement{},
                                 RecordResult{Outcome::kGranted},
                                 RecordResult{Outcome::kRejected},
                                 ReturnResult{ReturnMode::kCounter},
                                 ReturnResult{ReturnMode::kPostal},
                                 WithdrawDossier{},
                                 PauseClock{PauseReason::kFinancialDuty},
                                 ResumeClock{},
                                 AcknowledgeAlert{AlertKind::kOverdue, 0},
                                 AcknowledgeAlert{AlertKind::kDueSoon, 0},
                                 HandOverShipment{kItem, "vnpost"},
                                 TrackShipment{postal::ShipmentState::kInTransit, {}},
                                 TrackShipment{postal::ShipmentState::kReturning, {}},
                                 FailDelivery{},
                                 DeliverShipment{},
                                 ReturnShipment{}};
  for (std::uint8_t leg = 1; leg <= 4; ++leg) {
    actions.insert(
        actions.end(),
        {SendHandOver{leg}, AcknowledgeHandOver{leg}, AcceptLeg{leg}, CompleteLeg{leg},
         CompleteLeg{leg, routing::LegOutcome::kRejected}, ReturnLeg{leg}, RemindLeg{leg}});
  }
  return actions;
}

// What time owes by now.
inline void RaiseAlerts(testing::Life& life) {
  while (const auto next = NextAlert(life.dossier(), life.now())) {
    if (next->at > life.now() || !life.Do(RaiseAlert{next->key}).ok()) return;
  }
}

}  // namespace motcua::cases
