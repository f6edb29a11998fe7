// Which dossiers come: how many, when, to which counter, by which channel, for which procedure. The
// totals are exact in every margin (largest remainder), what meets what is shuffled. Internal to
// the plan. Pure.
#pragma once

#include <vector>

#include "services/replay/plan.h"

namespace motcua::replay {

inline constexpr const char* kCentre = "000.23.10.H49";
// "000.31.10.H49" to "000.63.10.H49".
inline constexpr int kFirstWard = 31;

// By receipt. Procedure, unit, level, channel, received, carried over; fates only of the refused
// and the withdrawn.
Result<std::vector<Dossier>> MakeVolumes(const catalogue::Catalogue& catalogue,
                                         const OnlineProcedures& online, const Timetable& timetable,
                                         const Figures& figures, std::uint64_t seed);

}  // namespace motcua::replay
