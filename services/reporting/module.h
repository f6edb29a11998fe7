// The reporting service as a process hosts it.
#pragma once

#include <memory>

#include "services/platform/process/module.h"

namespace motcua::reporting {

// Of its program, in the help.
inline constexpr const char* kSummary =
    "Keeps on-time rates and the tables of the reports (báo cáo)";

std::unique_ptr<process::ServiceModule> MakeModule();

}  // namespace motcua::reporting
