// `motcua replay`: a history from a printed report, lived through by running services.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/context.h"

namespace motcua::replay {

// Starts services of its own, unless the user names some.
void AddReplayCommand(CLI::App& app, cli::Context& context);

}  // namespace motcua::replay
