// `motcua tour`: one dossier of each kind of route lives its whole life through the five running
// services, under a scenario clock; each step is printed with the command that does it.
#pragma once

#include "services/cli/context.h"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::cli {

// Starts services of its own in a temporary folder. Refused unless every life came to its end.
void AddTourCommand(CLI::App& app, Context& context);

}  // namespace motcua::cli
