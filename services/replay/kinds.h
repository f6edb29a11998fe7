// What the plan must know of the procedures beyond the catalogue: columns of procedures.csv that
// the services do not read. Pure.
#pragma once

#include <string_view>

#include "services/replay/plan.h"

namespace motcua::replay {

// FILE_INVALID when the text has not the columns `code`, `tier` and `online`.
Result<Kinds> ReadKinds(std::string_view procedures_csv);

}  // namespace motcua::replay
