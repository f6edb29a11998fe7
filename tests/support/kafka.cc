#include "tests/support/kafka.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

#include "services/platform/runtime/child.h"

namespace motcua::testing {
namespace {

constexpr int kKafkaMissingExit = 77;  // scripts/kafka --help
constexpr std::string_view kReady = "ready ";

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Standard output of `scripts/kafka words…` on the cluster in `folder`, without its line end.
// Tests never install or fetch: a test that waits for a download tells nobody anything.
Result<std::string> RunScript(std::vector<std::string> words, const std::filesystem::path& folder,
                              const std::vector<std::string>& environment = {}) {
  const TempDir errors;
  words.insert(words.begin(), std::string(MOTCUA_SOURCE_DIR) + "/scripts/kafka");
  words.insert(words.end(), {"--offline", "--data", folder.string()});
  runtime::Child process(words, (errors / "stderr").string(), environment);
  std::string out = process.ReadAll();
  const int exit_code = process.Wait();
  if (exit_code == kKafkaMissingExit) {
    return Status(Reason::kLogUnavailable, ReadText(errors / "stderr"));
  }
  if (exit_code != 0) {
    return Status(Reason::kInternal, "scripts/kafka " + words[1] + " ended with status " +
                                         std::to_string(exit_code) + ": " +
                                         ReadText(errors / "stderr"));
  }
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

// The addresses after "ready ".
Result<std::string> StartScript(std::vector<std::string> options,
                                const std::filesystem::path& folder,
                                const std::vector<std::string>& environment = {}) {
  options.insert(options.begin(), "start");
  options.insert(options.end(), {"--while", std::to_string(getpid())});
  MOTCUA_ASSIGN_OR_RETURN(const std::string line, RunScript(options, folder, environment));
  if (!line.starts_with(kReady)) {
    return Status(Reason::kInternal, "scripts/kafka start said \"" + line + "\"");
  }
  return line.substr(kReady.size());
}

std::string_view SecurityWord(KafkaSecurity security) {
  switch (security) {
    case KafkaSecurity::kPlaintext:
      return "plaintext";
    case KafkaSecurity::kSsl:
      return "ssl";
    case KafkaSecurity::kSaslPlaintext:
      return "sasl_plaintext";
    case KafkaSecurity::kSaslSsl:
      return "sasl_ssl";
  }
  return "";
}

KafkaCluster::Settings ReadSettings(const std::filesystem::path& path) {
  KafkaCluster::Settings settings;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) {
      settings.emplace_back(line.substr(0, equals), line.substr(equals + 1));
    }
  }
  return settings;
}

}  // namespace

Result<std::unique_ptr<KafkaCluster>> KafkaCluster::Start(int brokers, KafkaSecurity security,
                                                          int advertise_port_offset,
                                                          const std::string& node_environment) {
  std::unique_ptr<KafkaCluster> cluster(new KafkaCluster);
  if (!node_environment.empty()) {
    cluster->environment_.push_back("MOTCUA_KAFKA_NODE_ENVIRONMENT=" + node_environment);
  }
  MOTCUA_ASSIGN_OR_RETURN(
      cluster->bootstrap_,
      StartScript(
          {"--brokers", std::to_string(brokers), "--security", std::string(SecurityWord(security)),
           "--advertise-port-offset", std::to_string(advertise_port_offset)},
          cluster->folder(), cluster->environment_));
  cluster->client_settings_ = ReadSettings(cluster->folder() / "client.properties");
  return cluster;
}

KafkaCluster::~KafkaCluster() {
  const Status wiped = Command({"wipe"});
  if (!wiped.ok()) ADD_FAILURE() << "brokers may still run: " << wiped.ToString();
}

Status KafkaCluster::Command(std::vector<std::string> words) {
  return RunScript(std::move(words), folder(), environment_).status();
}

Result<int> KafkaCluster::Controller() {
  MOTCUA_ASSIGN_OR_RETURN(const std::string text, RunScript({"controller"}, folder()));
  int node = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), node);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return Status(Reason::kInternal, "scripts/kafka controller said \"" + text + "\"");
  }
  return node;
}

Result<std::string> SharedKafka() {
  // Under ctest it runs already (the fixture kafka.start); by hand it lives as long as the caller.
  std::string folder = MOTCUA_KAFKA_SHARED_DIR;
  if (const char* const version = std::getenv("MOTCUA_KAFKA_VERSION")) {
    folder.append("-").append(version);
  }
  return StartScript({}, folder);
}

bool IsKafkaMissing(const Status& status) { return status.reason() == Reason::kLogUnavailable; }

}  // namespace motcua::testing
