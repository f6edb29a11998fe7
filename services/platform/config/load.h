// From file, environment and flags to a checked ProcessConfig: defaults < TOML file (`--config` or
// MOTCUA_CONFIG) < environment < flags. What nobody knows, or what cannot be, stops the start.
//
//   MOTCUA_ASSIGN_OR_RETURN(const config::Loaded loaded,
//                           config::Load(config::SourcesOfProcess(argc, argv, "Takes dossiers
//                           in")));
//   if (!loaded.print.empty()) …  // --help or --print-config: print it and end with 0
//
// Main's thread, before any other thread: it reads the environment.
#pragma once

#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/platform/config/process_config.h"

namespace motcua::config {

// Everything that a configuration is made of, so that a test can hand it in.
struct Sources {
  std::string program;                   // "motcua-intake"
  std::string summary;                   // a sentence for --help
  std::vector<std::string> arguments;    // without the program's name
  std::vector<std::string> environment;  // NAME=value
  std::string host_name;
};

Sources SourcesOfProcess(int argc, const char* const* argv, std::string summary);

struct Loaded {
  ProcessConfig config;
  // Not empty: what --help or --print-config asked for. The config may then lack what is required.
  std::string print;
};

// FIELD_INVALID naming the key, the source (FILE:LINE, `environment NAME`, `flag --name`) and the
// reason; FILE_UNREADABLE, FILE_INVALID (no TOML) with file and line.
Result<Loaded> Load(const Sources& sources);

}  // namespace motcua::config
