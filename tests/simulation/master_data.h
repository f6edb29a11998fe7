// The catalogue of the simulated world: small, by hand, every kind of route and term. Pure.
#pragma once

#include <memory>
#include <vector>

#include "services/domain/catalogue/catalogue.h"

namespace motcua::simulation {

// The calendars cover 2025 and 2026.
std::shared_ptr<const catalogue::Catalogue> MakeMasterData();
// Units that receive dossiers; the last one is not in the catalogue (imports only).
const std::vector<cases::UnitCode>& ReceivingUnits();

// Whether the procedure, or a leg of its route, is due after hours by the clock.
bool IsByTheClock(const cases::ProcedureCode& procedure);

}  // namespace motcua::simulation
