// The generator's own list: one CSV row for each dossier of a plan, from which anybody can count
// the report's figures without the services. Pure.
#pragma once

#include <string>

#include "services/replay/plan.h"

namespace motcua::replay {

// number, unit, procedure, field, level, channel, return, received, due, resolved, verdict, closed,
// fate. Times are the city's, with their offset; what does not happen within the period is empty.
// `verdict`: early, on_time, late by the civil days; of an open one in_term, paused, late.
std::string ListCsv(const Plan& plan, const catalogue::Catalogue& catalogue);

}  // namespace motcua::replay
