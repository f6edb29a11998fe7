// The intake service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::intake {

// Of its program, in the help.
inline constexpr const char* kSummary =
    "Receives dossiers, asks for supplements, gives results back (tiếp nhận)";

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::intake
