// `motcua service NAME …`: one service as a process of its own, over Apache Kafka. The same as the
// programs motcua-intake and so on, which are for machines that run nothing else of motcua.
#pragma once

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::standalone {

// `exit_code` gets that of process::RunService.
void AddServiceCommand(CLI::App& app, int& exit_code);

}  // namespace motcua::standalone
