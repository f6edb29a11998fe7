// The whole life of a service process, the same for all five: settings, log, assembly, signals.
//
//   int main(int argc, char** argv) {
//     return motcua::process::RunService(argc, argv, "Receives dossiers", intake::MakeModule(),
//                                        std::cout);
//   }
//
// `out`, standard output, gets `ready HOST:PORT` once it serves, standard error is its log. SIGTERM
// ends it cleanly. Exit status: 0 a clean end, 1 it could not start, 2 the settings are wrong.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "services/platform/process/module.h"

namespace motcua::process {

inline constexpr int kExitStart = 1;
inline constexpr int kExitSettings = 2;

// Main's thread, before any other.
int RunService(int argc, const char* const* argv, std::string summary,
               std::unique_ptr<ServiceModule> module, std::ostream& out);

}  // namespace motcua::process
