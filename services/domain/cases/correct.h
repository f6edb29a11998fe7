// Corrections: one of the latest events of a dossier is taken back, and the dossier is as if it had
// not been. The history keeps the event, and the correction with its reason and actor.
//
// An event can be taken back as long as no later one rests on it. What followed from it by itself
// (a reaction) goes with it, and what the state then owes is owed again. So each part of the
// dossier that the event changed was changed by nothing else since, and its value of before is the
// value that it would have. An alert that was raised is a fact of time, and stays. So does a
// hand-over with a manifest, which the carrier signed for: a shipment that is back was returned.
#pragma once

#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/cases/dossier.h"

namespace motcua::cases {

// "ShipmentDelivered", and what people call it: "Phát thành công".
std::string_view EventName(const Undo& undo);
std::string_view EventLabel(const Undo& undo);

// The versions of what would be taken back together with the event that made `version`. Refuses
// with STATE_FORBIDS, and names what stands in the way.
Result<std::vector<Version>> GoesWith(const Dossier& dossier, Version version);

// For Apply. Before `event` is folded: notes what it will change, where it can be taken back.
void NoteUndo(Dossier& dossier, const CaseEvent& event, const ZonedTime& at, const Parts& parts);
// Folds a correction. Total: a version that is not noted changes nothing.
void TakeBack(Dossier& dossier, const EventTakenBack& correction);

}  // namespace motcua::cases
