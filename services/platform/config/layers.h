// One layer of settings from each source, still as texts. Internal to this folder.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"

namespace motcua::config {

struct Given {
  std::string text;
  std::string source;  // "motcua.toml:12", "environment MOTCUA_DATA", "flag --data"
};
// By key. Only known keys; secrets that are named by file have been read.
using Layer = std::map<std::string, Given, std::less<>>;

// Each FIELD_INVALID of an unknown name or a value of the wrong type.
Result<Layer> ReadFileLayer(const std::string& path);
Result<Layer> ReadEnvironmentLayer(const std::vector<std::string>& environment);

struct CommandLine {
  Layer layer;
  std::string config_path;  // of --config
  bool print_config = false;
  std::string help;  // not empty: --help was asked for
};
Result<CommandLine> ReadCommandLine(const std::string& program, const std::string& summary,
                                    std::vector<std::string> arguments);

// The value of MOTCUA_CONFIG; empty if it is not set.
std::string ConfigPathOf(const std::vector<std::string>& environment);

// Whether the key is a secret's with `_file` behind it.
bool IsSecretFile(std::string_view key);
// Puts the contents of `…_file` keys in the place of the secrets that they hold.
Status ReadSecretFiles(Layer& layer);

}  // namespace motcua::config
