// The postal service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::postal {

// Of its program, in the help.
inline constexpr const char* kSummary =
    "Follows results through the public postal service (bưu chính)";

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::postal
