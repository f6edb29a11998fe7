#include "tests/integration/deploy/rules.h"

namespace motcua::deploy {

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
      {"SystemdUnits", CheckSystemdUnits},
      {"SystemdHardening", CheckSystemdHardening},
  };
  return kRules;
}

}  // namespace motcua::deploy
