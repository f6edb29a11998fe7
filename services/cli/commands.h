// The groups of commands, one file each.
#pragma once

#include <CLI/CLI.hpp>
#include <vector>

#include "services/cli/command.h"
#include "services/cli/context.h"

namespace motcua::cli {

void AddDossierCommands(CLI::App& app, Context& context);
void AddRouteCommands(CLI::App& app, Context& context);
void AddDeadlineCommands(CLI::App& app, Context& context);
void AddAlertCommands(CLI::App& app, Context& context);
void AddShipmentCommands(CLI::App& app, Context& context);
void AddReportCommands(CLI::App& app, Context& context);
// One of them, with the flags that choose dossiers and instant.
void AddVerdictsCommand(CLI::App& group, Context& context, const std::vector<Flag>& query_flags);
void AddImportCommands(CLI::App& app, Context& context);
void AddScenarioCommands(CLI::App& app, Context& context);
void AddClusterCommands(CLI::App& app, Context& context);

}  // namespace motcua::cli
