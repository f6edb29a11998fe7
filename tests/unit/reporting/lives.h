// Lives of dossiers at random, with routes, standstills, shipments and returns: what the time of a
// dossier is divided by.
#pragma once

#include <cstdint>

#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {

routing::Leg PlannedLeg(const char* unit, std::uint8_t stage, bool lead = false);

// Of three units, in the order of a log. Also in orders that no service would allow.
History RandomLives(std::uint64_t seed, int dossiers);

}  // namespace motcua::reporting
