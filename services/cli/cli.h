// The command line of motcua as a function, so that tests can call it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/cli/context.h"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::cli {

// Adds a sub-command that lives outside this folder; it sets the context's `exit_code` when it
// runs.
using AddCommandFunction = std::function<void(CLI::App& app, Context& context)>;

// For such a one: a command with --server, --format and so on, whose own options are still to be
// added.
CLI::App& AddCommand(CLI::App& parent, Context& context, std::string_view name,
                     std::string_view help, std::string_view example = "");

// For one without options: `run` sets the context's `exit_code`.
void AddPlainCommand(CLI::App& parent, std::string_view name, std::string_view help,
                     std::function<void()> run);

// Runs the command that `arguments` (without the program's name) ask for. Answers the exit status:
// 0 done, 1 refused, 2 usage, 3 the server is unavailable. `defaults` hold where a flag is not
// given.
int Run(std::vector<std::string> arguments, const Terminal& terminal, const Options& defaults,
        const std::vector<AddCommandFunction>& more = {});

}  // namespace motcua::cli
