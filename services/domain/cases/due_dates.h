// The due dates that events say; parts that the decisions of several topics share.
#pragma once

#include "services/base/status.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/catalogue/catalogue.h"

namespace motcua::cases {

// Due date and the due-soon instant before it; no due-soon that is not after `start`. Provisional
// when a day from `start` to the due date is not decided; hours by the clock ask for no such day.
Result<ClockSetting> SettingFor(const calendar::Calendar& calendar, const ZonedTime& due,
                                deadline::TermUnit unit, std::int32_t lead_minutes, Instant start);

// The new settings of the dossier's clock and its running legs when a standstill ends at `at`.
// INTERNAL when its clock was never stopped.
Result<ClockResumed> Resume(const Dossier& dossier, const catalogue::Catalogue& catalogue,
                            const ZonedTime& at);

}  // namespace motcua::cases
