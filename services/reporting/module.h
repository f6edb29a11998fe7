// The reporting service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::reporting {

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::reporting
