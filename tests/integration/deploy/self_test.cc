// Goal: no rule of deploy_test can never fail.
// Method: for each rule at least one mistake planted into the real files: a text that stands there
//         is replaced, and the rule has to say so; before, it says nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "tests/integration/deploy/rules.h"

namespace motcua::deploy {

struct Planted {
  std::string_view rule;
  std::string_view path;
  std::string_view from;
  std::string_view to;
  std::string_view message;  // part of it
};
void PrintTo(const Planted& planted, std::ostream* stream) {
  *stream << planted.rule << ": " << planted.from << " -> " << planted.to;
}

namespace {

constexpr std::string_view kManifest = "deploy/kubernetes/postal.yaml";
constexpr std::string_view kConfig = "deploy/kubernetes/config.yaml";
constexpr std::string_view kPolicies = "deploy/kubernetes/network-policies.yaml";
constexpr std::string_view kUnit = "deploy/systemd/motcua-routing@.service";
constexpr std::string_view kHardening = "deploy/systemd/motcua-.service.d/hardening.conf";
constexpr std::string_view kAlerts = "deploy/prometheus/alerts.yml";
constexpr std::string_view kPrometheus = "deploy/prometheus/prometheus.yml";

std::vector<Planted> PlantedProcesses() {
  return {
      {"Parses", kCompose, "services:\n", "services: [\n", ""},
      {"Parses", kManifest, "apiVersion: v1\n", "- apiVersion\n", ""},
      {"Settings", kConfig, "MOTCUA_LOG_FORMAT", "MOTCUA_LOG_SHAPE", "MOTCUA_LOG_SHAPE"},
      {"Settings", kConfig, "MOTCUA_LOG_FORMAT: json", "MOTCUA_LOG_FORMAT: xml", "one of"},
      {"Settings", kCompose, "command: [motcua-postal]", "command: [motcua-postal, --loud]",
       "loud"},
      {"Settings", kCompose, "MOTCUA_LISTEN: \"0.0.0.0:7103\"", "MOTCUA_LISTEN: \"0.0.0.0:7104\"",
       "not on port 7103"},
      {"Settings", kUnit, "0.0.0.0:7102", "0.0.0.0:7109", "not on port 7102"},
      {"Settings", "deploy/systemd/motcua.env", "MOTCUA_KAFKA_BROKERS", "MOTCUA_BROKERS",
       "MOTCUA_BROKERS"},
      {"Settings", kConfig, "MOTCUA_METRICS_LISTEN: 0.0.0.0:9464", "MOTCUA_LOG_LEVEL: info",
       "no metrics"},
      {"Programs", "services/postal/CMakeLists.txt", "motcua-postal", "motcua-post",
       "does not build"},
      {"Programs", kUnit, "bin/motcua-routing", "bin/motcua-router", "motcua-router"},
      {"Programs", kCompose, "command: [motcua-intake]", "command: [motcua]", "by motcua,"},
      {"Instances", kManifest, "replicas: 2", "replicas: 3", "replicas"},
      {"Instances", kCompose, "hostname: motcua-deadline-1", "hostname: motcua-deadline-0",
       "deadline is told of 2"},
      {"ClusterFiles", "deploy/compose/cluster.toml", "7203", "7303", "127.0.0.1:7303"},
      {"ClusterFiles", "deploy/compose/cluster.toml", "partitions = 12", "partitions = 6",
       "partitions differ"},
      {"ClusterFiles", kConfig, "motcua-postal-1.motcua-postal.motcua:7104",
       "motcua-postal-1.postal.motcua:7104", "no address of postal"},
      {"ClusterFiles", kConfig, ", \"motcua-postal-1.motcua-postal.motcua:7104\"", "", "instances"},
      {"Image", kDockerfile, "USER 10001:10001", "USER root", "not root"},
      {"Image", kDockerfile, "build/bin/motcua-reporting", "", "motcua-reporting"},
      {"Image", kDockerfile, "ARG DEBIAN=debian:12.11-slim", "ARG DEBIAN=debian", "no version"},
      {"Image", kManifest, "image: motcua:0.1.0", "image: motcua:0.0.9", "this version"},
      {"NoSecrets", kConfig, "SASL_PASSWORD_FILE: /etc/motcua/kafka/password", "SASL_PASSWORD: abc",
       "in plain"},
      {"NoSecrets", kConfig, "kind: ConfigMap\n", "kind: Secret\n", "a Secret in git"},
  };
}

std::vector<Planted> PlantedCompose() {
  return {
      {"ComposeDependencies", kCompose, "kafka-3: {condition", "kafka-4: {condition", "kafka-4"},
      {"ComposeDependencies", kCompose, "topics: {condition: service_completed_successfully}",
       "topics: {condition: service_healthy}", "cannot be service_healthy"},
      {"ComposeReferences", kCompose,
       "volumes: [\"postal-1:", "volumes: [\"postal-0:", "belongs to another"},
      {"ComposeReferences", kCompose, "-1:\n  prometheus:\n", "-1:\n  other:\n", "other"},
      {"ComposeReferences", kCompose, "../prometheus/alerts.yml", "../alerts.yml", "is no file"},
      {"ComposeReferences", kCompose, "/run/secrets/kafka-password", "/run/secrets/password",
       "not given"},
      {"ComposeHardening", kCompose, "read_only: true", "read_only: false", "may be written"},
      {"ComposeHardening", kCompose, "cap_drop: [ALL]", "cap_drop: []", "capabilities"},
      {"ComposeHardening", kCompose, "no-new-privileges:true", "no-new-privileges:false",
       "privileges"},
      {"ComposeHardening", kCompose, "apache/kafka:4.4.0", "apache/kafka:latest", "no version"},
      {"ComposeHardening", kCompose, "127.0.0.1:9090:", "9090:", "open to others"},
      {"ComposeBrokers", kCompose, "kafka-2:9092,", "kafka-2:9094,", "kafka-2:9094"},
      {"ComposeBrokers", kCompose, "\"kafka-1:9094,", "\"kafka-1:9092,", "PLAINTEXT"},
      {"ComposeBrokers", kCompose, "KAFKA_MIN_INSYNC_REPLICAS: \"2\"",
       "KAFKA_MIN_INSYNC_REPLICAS: \"1\"", "MIN_INSYNC"},
      {"ComposeBrokers", kCompose, "KAFKA_NODE_ID: \"2\"", "KAFKA_NODE_ID: \"4\"", "no vote"},
  };
}

std::vector<Planted> PlantedKubernetes() {
  return {
      {"KubernetesReferences", "deploy/kubernetes/kustomization.yaml", "  - postal.yaml\n", "",
       "not in kustomization"},
      {"KubernetesReferences", "deploy/kubernetes/kustomization.yaml", "postal.yaml", "post.yaml",
       "post.yaml is no file"},
      {"KubernetesReferences", kManifest, "serviceName: motcua-postal", "serviceName: postal",
       "no Service postal"},
      {"KubernetesReferences", kManifest, "configMapRef: {name: motcua-process}",
       "configMapRef: {name: process}", "no ConfigMap process"},
      {"KubernetesReferences", kManifest, "{name: state, mountPath", "{name: store, mountPath",
       "mounts store"},
      {"KubernetesReferences", kManifest, "mountPath: /var/lib/motcua", "mountPath: /data",
       "no claimed volume"},
      {"KubernetesReferences", kManifest, "secretName: motcua-kafka", "secretName: kafka-user",
       "kafka-user"},
      {"KubernetesReferences", kConfig, "/etc/motcua/kafka/ca.crt", "/etc/motcua/kafka/ca.pem",
       "ca.pem of secret"},
      {"KubernetesSelectors", kManifest, "matchLabels: {app.kubernetes.io/name: motcua-postal}",
       "matchLabels: {app.kubernetes.io/name: postal}", "its own pods"},
      {"KubernetesSelectors", kManifest, "  selector: {app.kubernetes.io/name: motcua-postal}",
       "  selector: {app.kubernetes.io/name: postal}", "one Service"},
      {"KubernetesSelectors", kManifest, "clusterIP: None", "clusterIP: 10.0.0.1", "headless"},
      {"KubernetesSelectors", kManifest, "kind: PodDisruptionBudget", "kind: Budget",
       "one PodDisruptionBudget"},
      {"KubernetesSelectors", kManifest, "minAvailable: 1", "minAvailable: 2", "minAvailable"},
      {"KubernetesSelectors", kManifest, "podAntiAffinity", "podAffinity", "share a node"},
      {"KubernetesSelectors", kPolicies, "app.kubernetes.io/part-of: motcua",
       "app.kubernetes.io/part-of: other", "selects no pod"},
      {"KubernetesProbes", kManifest, "service: liveness", "service: alive", "startupProbe"},
      {"KubernetesProbes", kManifest, "grpc: {port: 7104}", "grpc: {port: 7104, service: liveness}",
       "readinessProbe"},
      {"KubernetesProbes", kManifest, "grpc: {port: 7104}", "grpc: {port: 7105}", "another port"},
      {"KubernetesPorts", kManifest, "containerPort: 7104", "containerPort: 7101", "its ports"},
      {"KubernetesPorts", kManifest, "port: 9464, targetPort", "port: 9465, targetPort",
       "leads nowhere"},
      {"KubernetesPorts", kManifest, "prometheus.io/port: \"9464\"", "prometheus.io/port: \"80\"",
       "scraped"},
      {"KubernetesPorts", kPolicies, "port: grpc", "port: http", "http is no port"},
      {"KubernetesPorts", kPolicies, "port: 9093", "port: 9092", "lets it out"},
      {"KubernetesSecurity", kManifest, "runAsNonRoot: true", "runAsNonRoot: false", "NonRoot"},
      {"KubernetesSecurity", kManifest, "readOnlyRootFilesystem: true",
       "readOnlyRootFilesystem: false", "readOnlyRoot"},
      {"KubernetesSecurity", kManifest, "drop: [ALL]", "drop: []", "capabilities"},
      {"KubernetesSecurity", kManifest, "seccompProfile: {type: RuntimeDefault}",
       "seccompProfile: {type: Unconfined}", "seccomp"},
      {"KubernetesSecurity", kManifest, "limits: {memory: 2Gi}", "limits: {}", "limits.memory"},
      {"KubernetesAlike", kManifest, "periodSeconds: 10", "periodSeconds: 11", "differs"},
  };
}

std::vector<Planted> PlantedPrometheusAndSystemd() {
  return {
      {"PrometheusTargets", kPrometheus, "postal-1:9464", "postal-2:9464", "postal-2:9464"},
      {"PrometheusTargets", kPrometheus, "          - postal-1:9464\n", "", "is not asked"},
      {"PrometheusTargets", kPrometheus, "alerts.yml", "rules.yml", "not mounted"},
      {"PrometheusMetrics", kAlerts, "motcua_partition_lag_records", "motcua_partition_lag",
       "no process has motcua_partition_lag"},
      {"PrometheusMetrics", kAlerts, "          action: Another", "          note: Another",
       "has no action"},
      {"SystemdUnits", kUnit, "127.0.0.1:9465", "127.0.0.1:9464", "another unit's port"},
      {"SystemdUnits", kUnit, "LoadCredential=tls.key:", "LoadCredential=key:", "credentials"},
      {"SystemdUnits", kUnit, "StateDirectory=motcua/routing-%i", "StateDirectory=motcua",
       "its data"},
      {"SystemdUnits", "deploy/systemd/motcua-standalone.service", "/usr/bin/motcua standalone",
       "/usr/local/bin/motcua standalone", "no program"},
      {"SystemdUnits", kUnit, "Environment=MOTCUA_TLS_CERTIFICATE=%d/tls.crt\n", "", "credentials"},
      {"SystemdHardening", kHardening, "ProtectSystem=strict", "ProtectSystem=full", "strict"},
      {"SystemdHardening", kUnit, "[Service]\n", "[Service]\nPrivateTmp=no\n", "PrivateTmp"},
  };
}

const std::vector<Planted>& AllPlanted() {
  static const std::vector<Planted> kPlanted = [] {
    std::vector<Planted> all = PlantedProcesses();
    for (const auto& more :
         {PlantedCompose(), PlantedKubernetes(), PlantedPrometheusAndSystemd()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return kPlanted;
}

const Rule* FindRule(std::string_view name) {
  const auto found = std::find_if(AllRules().begin(), AllRules().end(),
                                  [name](const Rule& rule) { return rule.name == name; });
  return found == AllRules().end() ? nullptr : &*found;
}

class PlantedMistakes : public testing::TestWithParam<Planted> {};

TEST_P(PlantedMistakes, AreFound) {
  const Planted& planted = GetParam();
  const Rule* const rule = FindRule(planted.rule);
  ASSERT_NE(rule, nullptr) << planted.rule;
  Tree tree = ReadDeployTree();
  const auto file = std::find_if(tree.files.begin(), tree.files.end(), [&](const File& candidate) {
    return candidate.path == planted.path;
  });
  ASSERT_NE(file, tree.files.end());
  const std::size_t at = file->text.find(planted.from);
  ASSERT_NE(at, std::string::npos) << "the text to replace no longer stands there";
  ASSERT_TRUE(rule->check(tree).empty());
  file->text.replace(at, planted.from.size(), planted.to);

  std::string text;
  const Findings findings = rule->check(tree);
  for (const Finding& finding : findings) text += tidy::FormatFinding(finding) + "\n";
  EXPECT_FALSE(findings.empty());
  EXPECT_THAT(text, testing::HasSubstr(std::string(planted.message)));
}
INSTANTIATE_TEST_SUITE_P(Self, PlantedMistakes, testing::ValuesIn(AllPlanted()));

TEST(SelfTest, EveryRuleHasAPlantedMistake) {
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(std::any_of(AllPlanted().begin(), AllPlanted().end(), [&](const Planted& planted) {
      return planted.rule == rule.name;
    })) << rule.name;
  }
}

}  // namespace
}  // namespace motcua::deploy
