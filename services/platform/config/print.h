// Settings as TOML: the effective ones with where each is from, and the sample file.
#pragma once

#include <map>
#include <string>

#include "services/platform/config/process_config.h"

namespace motcua::config {

// `sources` by key; what is not in it is the default.
std::string PrintEffective(const std::string& program, const ProcessConfig& config,
                           const std::map<std::string, std::string, std::less<>>& sources);

// deploy/config/motcua.toml: every setting commented out, with its default.
std::string PrintSample();

}  // namespace motcua::config
