#include "tests/integration/deploy/rules.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace motcua::deploy {
namespace {

constexpr std::array<std::string_view, 8> kFolders = {"deploy",
                                                      "scripts",
                                                      "services/deadline",
                                                      "services/intake",
                                                      "services/platform/telemetry",
                                                      "services/postal",
                                                      "services/reporting",
                                                      "services/routing"};

}  // namespace

Tree ReadDeployTree() {
  Tree tree;
  for (const std::string_view folder : kFolders) {
    for (File& file : tidy::ReadTree(std::filesystem::path(MOTCUA_SOURCE_DIR) / folder).files) {
      file.path = std::string(folder).append("/").append(file.path);
      tree.files.push_back(std::move(file));
    }
  }
  constexpr std::string_view kLists = "CMakeLists.txt";
  std::ifstream stream(std::filesystem::path(MOTCUA_SOURCE_DIR) / kLists);
  tree.files.push_back({std::string(kLists),
                        {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()},
                        false});
  std::sort(tree.files.begin(), tree.files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

const std::vector<Rule>& AllRules() {
  static const std::vector<Rule> kRules = {
      {"Parses", CheckParses},
      {"Settings", CheckSettings},
      {"Programs", CheckPrograms},
      {"Instances", CheckInstances},
      {"ClusterFiles", CheckClusterFiles},
      {"Image", CheckImage},
      {"NoSecrets", CheckNoSecrets},
      {"ComposeDependencies", CheckComposeDependencies},
      {"ComposeReferences", CheckComposeReferences},
      {"ComposeHardening", CheckComposeHardening},
      {"ComposeBrokers", CheckComposeBrokers},
      {"KubernetesReferences", CheckKubernetesReferences},
      {"KubernetesSelectors", CheckKubernetesSelectors},
      {"KubernetesProbes", CheckKubernetesProbes},
      {"KubernetesPorts", CheckKubernetesPorts},
      {"KubernetesSecurity", CheckKubernetesSecurity},
      {"KubernetesAlike", CheckKubernetesAlike},
      {"PrometheusTargets", CheckPrometheusTargets},
      {"PrometheusMetrics", CheckPrometheusMetrics},
      {"SystemdUnits", CheckSystemdUnits},
      {"SystemdHardening", CheckSystemdHardening},
  };
  return kRules;
}

}  // namespace motcua::deploy
