// What becomes of each dossier: its due date, standstills, whether it is resolved in time, late or
// not within the period, and how its result goes back. The report's counts are hit exactly: of all
// that may be late as many as it says are, and so on. Internal to the plan. Pure.
#pragma once

#include <vector>

#include "services/replay/plan.h"

namespace motcua::replay {

// FIELD_INVALID when the figures cannot be hit with this catalogue.
Status GiveFates(const catalogue::Catalogue& catalogue, const Timetable& timetable,
                 const Figures& figures, std::uint64_t seed, std::vector<Dossier>& dossiers);

}  // namespace motcua::replay
