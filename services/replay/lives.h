// The acts of each dossier's life, from the counter to the citizen's hands. Internal to the plan.
// Pure.
#pragma once

#include <vector>

#include "services/replay/plan.h"

namespace motcua::replay {

// By step, dossier, number. Says in each dossier when it is closed and how many acts it has; what
// would come after the period's end is left out.
std::vector<Act> MakeLives(const catalogue::Catalogue& catalogue, const Timetable& timetable,
                           std::uint64_t seed, std::vector<Dossier>& dossiers);

}  // namespace motcua::replay
