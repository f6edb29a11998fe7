// The head of an event: its dossier and the steps that it makes (events.h), to and from the wire.
#pragma once

#include "motcua/events/v1/case_event.pb.h"
#include "services/domain/cases/events.h"

namespace motcua::wire {

void FillSteps(const cases::CaseEvent& event, events::v1::CaseEvent* wire);

// Dossier and steps of `event`. RECORD_INVALID when they cannot be an event's.
Status TakeSteps(const events::v1::CaseEvent& wire, cases::CaseEvent& event);

}  // namespace motcua::wire
