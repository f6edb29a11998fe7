// The routing service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::routing {

// Of its program, in the help.
inline constexpr const char* kSummary = "Carries dossiers between agencies and levels (liên thông)";

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::routing
