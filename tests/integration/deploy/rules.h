// What has to hold between the files of deploy/ and the programs that they start: a rule reads the
// tree and says where it is broken. As tests/tidy, whose tree and findings these are.
//
// To add one: write it beside its like, give it a row in rules.cc and a planted mistake in
// self_test.cc; a rule without one fails the self-test. Pure; any thread.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/rules.h"
#include "tests/tidy/tree.h"

namespace motcua::deploy {

using tidy::File;
using tidy::Finding;
using tidy::Findings;
using tidy::Tree;

// The files that rules read, and no others of the repository.
Tree ReadDeployTree();

struct Rule {
  std::string_view name;  // CamelCase; the name of its test
  Findings (*check)(const Tree& tree);
};
const std::vector<Rule>& AllRules();

struct ServiceFact {
  std::string_view name;
  int port = 0;  // of its gRPC server
};
inline constexpr std::array<ServiceFact, 5> kServices = {{{"intake", 7101},
                                                          {"routing", 7102},
                                                          {"deadline", 7103},
                                                          {"postal", 7104},
                                                          {"reporting", 7105}}};
inline constexpr int kMetricsPort = 9464;

inline constexpr std::string_view kCompose = "deploy/compose/compose.yaml";
inline constexpr std::string_view kKubernetes = "deploy/kubernetes";
inline constexpr std::string_view kSystemd = "deploy/systemd";
inline constexpr std::string_view kUnitEnvironment = "deploy/systemd/motcua.env";
inline constexpr std::string_view kKustomization = "deploy/kubernetes/kustomization.yaml";
inline constexpr std::string_view kKubernetesReadme = "deploy/kubernetes/README.md";
inline constexpr std::string_view kDockerfile = "deploy/docker/Dockerfile";

// rules_processes.cc
Findings CheckParses(const Tree& tree);
Findings CheckSettings(const Tree& tree);
Findings CheckPrograms(const Tree& tree);
Findings CheckInstances(const Tree& tree);
Findings CheckClusterFiles(const Tree& tree);
Findings CheckImage(const Tree& tree);
Findings CheckNoSecrets(const Tree& tree);

// rules_compose.cc
Findings CheckComposeDependencies(const Tree& tree);
Findings CheckComposeReferences(const Tree& tree);
Findings CheckComposeHardening(const Tree& tree);
Findings CheckComposeBrokers(const Tree& tree);

// rules_kubernetes.cc
Findings CheckKubernetesReferences(const Tree& tree);
Findings CheckKubernetesSelectors(const Tree& tree);
Findings CheckKubernetesProbes(const Tree& tree);
Findings CheckKubernetesPorts(const Tree& tree);
Findings CheckKubernetesSecurity(const Tree& tree);
Findings CheckKubernetesAlike(const Tree& tree);

// rules_prometheus.cc
Findings CheckPrometheusTargets(const Tree& tree);
Findings CheckPrometheusMetrics(const Tree& tree);

// rules_systemd.cc
Findings CheckSystemdUnits(const Tree& tree);
Findings CheckSystemdHardening(const Tree& tree);

}  // namespace motcua::deploy
