#include "services/cli/cli.h"

#include <algorithm>
#include <exception>
#include <ostream>
#include <utility>

#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/due.h"

namespace motcua::cli {
namespace {

constexpr std::string_view kFooter =
    "Start here:\n"
    "  motcua standalone --data /tmp/motcua          all services in one process\n"
    "  motcua dossier receive --help                 the flags of one command, with an example\n"
    "  motcua due --received 2020-01-20T09:32 --term 5wd      a due date, without any server\n"
    "Exit status: 0 done, 1 refused, 2 wrong usage, 3 server unavailable.";

void AddAll(CLI::App& app, Context& context, const std::vector<AddCommandFunction>& more) {
  AddCommonOptions(app, context);
  AddDossierCommands(app, context);
  AddRouteCommands(app, context);
  AddDeadlineCommands(app, context);
  AddAlertCommands(app, context);
  AddShipmentCommands(app, context);
  AddReportCommands(app, context);
  AddImportCommands(app, context);
  AddScenarioCommands(app, context);
  AddClusterCommands(app, context);
  AddDueCommand(app, context.exit_code, std::cin, context.terminal.out, context.terminal.err);
  for (const AddCommandFunction& add : more) add(app, context);
}

// Help goes to `out` and is no error; everything else is one line and a hint.
int ReportUsage(const CLI::App& app, const CLI::ParseError& error, const Terminal& terminal) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app.exit(error, terminal.out, terminal.err);
    return kExitDone;
  }
  std::string what = error.what();
  std::replace(what.begin(), what.end(), '\n', ' ');
  terminal.err << "error: USAGE: " << what << " (try --help)\n";
  return kExitUsage;
}

}  // namespace

int Run(std::vector<std::string> arguments, const Terminal& terminal, const Options& defaults,
        const std::vector<AddCommandFunction>& more) {
  Context context{terminal, defaults, kExitDone};
  CLI::App app(
      "motcua follows administrative dossiers from the counter to the citizen's hands, and "
      "proves that no deadline was lost.",
      "motcua");
  app.set_version_flag("--version", "motcua 0.1.0");
  app.require_subcommand(1);
  app.footer(std::string(kFooter));
  AddAll(app, context, more);
  if (arguments.empty()) {
    terminal.err << app.help();
    return kExitUsage;
  }
  // CLI11 takes the arguments from the back.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return ReportUsage(app, error, terminal);
  } catch (const std::exception& error) {
    ReportError(context, Status(Reason::kInternal, error.what()));
  }
  return context.exit_code;
}

}  // namespace motcua::cli
