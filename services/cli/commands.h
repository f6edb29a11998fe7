// All commands, in the order in which --help shows them: one table a topic, commands_<topic>.cc.
// What is no row (due, and what other folders add) is named in cli.cc and main.cc.
#pragma once

#include <span>
#include <vector>

#include "services/cli/command_table.h"

namespace motcua::cli {

std::span<const GroupRow> CommandGroups();
std::vector<const CommandRow*> AllCommands();

// The tables.
std::span<const CommandRow> DossierCommands();
std::span<const CommandRow> RouteCommands();
std::span<const CommandRow> DeadlineCommands();
std::span<const CommandRow> AlertCommands();
std::span<const CommandRow> ShipmentCommands();
std::span<const CommandRow> PartyCommands();
std::span<const CommandRow> ReportCommands();
std::span<const CommandRow> ImportCommands();
std::span<const CommandRow> CatalogueCommands();
std::span<const CommandRow> ScenarioCommands();
std::span<const CommandRow> ClusterCommands();

// What the rows with code of their own run.
Status WatchAlerts(const Invocation& invocation, const Session& session);
Status PutParty(const Invocation& invocation, const Session& session);
Status PutCard(const Invocation& invocation, const Session& session);
Status ShowParty(const Invocation& invocation, const Session& session);
Status FindParties(const Invocation& invocation, const Session& session);
Status ExportParty(const Invocation& invocation, const Session& session);
Status ShowStatusReport(const Invocation& invocation, const Session& session);
Status ShowLateness(const Invocation& invocation, const Session& session);
Status ShowHalong(const Invocation& invocation, const Session& session);
Status CompareVerdicts(const Invocation& invocation, const Session& session);
Status ImportRegister(const Invocation& invocation, const Session& session);
std::string BuiltInMappingNames();
Status ShowClusterStatus(const Invocation& invocation, const Session& session);
Status RunCluster(const Invocation& invocation);
Status LoadCatalogueFiles(const Invocation& invocation);
Status ShowCatalogueEntry(const Invocation& invocation);
Status SearchCatalogue(const Invocation& invocation);
Status ShowCoverage(const Invocation& invocation);
Status PostProcedures(const Invocation& invocation);

}  // namespace motcua::cli
