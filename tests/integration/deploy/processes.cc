#include "tests/integration/deploy/processes.h"

#include "services/platform/config/load.h"
#include "services/platform/config/settings.h"
#include "tests/integration/deploy/documents.h"

namespace motcua::deploy {
namespace {

// systemd's specifiers, for instance 0 of a system unit.
std::string Expand(std::string text, std::string_view instance) {
  const std::map<std::string, std::string, std::less<>> specifiers = {
      {"%i", std::string(instance)}, {"%S", "/var/lib"}, {"%d", "/run/credentials"}};
  for (const auto& [specifier, value] : specifiers) {
    for (std::size_t at = 0; (at = text.find(specifier, at)) != std::string::npos;) {
      text.replace(at, specifier.size(), value);
    }
  }
  return text;
}

void TakeCommand(std::vector<std::string> words, Process& process) {
  if (words.empty()) return;
  process.program = words.front().substr(words.front().rfind('/') + 1);
  process.arguments.assign(words.begin() + 1, words.end());
}

}  // namespace

std::string ServiceOf(std::string_view name) {
  for (const ServiceFact& service : kServices) {
    const std::string full = "motcua-" + std::string(service.name);
    if (name == full || name.starts_with(full + "@")) return std::string(service.name);
  }
  return {};
}

std::vector<Line> LinesOf(const File& file) {
  std::vector<Line> lines;
  std::size_t number = 0;
  for (const std::string_view line : tidy::Lines(file.text)) {
    ++number;
    const std::size_t equals = line.find('=');
    if (line.empty() || line.front() == '#' || line.front() == '[') continue;
    if (equals == std::string_view::npos) continue;
    lines.push_back(
        {std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)), number});
  }
  return lines;
}

std::vector<Process> ComposeProcesses(const Tree& tree) {
  std::vector<Process> processes;
  for (const YAML::Node& document : DocumentsOf(tree, kCompose)) {
    const YAML::Node services = At(document, {"services"});
    for (const std::string& name : Names(services)) {
      const YAML::Node service = At(services, {name});
      Process process;
      process.path = kCompose;
      process.starter = "compose";
      TakeCommand(Names(At(service, {"command"})), process);
      process.service = std::string(name.substr(0, name.rfind('-')));
      process.environment = Pairs(At(service, {"environment"}));
      process.host_name = TextAt(service, {"hostname"});
      if (!ServiceOf("motcua-" + process.service).empty()) processes.push_back(process);
    }
  }
  return processes;
}

std::vector<Process> KubernetesProcesses(const Tree& tree) {
  std::vector<Process> processes;
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    for (const YAML::Node& container : At(set.node, {"spec", "template", "spec", "containers"})) {
      Process process;
      process.path = set.path;
      process.starter = "kubernetes";
      process.service = ServiceOf(set.name);
      process.host_name = set.name + "-0";
      TakeCommand(Names(At(container, {"command"})), process);
      for (const YAML::Node& source : At(container, {"envFrom"})) {
        for (const Object& map : ObjectsOf(tree, "ConfigMap")) {
          if (map.name != TextAt(source, {"configMapRef", "name"})) continue;
          process.environment.merge(Pairs(At(map.node, {"data"})));
        }
      }
      for (const YAML::Node& variable : At(container, {"env"})) {
        process.environment[TextAt(variable, {"name"})] = TextAt(variable, {"value"});
      }
      processes.push_back(process);
    }
  }
  return processes;
}

std::vector<Process> SystemdProcesses(const Tree& tree) {
  std::vector<Process> processes;
  const File* const shared = tree.Find(kUnitEnvironment);
  for (const File& file : tree.files) {
    const bool unit = tidy::IsUnder(file.path, kSystemd) && tidy::IsKind(file.path, {".service"});
    Process process;
    process.service = ServiceOf(tidy::NameOf(file.path));
    if (!unit || process.service.empty()) continue;
    process.path = file.path;
    process.starter = "systemd";
    process.host_name = "server.example.vn";
    for (const Line& line : LinesOf(file)) {
      const std::string value = Expand(line.value, "0");
      if (line.key == "ExecStart") TakeCommand(Split(value, ' '), process);
      if (line.key == "EnvironmentFile" && value == "/etc/motcua/motcua.env" && shared != nullptr) {
        for (const Line& row : LinesOf(*shared)) process.environment[row.key] = row.value;
      }
      const std::size_t equals = value.find('=');
      if (line.key != "Environment" || equals == std::string::npos) continue;
      process.environment[value.substr(0, equals)] = value.substr(equals + 1);
    }
    processes.push_back(process);
  }
  return processes;
}

std::vector<Process> AllProcesses(const Tree& tree) {
  std::vector<Process> all = ComposeProcesses(tree);
  for (const auto& more : {KubernetesProcesses(tree), SystemdProcesses(tree)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

Result<config::ProcessConfig> LoadProcess(const Process& process) {
  config::Sources sources;
  sources.program = process.program;
  sources.arguments = process.arguments;
  sources.host_name = process.host_name;
  for (auto [name, value] : process.environment) {
    for (const config::Setting& setting : config::Settings()) {
      if (!setting.secret) continue;
      // Any file will do: what is inside is the place's own.
      if (name == config::EnvironmentOf(config::FileKeyOf(setting.key))) {
        value = MOTCUA_SOURCE_DIR "/README.md";
      }
    }
    sources.environment.push_back(name + "=" + value);
  }
  MOTCUA_ASSIGN_OR_RETURN(config::Loaded loaded, config::Load(sources));
  return loaded.config;
}

}  // namespace motcua::deploy
