// The process's log: one line per entry on standard error, with time, level and text. No personal
// data: callers log codes, counts and reasons, never the content of a request.
//
// Any thread. spdlog behind it; nothing else of the project includes spdlog.
#pragma once

#include <string_view>

#include "services/base/status.h"

namespace motcua::telemetry {

void LogInfo(std::string_view text);
void LogWarning(std::string_view text);
// A warning with code, reason, message and what the operator should do.
void LogStatus(const Status& status);

}  // namespace motcua::telemetry
