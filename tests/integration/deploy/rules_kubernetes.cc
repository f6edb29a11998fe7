// What the manifests name has to be there and to fit: references, selectors, probes, ports; and
// what a pod may do.
#include <algorithm>
#include <set>

#include "tests/integration/deploy/documents.h"
#include "tests/integration/deploy/processes.h"

namespace motcua::deploy {
namespace {

using Labels = std::map<std::string, std::string>;

constexpr std::string_view kLiveness = "liveness";

void Add(Findings& findings, const Object& object, const std::string& what) {
  findings.push_back({object.path, 0, object.kind + " " + object.name + ": " + what});
}

std::vector<YAML::Node> Items(const YAML::Node& list) {
  std::vector<YAML::Node> items;
  if (!list.IsDefined() || !list.IsSequence()) return items;
  for (const YAML::Node& item : list) items.push_back(item);
  return items;
}
std::vector<std::string> FieldOf(const YAML::Node& list, std::string_view key) {
  std::vector<std::string> values;
  for (const YAML::Node& item : Items(list)) values.push_back(TextAt(item, {key}));
  return values;
}

YAML::Node PodOf(const Object& set) { return At(set.node, {"spec", "template", "spec"}); }
Labels LabelsOf(const Object& set) {
  return Pairs(At(set.node, {"spec", "template", "metadata", "labels"}));
}
std::vector<YAML::Node> ContainersOf(const Object& set) {
  return Items(At(PodOf(set), {"containers"}));
}

bool Selects(const Labels& selector, const Labels& labels) {
  return !selector.empty() &&
         std::all_of(selector.begin(), selector.end(), [&labels](const auto& pair) {
           const auto found = labels.find(pair.first);
           return found != labels.end() && found->second == pair.second;
         });
}

bool Exists(const Tree& tree, std::string_view kind, std::string_view name) {
  const std::vector<Object> objects = ObjectsOf(tree, kind);
  return std::any_of(objects.begin(), objects.end(),
                     [name](const Object& object) { return object.name == name; });
}

// A secret is made by hand, and the README says how, key by key.
void CheckSecretIsExplained(const Tree& tree, const Object& set, const std::string& secret,
                            const std::string& mount, Findings& findings) {
  const File* const readme = tree.Find(kKubernetesReadme);
  const std::string command = "kubectl create secret generic " + secret;
  if (readme == nullptr || readme->text.find(command) == std::string::npos) {
    Add(findings, set, "README.md does not say how to make secret " + secret);
    return;
  }
  for (const Object& map : ObjectsOf(tree, "ConfigMap")) {
    for (const auto& [key, value] : Pairs(At(map.node, {"data"}))) {
      if (!value.starts_with(mount + "/")) continue;
      const std::string file = value.substr(mount.size() + 1);
      if (readme->text.find("--from-file=" + file + "=") != std::string::npos) continue;
      Add(findings, set, key + " is " + file + " of secret " + secret + ", which it does not have");
    }
  }
}

void CheckMounts(const Tree& tree, const Object& set, Findings& findings) {
  std::vector<std::string> claims;
  for (const YAML::Node& claim : Items(At(set.node, {"spec", "volumeClaimTemplates"}))) {
    claims.push_back(TextAt(claim, {"metadata", "name"}));
  }
  const std::vector<std::string> volumes = FieldOf(At(PodOf(set), {"volumes"}), "name");
  std::map<std::string, std::string> mounted;
  for (const YAML::Node& container : ContainersOf(set)) {
    for (const YAML::Node& mount : Items(At(container, {"volumeMounts"}))) {
      mounted[TextAt(mount, {"name"})] = TextAt(mount, {"mountPath"});
    }
  }
  for (const auto& [name, path] : mounted) {
    if (!Contains(claims, name) && !Contains(volumes, name)) {
      Add(findings, set, "mounts " + name + ", which there is not");
    }
  }
  for (const YAML::Node& volume : Items(At(PodOf(set), {"volumes"}))) {
    const std::string secret = TextAt(volume, {"secret", "secretName"});
    const std::string name = TextAt(volume, {"name"});
    if (!mounted.contains(name)) Add(findings, set, "volume " + name + " is mounted nowhere");
    if (secret.empty()) continue;
    CheckSecretIsExplained(tree, set, secret, mounted[name], findings);
  }
  for (const Process& process : KubernetesProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok() || process.path != set.path) continue;
    const bool kept = std::any_of(claims.begin(), claims.end(), [&](const std::string& claim) {
      return mounted[claim] == config->data;
    });
    if (!kept) Add(findings, set, config->data + " is on no claimed volume");
  }
}

bool IsTrue(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  return TextAt(node, keys) == "true";
}
bool IsFalse(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  return TextAt(node, keys) == "false";
}

const ServiceFact* FactOf(const Object& set) {
  const std::string service = ServiceOf(set.name);
  const auto* const found =
      std::find_if(kServices.begin(), kServices.end(),
                   [&service](const ServiceFact& fact) { return fact.name == service; });
  return found == kServices.end() ? nullptr : found;
}

std::string ManifestOf(const ServiceFact& fact) {
  std::string path(kKubernetes);
  return path.append("/").append(fact.name).append(".yaml");
}

void CheckEgress(const Tree& tree, Findings& findings) {
  std::set<int> open;
  for (const Object& policy : ObjectsOf(tree, "NetworkPolicy")) {
    for (const YAML::Node& rule : Items(At(policy.node, {"spec", "egress"}))) {
      for (const YAML::Node& port : Items(At(rule, {"ports"}))) {
        open.insert(NumberOf(TextAt(port, {"port"})));
      }
    }
  }
  for (const Process& process : KubernetesProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok()) continue;
    for (const std::string& broker : Split(config->kafka.brokers, ',')) {
      if (open.contains(PortOf(broker))) continue;
      findings.push_back({process.path, 0, "no network policy lets it out to " + broker});
    }
  }
}

}  // namespace

Findings CheckKubernetesReferences(const Tree& tree) {
  Findings findings;
  const std::string folder(kKubernetes);
  std::vector<std::string> listed;
  for (const YAML::Node& document : DocumentsOf(tree, kKustomization)) {
    listed = Names(At(document, {"resources"}));
  }
  for (const std::string& name : listed) {
    if (tree.Find(folder + "/" + name) != nullptr) continue;
    findings.push_back({folder, 0, name + " is no file"});
  }
  for (const Object& object : KubernetesObjects(tree)) {
    if (!Contains(listed, tidy::NameOf(object.path))) {
      Add(findings, object, "its file is not in kustomization.yaml");
    }
  }
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const std::string service = TextAt(set.node, {"spec", "serviceName"});
    if (!Exists(tree, "Service", service)) Add(findings, set, "there is no Service " + service);
    for (const YAML::Node& container : ContainersOf(set)) {
      for (const YAML::Node& source : Items(At(container, {"envFrom"}))) {
        const std::string map = TextAt(source, {"configMapRef", "name"});
        if (!Exists(tree, "ConfigMap", map)) Add(findings, set, "there is no ConfigMap " + map);
      }
    }
    CheckMounts(tree, set, findings);
  }
  return findings;
}

Findings CheckKubernetesSelectors(const Tree& tree) {
  Findings findings;
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const Labels labels = LabelsOf(set);
    if (!Selects(Pairs(At(set.node, {"spec", "selector", "matchLabels"})), labels)) {
      Add(findings, set, "does not select its own pods");
    }
    int apart = 0;
    for (const YAML::Node& term :
         Items(At(PodOf(set), {"affinity", "podAntiAffinity",
                               "requiredDuringSchedulingIgnoredDuringExecution"}))) {
      if (Selects(Pairs(At(term, {"labelSelector", "matchLabels"})), labels)) ++apart;
    }
    if (apart == 0) Add(findings, set, "its pods may share a node");
    int budgets = 0;
    for (const Object& budget : ObjectsOf(tree, "PodDisruptionBudget")) {
      if (!Selects(Pairs(At(budget.node, {"spec", "selector", "matchLabels"})), labels)) continue;
      ++budgets;
      const int least = NumberOf(TextAt(budget.node, {"spec", "minAvailable"}));
      if (least < 1 || least >= NumberOf(TextAt(set.node, {"spec", "replicas"}))) {
        Add(findings, budget, "minAvailable lets none go, or all");
      }
    }
    if (budgets != 1) Add(findings, set, "has not one PodDisruptionBudget");
    int services = 0;
    for (const Object& service : ObjectsOf(tree, "Service")) {
      if (!Selects(Pairs(At(service.node, {"spec", "selector"})), labels)) continue;
      ++services;
      const bool headless = TextAt(service.node, {"spec", "clusterIP"}) == "None";
      if (!headless) Add(findings, service, "is not headless");
    }
    if (services != 1) Add(findings, set, "has not one Service");
    for (const Object& policy : ObjectsOf(tree, "NetworkPolicy")) {
      const YAML::Node selector = At(policy.node, {"spec", "podSelector"});
      const Labels wanted = Pairs(At(selector, {"matchLabels"}));
      if (wanted.empty() && selector.size() == 0) continue;  // every pod
      if (!Selects(wanted, labels)) Add(findings, policy, "selects no pod of " + set.name);
    }
  }
  return findings;
}

// Native probes, by names of health that processes have (services/platform/process): `liveness`
// holds from the first moment, the empty name when the log has been read. Who is probed for that
// to live would be killed while it reads.
Findings CheckKubernetesProbes(const Tree& tree) {
  Findings findings;
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const ServiceFact* const fact = FactOf(set);
    for (const YAML::Node& container : ContainersOf(set)) {
      for (const auto& [probe, health] :
           {std::pair{"startupProbe", kLiveness}, std::pair{"livenessProbe", kLiveness},
            std::pair{"readinessProbe", std::string_view()}}) {
        const std::string name(probe);
        if (TextAt(container, {probe, "grpc", "service"}) != health) {
          Add(findings, set, name + " does not ask for health \"" + std::string(health) + "\"");
        }
        const int port = NumberOf(TextAt(container, {probe, "grpc", "port"}));
        if (fact == nullptr || port != fact->port) Add(findings, set, name + " asks another port");
      }
    }
  }
  return findings;
}

Findings CheckKubernetesPorts(const Tree& tree) {
  Findings findings;
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const ServiceFact* const fact = FactOf(set);
    if (fact == nullptr) continue;
    const Labels ports = {{"grpc", std::to_string(fact->port)},
                          {"metrics", std::to_string(kMetricsPort)}};
    for (const YAML::Node& container : ContainersOf(set)) {
      Labels open;
      for (const YAML::Node& port : Items(At(container, {"ports"}))) {
        open[TextAt(port, {"name"})] = TextAt(port, {"containerPort"});
      }
      if (open != ports) Add(findings, set, "its ports are not grpc and metrics of " + set.name);
    }
    for (const Object& service : ObjectsOf(tree, "Service")) {
      if (service.name != set.name) continue;
      for (const YAML::Node& port : Items(At(service.node, {"spec", "ports"}))) {
        const auto known = ports.find(TextAt(port, {"targetPort"}));
        if (known == ports.end() || known->second != TextAt(port, {"port"})) {
          Add(findings, service, "port " + TextAt(port, {"port"}) + " leads nowhere");
        }
      }
    }
    const Labels scrape = Pairs(At(set.node, {"spec", "template", "metadata", "annotations"}));
    const auto port = scrape.find("prometheus.io/port");
    if (port == scrape.end() || port->second != ports.at("metrics")) {
      Add(findings, set, "is not scraped on its port");
    }
    for (const Object& policy : ObjectsOf(tree, "NetworkPolicy")) {
      for (const YAML::Node& rule : Items(At(policy.node, {"spec", "ingress"}))) {
        for (const std::string& name : FieldOf(At(rule, {"ports"}), "port")) {
          if (!ports.contains(name)) Add(findings, policy, name + " is no port of a pod");
        }
      }
    }
  }
  CheckEgress(tree, findings);
  return findings;
}

Findings CheckKubernetesSecurity(const Tree& tree) {
  Findings findings;
  for (const Object& set : ObjectsOf(tree, "StatefulSet")) {
    const YAML::Node pod = PodOf(set);
    const auto require = [&](bool holds, const std::string& what) {
      if (!holds) Add(findings, set, what);
    };
    require(IsTrue(pod, {"securityContext", "runAsNonRoot"}), "runAsNonRoot");
    require(TextAt(pod, {"securityContext", "seccompProfile", "type"}) == "RuntimeDefault",
            "seccompProfile");
    require(At(pod, {"securityContext", "fsGroup"}).IsDefined(), "fsGroup");
    require(IsFalse(pod, {"automountServiceAccountToken"}), "automountServiceAccountToken");
    require(IsFalse(pod, {"enableServiceLinks"}), "enableServiceLinks");
    require(!ContainersOf(set).empty(), "containers");
    for (const YAML::Node& container : ContainersOf(set)) {
      const YAML::Node context = At(container, {"securityContext"});
      require(IsFalse(context, {"allowPrivilegeEscalation"}), "allowPrivilegeEscalation");
      require(IsTrue(context, {"readOnlyRootFilesystem"}), "readOnlyRootFilesystem");
      require(Contains(Names(At(context, {"capabilities", "drop"})), "ALL"), "capabilities");
      for (const std::string_view key : {"cpu", "memory"}) {
        require(At(container, {"resources", "requests", key}).IsDefined(),
                "resources.requests." + std::string(key));
      }
      require(At(container, {"resources", "limits", "memory"}).IsDefined(),
              "resources.limits.memory");
    }
  }
  return findings;
}

// A change to one of the five files is a change to all.
Findings CheckKubernetesAlike(const Tree& tree) {
  const auto normal = [&tree](const ServiceFact& fact) {
    const File* const file = tree.Find(ManifestOf(fact));
    std::string text = file == nullptr ? std::string() : file->text;
    for (const auto& [word, mark] : {std::pair{"motcua-" + std::string(fact.name), "NAME"},
                                     std::pair{std::to_string(fact.port), "PORT"}}) {
      for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) {
        text.replace(at, word.size(), mark);
      }
    }
    return text;
  };
  Findings findings;
  const std::string first = normal(kServices.front());
  for (const ServiceFact& fact : kServices) {
    if (!first.empty() && normal(fact) == first) continue;
    findings.push_back(
        {ManifestOf(fact), 0, "differs from intake.yaml in more than name and port"});
  }
  return findings;
}

}  // namespace motcua::deploy
