// `motcua admin …`: the operator's tools.
#pragma once

#include "services/cli/context.h"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::admin {

// Exit statuses as all commands (cli/context.h): 0 done, 1 refused or unsafe, 2 usage, 3 no broker
// answers.
void AddAdminCommand(CLI::App& app, cli::Context& context);

}  // namespace motcua::admin
