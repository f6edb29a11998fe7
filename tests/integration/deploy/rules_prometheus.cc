// Prometheus asks every process, and no other; its rules are mounted where it looks for them.
#include <set>

#include "tests/integration/deploy/documents.h"
#include "tests/integration/deploy/processes.h"

namespace motcua::deploy {
namespace {

constexpr std::string_view kPrometheus = "deploy/prometheus/prometheus.yml";

std::set<std::string> TargetsOf(const YAML::Node& document) {
  std::set<std::string> targets;
  for (const YAML::Node& job : At(document, {"scrape_configs"})) {
    for (const YAML::Node& group : At(job, {"static_configs"})) {
      for (const std::string& target : Names(At(group, {"targets"}))) targets.insert(target);
    }
  }
  return targets;
}

// "intake-0:9464", from the ports that the processes are told.
std::set<std::string> AddressesOf(const Tree& tree) {
  std::set<std::string> addresses;
  for (const Process& process : ComposeProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok()) continue;
    addresses.insert(process.service + "-" + std::to_string(config->instance.ordinal) + ":" +
                     std::to_string(PortOf(config->metrics.listen)));
  }
  return addresses;
}

}  // namespace

Findings CheckPrometheusTargets(const Tree& tree) {
  Findings findings;
  const std::string path(kPrometheus);
  const std::set<std::string> addresses = AddressesOf(tree);
  for (const YAML::Node& document : DocumentsOf(tree, kPrometheus)) {
    const std::set<std::string> targets = TargetsOf(document);
    for (const std::string& target : targets) {
      if (!addresses.contains(target)) {
        findings.push_back({path, 0, target + " is no process of compose.yaml"});
      }
    }
    for (const std::string& address : addresses) {
      if (!targets.contains(address)) findings.push_back({path, 0, address + " is not asked"});
    }
    for (const std::string& rules : Names(At(document, {"rule_files"}))) {
      const std::string mount = "/etc/prometheus/" + rules + ":ro";
      const File* const compose = tree.Find(kCompose);
      if (tree.Find("deploy/prometheus/" + rules) == nullptr || compose == nullptr ||
          compose->text.find(mount) == std::string::npos) {
        findings.push_back({path, 0, rules + " is not mounted by compose.yaml"});
      }
    }
  }
  return findings;
}

}  // namespace motcua::deploy
