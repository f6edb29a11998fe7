// `motcua standalone`: the command that runs all services until it is told to stop.
#pragma once

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::standalone {

// `exit_code` gets 0 after a clean end, 1 when the services could not start.
void AddStandaloneCommand(CLI::App& app, int& exit_code);

}  // namespace motcua::standalone
