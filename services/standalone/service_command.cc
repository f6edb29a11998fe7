#include "services/standalone/service_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/deadline/module.h"
#include "services/intake/module.h"
#include "services/platform/process/service_process.h"
#include "services/postal/module.h"
#include "services/reporting/module.h"
#include "services/routing/module.h"

namespace motcua::standalone {
namespace {

struct ServiceRow {
  std::string_view name;
  const char* summary;
  std::unique_ptr<process::ServiceModule> (*make)();
};
constexpr std::array kServices = {
    ServiceRow{"intake", intake::kSummary, intake::MakeModule},
    ServiceRow{"routing", routing::kSummary, routing::MakeModule},
    ServiceRow{"deadline", deadline::kSummary, deadline::MakeModule},
    ServiceRow{"postal", postal::kSummary, postal::MakeModule},
    ServiceRow{"reporting", reporting::kSummary, reporting::MakeModule},
};

std::string Names() {
  std::string names;
  for (const ServiceRow& row : kServices) {
    names.append(names.empty() ? "" : ", ").append(row.name);
  }
  return names;
}

int RunOne(const std::vector<std::string>& words) {
  const auto row = std::find_if(kServices.begin(), kServices.end(), [&](const ServiceRow& each) {
    return !words.empty() && each.name == words.front();
  });
  if (row == kServices.end()) throw CLI::ValidationError("NAME", "must be one of " + Names());
  // Settings call it by the name of its own program.
  const std::string program = "motcua-" + words.front();
  std::vector<const char*> arguments = {program.c_str()};
  for (auto word = words.begin() + 1; word != words.end(); ++word) {
    arguments.push_back(word->c_str());
  }
  return process::RunService(static_cast<int>(arguments.size()), arguments.data(), row->summary,
                             row->make(), std::cout);
}

}  // namespace

void AddServiceCommand(CLI::App& app, int& exit_code) {
  CLI::App& command =
      *app.add_subcommand("service", "Run one service as a process of its own, over Apache Kafka");
  command.prefix_command();
  command.footer("motcua service NAME --help tells the settings of one.\nNAME: " + Names() +
                 "\nExample: motcua service intake --data=/tmp/intake-0 "
                 "--kafka-brokers=127.0.0.1:9092 --listen=127.0.0.1:7071");
  command.callback([&command, &exit_code] { exit_code = RunOne(command.remaining()); });
}

}  // namespace motcua::standalone
