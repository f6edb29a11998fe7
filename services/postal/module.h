// The postal service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::postal {

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::postal
