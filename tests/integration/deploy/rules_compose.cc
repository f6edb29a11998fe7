// What compose.yaml names has to be there: services, volumes, secrets, files, brokers.
#include <set>

#include "tests/integration/deploy/documents.h"
#include "tests/integration/deploy/processes.h"

namespace motcua::deploy {
namespace {

YAML::Node ComposeServices(const Tree& tree) {
  for (const YAML::Node& document : DocumentsOf(tree, kCompose)) {
    return At(document, {"services"});
  }
  return YAML::Node(YAML::NodeType::Undefined);
}
YAML::Node ComposeTop(const Tree& tree, std::string_view key) {
  for (const YAML::Node& document : DocumentsOf(tree, kCompose)) return At(document, {key});
  return YAML::Node(YAML::NodeType::Undefined);
}

void Add(Findings& findings, const std::string& service, const std::string& what) {
  findings.push_back({std::string(kCompose), 0, service + ": " + what});
}

// "../prometheus/x.yml" from deploy/compose.
std::string FromRoot(std::string_view path) {
  constexpr std::string_view kUp = "../";
  std::string_view folder = tidy::FolderOf(kCompose);
  if (path.starts_with("./")) path.remove_prefix(2);
  while (path.starts_with(kUp)) {
    path.remove_prefix(kUp.size());
    folder = tidy::FolderOf(folder);
  }
  std::string full(folder);
  if (!full.empty()) full.append("/");
  return full.append(path);
}

void CheckVolumes(const Tree& tree, const std::string& name, const YAML::Node& service,
                  std::set<std::string>& used, Findings& findings) {
  for (const std::string& mount : Names(At(service, {"volumes"}))) {
    const std::string source = Split(mount, ':').front();
    if (source.starts_with('.')) {
      if (tree.Find(FromRoot(source)) == nullptr) Add(findings, name, source + " is no file");
    } else if (!used.insert(source).second) {
      Add(findings, name, "volume " + source + " belongs to another instance");
    }
  }
}

constexpr std::string_view kSecretFolder = "/run/secrets/";

void CheckSecretFiles(const std::string& name, const YAML::Node& service, Findings& findings) {
  const std::vector<std::string> given = Names(At(service, {"secrets"}));
  for (const auto& [key, value] : Pairs(At(service, {"environment"}))) {
    const std::size_t at = value.find(kSecretFolder);
    if (at == std::string::npos) continue;
    const std::string secret = value.substr(at + kSecretFolder.size());
    if (!Contains(given, secret)) Add(findings, name, key + " names a secret it is not given");
  }
}

// The listeners of a broker whose security is `protocol`: "9092".
std::set<int> PortsOf(const YAML::Node& broker, std::string_view protocol) {
  std::set<int> ports;
  for (const std::string& mapping :
       Split(TextAt(broker, {"environment", "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"}), ',')) {
    const std::vector<std::string> pair = Split(mapping, ':');
    if (pair.size() != 2 || pair[1] != protocol) continue;
    for (const std::string& listener :
         Split(TextAt(broker, {"environment", "KAFKA_ADVERTISED_LISTENERS"}), ',')) {
      if (listener.starts_with(pair[0] + "://")) ports.insert(PortOf(listener));
    }
  }
  return ports;
}

void CheckBrokerList(const YAML::Node& services, const std::string& name,
                     const std::string& brokers, std::string_view protocol, Findings& findings) {
  for (const std::string& address : Split(brokers, ',')) {
    const YAML::Node broker = At(services, {HostOf(address)});
    if (!broker.IsDefined() || !PortsOf(broker, protocol).contains(PortOf(address))) {
      Add(findings, name, address + " is no broker's " + std::string(protocol) + " listener");
    }
  }
}

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// What scripts/kafka-parts/cluster.sh says of three brokers.
constexpr std::array<std::array<std::string_view, 2>, 9> kSafeBroker = {{
    {"auto.create.topics.enable", "false"},
    {"unclean.leader.election.enable", "false"},
    {"default.replication.factor", "3"},
    {"min.insync.replicas", "2"},
    {"offsets.topic.replication.factor", "3"},
    {"transaction.state.log.replication.factor", "3"},
    {"transaction.state.log.min.isr", "2"},
    {"share.coordinator.state.topic.replication.factor", "3"},
    {"share.coordinator.state.topic.min.isr", "2"},
}};

void CheckSafeBroker(const Tree& tree, const std::string& name, const YAML::Node& broker,
                     Findings& findings) {
  const File* const local = tree.Find("scripts/kafka-parts/cluster.sh");
  for (const auto& [key, value] : kSafeBroker) {
    if (local == nullptr || local->text.find("\n" + std::string(key) + "=") == std::string::npos) {
      Add(findings, name, std::string(key) + " is not set by scripts/kafka");
    }
    std::string variable = "KAFKA_" + Upper(std::string(key));
    for (char& c : variable) c = c == '.' ? '_' : c;
    if (TextAt(broker, {"environment", variable}) == value) continue;
    Add(findings, name, variable + " is not " + std::string(value));
  }
}

}  // namespace

Findings CheckComposeDependencies(const Tree& tree) {
  Findings findings;
  const YAML::Node services = ComposeServices(tree);
  for (const std::string& name : Names(services)) {
    const YAML::Node dependencies = At(services, {name, "depends_on"});
    for (const std::string& other : Names(dependencies)) {
      const YAML::Node target = At(services, {other});
      if (!target.IsDefined()) {
        Add(findings, name, "depends on " + other + ", which there is not");
        continue;
      }
      const std::string condition = TextAt(dependencies, {other, "condition"});
      const bool checked = At(target, {"healthcheck"}).IsDefined();
      const bool ends = !At(target, {"restart"}).IsDefined();
      if ((condition == "service_healthy" && checked) ||
          (condition == "service_completed_successfully" && ends)) {
        continue;
      }
      Add(findings, name, other + " cannot be " + condition);
    }
    const bool service = !ServiceOf("motcua-" + name.substr(0, name.rfind('-'))).empty();
    if (service && !Contains(Names(dependencies), "topics")) {
      Add(findings, name, "does not wait for the topics");
    }
  }
  return findings;
}

Findings CheckComposeReferences(const Tree& tree) {
  Findings findings;
  const YAML::Node services = ComposeServices(tree);
  std::set<std::string> volumes;
  std::set<std::string> secrets;
  for (const std::string& name : Names(services)) {
    const YAML::Node service = At(services, {name});
    CheckVolumes(tree, name, service, volumes, findings);
    CheckSecretFiles(name, service, findings);
    for (const std::string& secret : Names(At(service, {"secrets"}))) secrets.insert(secret);
    const std::string context = TextAt(service, {"build", "context"});
    const std::string dockerfile = TextAt(service, {"build", "dockerfile"});
    if (!context.empty() && tree.Find(FromRoot(context + "/" + dockerfile)) == nullptr &&
        tree.Find(dockerfile) == nullptr) {
      Add(findings, name, dockerfile + " is no file");
    }
  }
  for (const auto& [key, used] : {std::pair{"volumes", volumes}, std::pair{"secrets", secrets}}) {
    const std::vector<std::string> declared = Names(ComposeTop(tree, key));
    for (const std::string& name : used) {
      if (!Contains(declared, name)) Add(findings, name, "not declared under " + std::string(key));
    }
    for (const std::string& name : declared) {
      if (!used.contains(name)) Add(findings, name, "used by nobody");
    }
  }
  return findings;
}

Findings CheckComposeHardening(const Tree& tree) {
  Findings findings;
  const YAML::Node services = ComposeServices(tree);
  for (const std::string& name : Names(services)) {
    const YAML::Node service = At(services, {name});
    const std::string image = TextAt(service, {"image"});
    const bool broker = image.starts_with("apache/kafka:");
    if (image.find(':') == std::string::npos || image.ends_with(":latest")) {
      Add(findings, name, "its image has no version");
    }
    if (!Contains(Names(At(service, {"cap_drop"})), "ALL")) {
      Add(findings, name, "keeps capabilities");
    }
    if (!Contains(Names(At(service, {"security_opt"})), "no-new-privileges:true")) {
      Add(findings, name, "may gain privileges");
    }
    // The brokers' image writes its settings at its start.
    if (!broker && TextAt(service, {"read_only"}) != "true") Add(findings, name, "may be written");
    for (const std::string& port : Names(At(service, {"ports"}))) {
      if (!port.starts_with("127.0.0.1:")) Add(findings, name, port + " is open to others");
    }
  }
  return findings;
}

Findings CheckComposeBrokers(const Tree& tree) {
  Findings findings;
  const YAML::Node services = ComposeServices(tree);
  for (const Process& process : ComposeProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok()) continue;
    CheckBrokerList(services, process.host_name, config->kafka.brokers,
                    Upper(config->kafka.security_protocol), findings);
  }
  const std::vector<std::string> words = Names(At(services, {"topics", "command"}));
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "--brokers") {
      CheckBrokerList(services, "topics", words[i + 1], "PLAINTEXT", findings);
    }
  }
  for (const std::string& name : Names(services)) {
    const YAML::Node broker = At(services, {name});
    if (!TextAt(broker, {"image"}).starts_with("apache/kafka:")) continue;
    CheckSafeBroker(tree, name, broker, findings);
    const std::string voter = TextAt(broker, {"environment", "KAFKA_NODE_ID"}) + "@" + name + ":";
    if (TextAt(broker, {"environment", "KAFKA_CONTROLLER_QUORUM_VOTERS"}).find(voter) ==
        std::string::npos) {
      Add(findings, name, "has no vote");
    }
  }
  return findings;
}

}  // namespace motcua::deploy
