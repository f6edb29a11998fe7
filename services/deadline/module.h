// The deadline service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::deadline {

// Of its program, in the help.
inline constexpr const char* kSummary = "Watches due dates and raises alerts (thời hạn)";

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::deadline
