// Which procedures can be asked for online: a column of procedures.csv that the services do not
// read. Pure.
#pragma once

#include <string_view>

#include "services/replay/plan.h"

namespace motcua::replay {

// FILE_INVALID when the text has not the columns `code` and `online`.
Result<OnlineProcedures> ReadOnline(std::string_view procedures_csv);

}  // namespace motcua::replay
