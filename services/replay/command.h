// `motcua replay`: a history from a printed report, lived through by running services.
#pragma once

#include "services/cli/context.h"

namespace CLI {
class App;
}  // namespace CLI

namespace motcua::replay {

// Starts services of its own, unless the user names some.
void AddReplayCommand(CLI::App& app, cli::Context& context);

}  // namespace motcua::replay
