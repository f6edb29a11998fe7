// Every process of a service that deploy/ starts, whatever starts it: what it is given as its
// command, environment and host name. Stateless; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/platform/config/process_config.h"
#include "tests/integration/deploy/rules.h"

namespace motcua::deploy {

struct Process {
  std::string path;     // of the file that starts it
  std::string starter;  // "compose", "kubernetes", "systemd"
  std::string service;  // "intake"
  std::string program;  // "motcua-intake"
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  std::string host_name;
};
std::vector<Process> ComposeProcesses(const Tree& tree);
std::vector<Process> KubernetesProcesses(const Tree& tree);
// Of instance 0 of each template unit, with motcua.env.
std::vector<Process> SystemdProcesses(const Tree& tree);
std::vector<Process> AllProcesses(const Tree& tree);

// As the process itself would read it; files of secrets are taken for readable.
Result<config::ProcessConfig> LoadProcess(const Process& process);

// "intake" of "motcua-intake" and of "motcua-intake@.service"; empty if it is none of the five.
std::string ServiceOf(std::string_view name);

// The lines `key=value` of a unit or of an environment file, in their order.
struct Line {
  std::string key;
  std::string value;
  std::size_t number = 0;
};
std::vector<Line> LinesOf(const File& file);

}  // namespace motcua::deploy
