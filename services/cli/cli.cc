#include "services/cli/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

#include "services/base/check.h"
#include "services/base/text.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/due.h"
#include "services/platform/grpc/methods.h"

namespace motcua::cli {
namespace {

constexpr std::string_view kFooter =
    "Start here:\n"
    "  motcua standalone --data /tmp/motcua          all services in one process\n"
    "  motcua dossier receive --help                 the flags of one command, with an example\n"
    "  motcua due --received 2020-01-20T09:32 --term 5wd      a due date, without any server\n"
    "Exit status: 0 done, 1 refused, 2 wrong usage, 3 server unavailable.";

constexpr double kTimeoutSecondsMin = 0.05;
constexpr double kTimeoutSecondsMax = 3600;

// "TIME", "DATE", "direct|online|postal": what the help shows after a flag.
std::string TypeName(const FieldDescriptor& field) {
  if (field.is_repeated()) return "N,N,…";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Choices(*field.enum_type());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type()->name() == "Date" ? "DATE" : "TIME";
    case FieldDescriptor::CPPTYPE_STRING:
      return "TEXT";
    default:
      return "N";
  }
}

void AddTlsOptions(CLI::App& app, TlsOptions& tls, const std::string& group) {
  const auto add_file = [&](const char* flag, std::string& file, const char* help) {
    app.add_option(flag, file, help)->type_name("FILE")->group(group);
  };
  app.add_flag("--tls", tls.enabled, "speak TLS with the server; or set MOTCUA_TLS=1")
      ->group(group);
  add_file("--ca-file", tls.ca_file,
           "PEM file of the authority of the server's certificate, the machine's own authorities "
           "when not said; or set MOTCUA_CA_FILE");
  add_file("--certificate-file", tls.certificate_file,
           "PEM file of your own certificate, where the server asks for one; or set "
           "MOTCUA_CERTIFICATE_FILE");
  add_file("--key-file", tls.key_file, "PEM file of its key; or set MOTCUA_KEY_FILE");
  app.add_option(
         "--server-name", tls.server_name,
         "the name in the server's certificate where it is not the host of --server; or set "
         "MOTCUA_SERVER_NAME")
      ->type_name("NAME")
      ->group(group);
}

// --server, --format, --timeout and so on. Given at the program or at a command, it is the same.
void AddCommonOptions(CLI::App& app, Context& context) {
  static const std::map<std::string, Format> kFormats = {{"table", Format::kTable},
                                                         {"text", Format::kTable},
                                                         {"json", Format::kJson},
                                                         {"csv", Format::kCsv},
                                                         {"html", Format::kHtml}};
  Options& options = context.options;
  const std::string group = "Common options";
  app.add_option("--server", options.server, "where the services listen; or set MOTCUA_SERVER")
      ->type_name("HOST:PORT")
      ->capture_default_str()
      ->group(group);
  app.add_option("--cluster", options.cluster,
                 "file with the instances of each service, instead of --server; or set "
                 "MOTCUA_CLUSTER")
      ->envname("MOTCUA_CLUSTER")
      ->type_name("FILE")
      ->group(group);
  AddTlsOptions(app, options.tls, group);
  app.add_option("--format", options.format,
                 "table (or text) for people, json or csv for scripts, html for paper "
                 "where a command writes it")
      ->transform(CLI::CheckedTransformer(kFormats).description(""))
      ->type_name("table|json|csv|html")
      ->default_str("table")
      ->group(group);
  static const std::map<std::string, wire::CsvDialect> kDialects = {
      {"plain", wire::kCsvForPrograms}, {"excel", wire::kCsvForSpreadsheets}};
  app.add_option_function<std::string>(
         "--csv-dialect",
         [&options](const std::string& name) { options.csv_dialect = kDialects.at(name); },
         "csv for programs, or as a spreadsheet opens it: UTF-8 with its mark, semicolons, and no "
         "cell that it would run as a formula")
      ->check(CLI::IsMember(kDialects).description(""))
      ->type_name("plain|excel")
      ->default_str("plain")
      ->group(group);
  app.add_option("--zone", options.zone, "zone of times that are given or shown without an offset")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--timeout", options.timeout_seconds, "give up after so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(kTimeoutSecondsMin, kTimeoutSecondsMax).description(""))
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--at-least", options.at_least,
         "answer as soon as what this position of an earlier answer says is seen; any: what "
         "the service has; without: all that stands in the log; or set MOTCUA_AT_LEAST")
      ->envname("MOTCUA_AT_LEAST")
      ->type_name("POSITION|any")
      ->group(group);
  app.add_option("--actor", options.actor, "who asks: an id, never a name")
      ->type_name("ID")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--verbose", options.verbose, "also say which trace the request belongs to")
      ->group(group);
  app.add_option("--request-id", options.request_id,
                 "UUID of this request; give the same one again to repeat it safely")
      ->type_name("UUID")
      ->group(group);
}

// What the user gives for the arguments of a row; lives as long as the command line.
class GivenArguments {
 public:
  void Add(CLI::App& command, const CommandRow& row, const Argument& argument) {
    given_.push_back(std::make_unique<Given>(Given{argument, "", nullptr}));
    Given& given = *given_.back();
    std::string help(argument.help);
    if (argument.help_end != nullptr) help += argument.help_end();
    const std::string flag(argument.flag);
    if (IsSwitch(row, argument)) {
      given.text = "true";
      const std::string& fixed = help;  // CLI11 takes a moved one for a variable to fill
      given.option = command.add_flag(flag, fixed);
      return;
    }
    given.option = command.add_option(flag, given.text, help);
    given.option->required(argument.need == Need::kRequired);
    given.option->type_name(
        argument.kind == ArgumentKind::kField
            ? TypeName(FieldAt(*MethodOf(row).request->GetDescriptor(), argument.field))
            : std::string(argument.type));
    if (!argument.preset.empty()) given.option->default_str(std::string(argument.preset));
    AddRange(*given.option, argument);
  }
  void GiveTo(Invocation& invocation) const {
    for (const auto& given : given_) {
      if (given->option->count() > 0) invocation.Give(given->argument.flag, given->text);
    }
  }

 private:
  struct Given {
    Argument argument;
    std::string text;
    CLI::Option* option = nullptr;
  };

  static bool IsSwitch(const CommandRow& row, const Argument& argument) {
    if (argument.kind != ArgumentKind::kField) return argument.kind == ArgumentKind::kSwitch;
    return FieldAt(*MethodOf(row).request->GetDescriptor(), argument.field).cpp_type() ==
           FieldDescriptor::CPPTYPE_BOOL;
  }
  static void AddRange(CLI::Option& option, const Argument& argument) {
    if (argument.most == 0) return;
    if (argument.kind == ArgumentKind::kWhole) {
      option.check(CLI::Range(static_cast<int>(argument.least), static_cast<int>(argument.most))
                       .description(""));
    } else {
      option.check(CLI::Range(argument.least, argument.most).description(""));
    }
  }

  std::vector<std::unique_ptr<Given>> given_;
};

struct PathParts {
  std::string_view group;
  std::string_view name;  // the last word
};
PathParts SplitPath(std::string_view path) {
  const std::size_t blank = path.rfind(' ');
  if (blank == std::string_view::npos) return {"", path};
  return {path.substr(0, blank), path.substr(blank + 1)};
}

CLI::App& AddSubcommand(CLI::App& parent, std::string_view name, std::string_view help) {
  return *parent.add_subcommand(std::string(name), std::string(help));
}

// The groups that were made, by path; "" is the program itself.
using Groups = std::map<std::string_view, CLI::App*>;

// The group that `path` ("dossier supplement") names, made when it is not there yet.
CLI::App& GroupAt(Groups& groups, std::string_view path) {
  CLI::App*& group = groups[path];
  if (group != nullptr) return *group;
  const auto rows = CommandGroups();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [path](const GroupRow& at) { return at.path == path; });
  MOTCUA_CHECK(row != rows.end(), "a command of a group that is not in the table of groups");
  const PathParts parts = SplitPath(path);
  group = &AddSubcommand(GroupAt(groups, parts.group), parts.name, row->help);
  group->require_subcommand(1);
  return *group;
}

void AddRow(Groups& groups, Context& context, const CommandRow& row) {
  const PathParts parts = SplitPath(row.path);
  CLI::App& command =
      AddCommand(GroupAt(groups, parts.group), context, parts.name, row.help, row.example);
  const auto given = std::make_shared<GivenArguments>();
  for (const Argument& argument : ArgumentsOf(row)) given->Add(command, row, argument);
  command.callback([&context, &row, given] {
    Invocation invocation(row, context);
    given->GiveTo(invocation);
    RunCommand(invocation);
  });
}

void AddAll(CLI::App& app, Context& context, const std::vector<AddCommandFunction>& more) {
  AddCommonOptions(app, context);
  Groups groups = {{"", &app}};
  for (const CommandRow* const row : AllCommands()) AddRow(groups, context, *row);
  AddDueCommand(app, context.exit_code, std::cin, context.terminal.out, context.terminal.err);
  for (const AddCommandFunction& add : more) add(app, context);
}

int ReportUsage(std::string what, const Terminal& terminal) {
  std::replace(what.begin(), what.end(), '\n', ' ');
  terminal.err << "error: USAGE: " << what << " (try --help)\n";
  return kExitUsage;
}

// Help goes to `out` and is no error; everything else is one line and a hint.
int ReportUsage(const CLI::App& app, const CLI::ParseError& error, const Terminal& terminal) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    app.exit(error, terminal.out, terminal.err);
    return kExitDone;
  }
  return ReportUsage(error.what(), terminal);
}

}  // namespace

CLI::App& AddCommand(CLI::App& parent, Context& context, std::string_view name,
                     std::string_view help, std::string_view example) {
  CLI::App& command = AddSubcommand(parent, name, help);
  AddCommonOptions(command, context);
  if (!example.empty()) command.footer("Example:\n  " + std::string(example));
  return command;
}

void AddPlainCommand(CLI::App& parent, std::string_view name, std::string_view help,
                     std::function<void()> run) {
  AddSubcommand(parent, name, help).callback(std::move(run));
}

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
  } catch (const UsageError& error) {
    return ReportUsage(error.what(), terminal);
  } catch (const std::exception& error) {
    ReportError(context, Status(Reason::kInternal, error.what()));
  }
  return context.exit_code;
}

}  // namespace motcua::cli
