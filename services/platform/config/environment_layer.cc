#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "services/platform/config/layers.h"
#include "services/platform/config/settings.h"

namespace motcua::config {
namespace {

constexpr std::string_view kPrefix = "MOTCUA_";
constexpr std::string_view kConfigVariable = "MOTCUA_CONFIG";

// Variables of the project that are no settings of a service process.
constexpr std::array<std::string_view, 19> kOthers = {
    "MOTCUA_SERVER",    // the command line: which server
    "MOTCUA_CLUSTER",   // the command line: which cluster
    "MOTCUA_AT_LEAST",  // the command line: what reads must have seen
    "MOTCUA_TLS",       // the command line: how it is spoken to
    "MOTCUA_CA_FILE",      "MOTCUA_CERTIFICATE_FILE", "MOTCUA_KEY_FILE",      "MOTCUA_SERVER_NAME",
    "MOTCUA_KAFKA_SCRIPT",  // `motcua cluster up`, scripts/kafka
    "MOTCUA_KAFKA_JARS",   "MOTCUA_KAFKA_JVM",        "MOTCUA_KAFKA_VERSION",
    "MOTCUA_JOBS",          // scripts: how much runs at once
    "MOTCUA_SKIP_SETUP",    // scripts: install nothing
    "MOTCUA_NO_ASLR",       // scripts: the thread sanitizer
    "MOTCUA_CHAOS_ROUNDS",  // tests
    "MOTCUA_CHAOS_SEED",   "MOTCUA_REPLAY_SCALE",
    "MOTCUA_BENCH_KAFKA",  // scripts/bench: which brokers are measured
};
// Tests that write their vectors anew.
constexpr std::string_view kUpdatePrefix = "MOTCUA_UPDATE_";

// Kubernetes tells every container about the services of its namespace: MOTCUA_INTAKE_SERVICE_HOST,
// MOTCUA_INTAKE_PORT_7070_TCP_ADDR and so on, for a service that is called motcua-intake.
bool IsServiceLink(std::string_view name) {
  if (name.ends_with("_SERVICE_HOST") || name.ends_with("_SERVICE_PORT")) return true;
  if (name.find("_SERVICE_PORT_") != std::string_view::npos || name.ends_with("_PORT")) return true;
  constexpr std::string_view kPort = "_PORT_";
  const std::size_t port = name.find(kPort);
  if (port == std::string_view::npos || port + kPort.size() == name.size()) return false;
  const char next = name[port + kPort.size()];
  return next >= '0' && next <= '9';
}

// The key of a variable; none if no setting has it.
std::optional<std::string> KeyOf(std::string_view name) {
  for (const Setting& setting : Settings()) {
    if (name == EnvironmentOf(setting.key)) return std::string(setting.key);
    if (!setting.secret) continue;
    std::string file_key = FileKeyOf(setting.key);
    if (name == EnvironmentOf(file_key)) return file_key;
  }
  return std::nullopt;
}

}  // namespace

std::string ConfigPathOf(const std::vector<std::string>& environment) {
  const std::string start = std::string(kConfigVariable) + "=";
  for (const std::string& variable : environment) {
    if (variable.starts_with(start)) return variable.substr(start.size());
  }
  return "";
}

Result<Layer> ReadEnvironmentLayer(const std::vector<std::string>& environment) {
  Layer layer;
  for (const std::string& variable : environment) {
    const std::size_t equals = variable.find('=');
    if (!variable.starts_with(kPrefix) || equals == std::string::npos) continue;
    const std::string name = variable.substr(0, equals);
    std::string source = "environment " + name;
    if (std::optional<std::string> key = KeyOf(name)) {
      layer[*std::move(key)] = {variable.substr(equals + 1), std::move(source)};
      continue;
    }
    const bool other = name == kConfigVariable || name.starts_with(kUpdatePrefix) ||
                       std::find(kOthers.begin(), kOthers.end(), name) != kOthers.end();
    if (!other && !IsServiceLink(name)) {
      return SettingError(name, source, "is no setting; see --help for their names");
    }
  }
  MOTCUA_RETURN_IF_ERROR(ReadSecretFiles(layer));
  return layer;
}

}  // namespace motcua::config
