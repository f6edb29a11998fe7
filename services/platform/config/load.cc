#include "services/platform/config/load.h"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <map>
#include <string_view>
#include <utility>

#include "services/platform/config/layers.h"
#include "services/platform/config/print.h"
#include "services/platform/config/settings.h"

namespace motcua::config {
namespace {

using SourceNames = std::map<std::string, std::string, std::less<>>;

// What the settings must be to each other. An error names the key that has to change, and where it
// stands now.
class CrossCheck {
 public:
  CrossCheck(const ProcessConfig& config, const SourceNames& sources)
      : config_(config), sources_(sources) {}

  Status Run() const {
    MOTCUA_RETURN_IF_ERROR(Instance());
    MOTCUA_RETURN_IF_ERROR(Tls());
    MOTCUA_RETURN_IF_ERROR(KafkaTls());
    return KafkaSasl();
  }

 private:
  Status Error(std::string_view key, std::string_view what) const {
    const auto source = sources_.find(key);
    return SettingError(key, source == sources_.end() ? "default" : source->second, what);
  }
  // Two that make sense together only.
  Status Both(std::string_view key, const std::string& value, std::string_view other_key,
              const std::string& other) const {
    if (value.empty() == other.empty()) return OkStatus();
    const std::string_view missing = value.empty() ? key : other_key;
    const std::string_view given = value.empty() ? other_key : key;
    return Error(missing, "is needed beside " + std::string(given));
  }

  Status Instance() const {
    if (config_.instance.ordinal < config_.instance.replicas) return OkStatus();
    return Error("instance.ordinal", "is " + std::to_string(config_.instance.ordinal) +
                                         " and must be below instance.replicas, which is " +
                                         std::to_string(config_.instance.replicas));
  }

  Status Tls() const {
    const TlsConfig& tls = config_.tls;
    MOTCUA_RETURN_IF_ERROR(Both("tls.certificate", tls.certificate, "tls.key", tls.key));
    if (!tls.client_authority.empty() && tls.certificate.empty()) {
      return Error("tls.certificate", "is needed beside tls.client_authority");
    }
    return OkStatus();
  }

  Status KafkaTls() const {
    const KafkaConfig& kafka = config_.kafka;
    MOTCUA_RETURN_IF_ERROR(
        Both("kafka.certificate_file", kafka.certificate_file, "kafka.key_file", kafka.key_file));
    if (!kafka.key_password.empty() && kafka.key_file.empty()) {
      return Error("kafka.key_file", "is needed beside kafka.key_password");
    }
    const bool secured = kafka.security_protocol == "ssl" || kafka.security_protocol == "sasl_ssl";
    if (!secured && (!kafka.ca_file.empty() || !kafka.certificate_file.empty())) {
      return Error("kafka.security_protocol",
                   "must be ssl or sasl_ssl, for kafka.ca_file or kafka.certificate_file is given");
    }
    return OkStatus();
  }

  Status KafkaSasl() const {
    const KafkaConfig& kafka = config_.kafka;
    const std::array<std::pair<std::string_view, const std::string*>, 3> needed = {
        {{"kafka.sasl_mechanism", &kafka.sasl_mechanism},
         {"kafka.sasl_username", &kafka.sasl_username},
         {"kafka.sasl_password", &kafka.sasl_password}}};
    const bool sasl = kafka.security_protocol.starts_with("sasl_");
    for (const auto& [key, value] : needed) {
      if (sasl && value->empty()) {
        return Error(key, "is needed, for kafka.security_protocol is " + kafka.security_protocol);
      }
      if (!sasl && !value->empty()) {
        return Error("kafka.security_protocol",
                     "must be sasl_plaintext or sasl_ssl, for " + std::string(key) + " is given");
      }
    }
    return OkStatus();
  }

  const ProcessConfig& config_;
  const SourceNames& sources_;
};

Status CheckRequired(const ProcessConfig& config, const SourceNames& sources) {
  for (const Setting& setting : Settings()) {
    if (!setting.required || setting.get(config) != Value(std::string())) continue;
    const auto source = sources.find(setting.key);
    return SettingError(
        setting.key, source == sources.end() ? "given nowhere" : source->second,
        "is required: " + FlagOf(setting.key) + " or " + EnvironmentOf(setting.key));
  }
  return OkStatus();
}

// Later layers win.
Result<Layer> Overlay(const CommandLine& line, const std::vector<std::string>& environment) {
  const std::string path = line.config_path.empty() ? ConfigPathOf(environment) : line.config_path;
  Layer merged;
  if (!path.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(merged, ReadFileLayer(path));
  }
  MOTCUA_ASSIGN_OR_RETURN(const Layer variables, ReadEnvironmentLayer(environment));
  for (const auto& [key, given] : variables) merged[key] = given;
  for (const auto& [key, given] : line.layer) merged[key] = given;
  return merged;
}

}  // namespace

Sources SourcesOfProcess(int argc, const char* const* argv, std::string summary) {
  Sources sources;
  sources.summary = std::move(summary);
  if (argc > 0) sources.program = std::filesystem::path(argv[0]).filename().string();
  for (int i = 1; i < argc; ++i) sources.arguments.emplace_back(argv[i]);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    sources.environment.emplace_back(*variable);
  }
  constexpr std::size_t kHostNameBytes = 256;
  std::array<char, kHostNameBytes> host{};
  if (gethostname(host.data(), host.size() - 1) == 0) sources.host_name = host.data();
  return sources;
}

Result<Loaded> Load(const Sources& sources) {
  MOTCUA_ASSIGN_OR_RETURN(const CommandLine line,
                          ReadCommandLine(sources.program, sources.summary, sources.arguments));
  Loaded loaded;
  if (!line.help.empty()) {
    loaded.print = line.help;
    return loaded;
  }
  MOTCUA_ASSIGN_OR_RETURN(const Layer merged, Overlay(line, sources.environment));
  SourceNames names;
  for (const Setting& setting : Settings()) {
    const auto given = merged.find(setting.key);
    if (given == merged.end()) continue;
    const auto& [text, source] = given->second;
    const Result<Value> value = ParseValue(setting, text, sources.host_name);
    if (!value.ok()) return SettingError(setting.key, source, value.status().message());
    setting.set(loaded.config, *value);
    const bool by_host = setting.kind == Kind::kInstanceNumber && text == "auto";
    names[std::string(setting.key)] =
        by_host ? source + ", auto on the host " + sources.host_name : source;
  }
  MOTCUA_RETURN_IF_ERROR(CrossCheck(loaded.config, names).Run());
  if (line.print_config) {
    loaded.print = PrintEffective(sources.program, loaded.config, names);
    return loaded;
  }
  MOTCUA_RETURN_IF_ERROR(CheckRequired(loaded.config, names));
  return loaded;
}

}  // namespace motcua::config
