// JSON as the command line prints it, back into a message: what `show --format json` wrote, changed
// by hand or by a script, is what a command takes. Pure.
#pragma once

#include <string>
#include <string_view>

#include "services/cli/fields.h"

namespace motcua::cli {

// Fields by their names in the contract; null is not said. FIELD_INVALID naming the path of what
// does not fit, never its value.
Status FromJson(std::string_view json, Message& message, const imports::TimeZone& zone);

}  // namespace motcua::cli
