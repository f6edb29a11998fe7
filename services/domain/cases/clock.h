// What events do to a dossier's clock; parts that the folds of several topics share. Total, as
// Apply.
#pragma once

#include "services/domain/cases/dossier.h"

namespace motcua::cases {

void StartClock(Dossier& dossier, const DossierReceived& received);
void ImportClock(Dossier& dossier, const DossierImported& imported, Instant effective);
// Before a register moves its date, which it has promised until `until`. The register is told of
// long after, so what counts is when the date passed, or later, when a standstill had set it.
void NoteMove(Clock& clock, const ZonedTime& until);
void PauseClockAt(Clock& clock, PauseReason reason, const ZonedTime& at);
void ResumeClockAt(Dossier& dossier, const ClockResumed& resumed, const Parts& parts);
// The case ends at `at`: its clock, too.
void EndAt(Dossier& dossier, Stage stage, Outcome outcome, const ZonedTime& at);

}  // namespace motcua::cases
