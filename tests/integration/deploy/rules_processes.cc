// What holds for every process, whatever starts it: settings, programs, instances, the cluster
// files of clients, the image, and that no secret lies in git.
#include <algorithm>
#include <map>
#include <numeric>

#include "services/platform/cluster/cluster_file.h"
#include "services/platform/config/settings.h"
#include "tests/integration/deploy/documents.h"
#include "tests/integration/deploy/processes.h"

namespace motcua::deploy {
namespace {

bool IsYaml(const File& file) {
  return tidy::IsUnder(file.path, "deploy") && tidy::IsKind(file.path, {".yaml", ".yml"});
}

std::string ProgramOf(std::string_view service) { return "motcua-" + std::string(service); }

// Every address of a cluster file, as "intake=HOST:PORT", has to be among `reachable`.
void CompareClusterFile(const std::string& path, const std::string& text, const std::string& topics,
                        const std::vector<std::string>& reachable, Findings& findings) {
  const auto file = cluster::ParseClusterFile(text, path);
  if (!file.ok()) {
    findings.push_back({path, 0, file.status().message()});
    return;
  }
  if (std::to_string(file->partitions) != topics) {
    findings.push_back({path, 0, "partitions differ from the " + topics + " that topics get"});
  }
  std::size_t count = 0;
  for (const auto& [service, addresses] : file->services) {
    for (const std::string& address : addresses) {
      ++count;
      if (!Contains(reachable, service + "=" + address)) {
        findings.push_back({path, 0, address + " is no address of " + service});
      }
    }
  }
  if (count != reachable.size()) {
    findings.push_back({path, 0,
                        "names " + std::to_string(count) + " instances, there are " +
                            std::to_string(reachable.size())});
  }
}

// As compose publishes them to this machine.
std::vector<std::string> PublishedAddresses(const Tree& tree) {
  std::vector<std::string> addresses;
  for (const YAML::Node& document : DocumentsOf(tree, kCompose)) {
    const YAML::Node services = At(document, {"services"});
    for (const std::string& name : Names(services)) {
      const std::string service = name.substr(0, name.rfind('-'));
      if (ServiceOf(ProgramOf(service)).empty()) continue;
      for (const std::string& port : Names(At(services, {name, "ports"}))) {
        addresses.push_back(service + "=" + HostOf(port));
      }
    }
  }
  return addresses;
}

std::vector<std::string> PodAddresses(const Tree& tree) {
  std::vector<std::string> addresses;
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const std::string service = ServiceOf(set.name);
    const int replicas = NumberOf(TextAt(set.node, {"spec", "replicas"}));
    for (const ServiceFact& fact : kServices) {
      for (int i = 0; fact.name == service && i < replicas; ++i) {
        addresses.push_back(service + "=" + set.name + "-" + std::to_string(i) + "." +
                            TextAt(set.node, {"spec", "serviceName"}) +
                            ".motcua:" + std::to_string(fact.port));
      }
    }
  }
  return addresses;
}

std::string PartitionsOfTopics(const Tree& tree) {
  for (const YAML::Node& document : DocumentsOf(tree, kCompose)) {
    const auto words = Names(At(document, {"services", "topics", "command"}));
    const auto flag = std::find(words.begin(), words.end(), "--partitions");
    if (flag != words.end() && flag + 1 != words.end()) return *(flag + 1);
  }
  return {};
}

// "0.1.0" of `project(motcua VERSION 0.1.0 …`.
std::string ProjectVersion(const Tree& tree) {
  const File* const lists = tree.Find("CMakeLists.txt");
  if (lists == nullptr) return {};
  constexpr std::string_view kBefore = "project(motcua VERSION ";
  const std::size_t at = lists->text.find(kBefore);
  if (at == std::string::npos) return {};
  return Split(std::string_view(lists->text).substr(at + kBefore.size()), ' ').front();
}

}  // namespace

Findings CheckParses(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsYaml(file)) continue;
    try {
      const auto documents = ParseDocuments(file.text);
      const bool maps = std::all_of(documents.begin(), documents.end(),
                                    [](const YAML::Node& node) { return node.IsMap(); });
      if (documents.empty() || !maps) findings.push_back({file.path, 0, "is no map"});
    } catch (const YAML::Exception& error) {
      findings.push_back({file.path, static_cast<std::size_t>(error.mark.line + 1), error.msg});
    }
  }
  return findings;
}

// As the process itself would: unknown names, ranges, contradictions; and its port.
Findings CheckSettings(const Tree& tree) {
  Findings findings;
  std::map<std::string, int> processes;
  for (const Process& process : AllProcesses(tree)) {
    ++processes[process.starter];
    const auto config = LoadProcess(process);
    if (!config.ok()) {
      findings.push_back({process.path, 0, process.service + ": " + config.status().message()});
      continue;
    }
    for (const ServiceFact& fact : kServices) {
      if (fact.name != process.service || PortOf(config->listen) == fact.port) continue;
      findings.push_back({process.path, 0,
                          process.service + " listens on " + config->listen + ", not on port " +
                              std::to_string(fact.port)});
    }
    if (config->metrics.listen.empty()) {
      findings.push_back({process.path, 0, process.service + " has no metrics"});
    }
  }
  for (const std::string starter : {"compose", "kubernetes", "systemd"}) {
    if (processes[starter] < static_cast<int>(kServices.size())) {
      findings.push_back({"deploy", 0, starter + " does not start all services"});
    }
  }
  return findings;
}

// The program of its service, which a CMakeLists.txt builds.
Findings CheckPrograms(const Tree& tree) {
  Findings findings;
  for (const ServiceFact& fact : kServices) {
    const std::string path = "services/" + std::string(fact.name) + "/CMakeLists.txt";
    const File* const lists = tree.Find(path);
    const std::string target = "motcua_program(" + ProgramOf(fact.name) + " ";
    if (lists != nullptr && lists->text.find(target) != std::string::npos) continue;
    findings.push_back({path, 0, "does not build " + ProgramOf(fact.name)});
  }
  for (const Process& process : AllProcesses(tree)) {
    if (process.program == ProgramOf(process.service)) continue;
    findings.push_back({process.path, 0,
                        process.service + " is started by " + process.program + ", not by " +
                            ProgramOf(process.service)});
  }
  return findings;
}

// As many instances as each of them is told, numbered from 0.
Findings CheckInstances(const Tree& tree) {
  std::map<std::string, std::vector<int>> ordinals;
  for (const Process& process : ComposeProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (config.ok()) ordinals[process.service].push_back(config->instance.ordinal);
  }
  Findings findings;
  for (const Process& process : ComposeProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok()) continue;
    std::vector<int> expected(static_cast<std::size_t>(config->instance.replicas));
    std::iota(expected.begin(), expected.end(), 0);
    if (ordinals[process.service] == expected) continue;
    findings.push_back({process.path, 0,
                        process.service + " is told of " +
                            std::to_string(config->instance.replicas) +
                            " instances, whose ordinals are not those of the services"});
  }
  for (const Process& process : KubernetesProcesses(tree)) {
    const auto config = LoadProcess(process);
    for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
      if (!config.ok() || set.path != process.path) continue;
      if (TextAt(set.node, {"spec", "replicas"}) == std::to_string(config->instance.replicas)) {
        continue;
      }
      findings.push_back({set.path, 0, set.name + ": replicas are not those it is told of"});
    }
  }
  return findings;
}

Findings CheckClusterFiles(const Tree& tree) {
  Findings findings;
  const std::string partitions = PartitionsOfTopics(tree);
  if (const File* const file = tree.Find("deploy/compose/cluster.toml"); file != nullptr) {
    CompareClusterFile(file->path, file->text, partitions, PublishedAddresses(tree), findings);
  } else {
    findings.push_back({"deploy/compose/cluster.toml", 0, "is missing"});
  }
  std::size_t maps = 0;
  for (const Object& map : ObjectsOf(tree, "ConfigMap")) {
    const std::string text = TextAt(map.node, {"data", "cluster.toml"});
    if (text.empty()) continue;
    ++maps;
    CompareClusterFile(map.path, text, partitions, PodAddresses(tree), findings);
  }
  if (maps != 1) findings.push_back({std::string(kKubernetes), 0, "not one cluster.toml"});
  return findings;
}

// One image of one version, that has every program; its user is the one that manifests expect.
Findings CheckImage(const Tree& tree) {
  Findings findings;
  const File* const dockerfile = tree.Find(kDockerfile);
  if (dockerfile == nullptr) return {{std::string(kDockerfile), 0, "is missing"}};
  std::string user;
  for (const std::string_view line : tidy::Lines(dockerfile->text)) {
    if (line.starts_with("USER ")) user = line.substr(std::string_view("USER ").size());
    if (line.starts_with("ARG DEBIAN=") && line.find(':') == std::string_view::npos) {
      findings.push_back({dockerfile->path, 0, "the base image has no version"});
    }
  }
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const YAML::Node pod = At(set.node, {"spec", "template", "spec"});
    const std::string wanted = TextAt(pod, {"securityContext", "runAsUser"}) + ":" +
                               TextAt(pod, {"securityContext", "runAsGroup"});
    if (user != wanted) findings.push_back({set.path, 0, "runs as " + wanted + ", not " + user});
  }
  for (const ServiceFact& fact : kServices) {
    const std::string path = "build/bin/" + ProgramOf(fact.name);
    if (dockerfile->text.find(path) != std::string::npos) continue;
    findings.push_back({dockerfile->path, 0, "does not install " + path});
  }
  const std::string image = "motcua:" + ProjectVersion(tree);
  for (const File& file : tree.files) {
    if (!IsYaml(file)) continue;
    std::size_t number = 0;
    for (const std::string_view line : tidy::Lines(file.text)) {
      ++number;
      const std::size_t at = line.find("image: motcua");
      if (at == std::string_view::npos || line.ends_with(" " + image)) continue;
      findings.push_back({file.path, number, "the image of this version is " + image});
    }
  }
  return findings;
}

Findings CheckNoSecrets(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    const bool installed = tidy::IsUnder(file.path, kKubernetes) ||
                           tidy::IsUnder(file.path, kSystemd) ||
                           tidy::IsUnder(file.path, "deploy/compose");
    if (!installed || tidy::IsKind(file.path, {".md"})) continue;
    if (file.text.find("kind: Secret\n") != std::string::npos) {
      findings.push_back({file.path, 0, "a Secret in git"});
    }
    for (const config::Setting& setting : config::Settings()) {
      if (!setting.secret) continue;
      const std::string name = config::EnvironmentOf(setting.key);
      for (const char behind : {':', '='}) {
        if (file.text.find(name + behind) == std::string::npos) continue;
        findings.push_back({file.path, 0, name + " in plain; give " + name + "_FILE"});
      }
    }
  }
  return findings;
}

}  // namespace motcua::deploy
