// The routing service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::routing {

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::routing
