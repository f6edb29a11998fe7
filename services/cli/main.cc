// motcua: the command line. Parses, runs one command, answers its exit status.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "services/admin/command.h"
#include "services/cli/cli.h"
#include "services/cli/tour.h"
#include "services/replay/command.h"
#include "services/standalone/command.h"
#include "services/standalone/service_command.h"

namespace {

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// COLUMNS, else the terminal's own width, else kWidthDefault.
std::size_t TerminalWidth() {
  const std::string columns = Environment("COLUMNS");
  std::size_t width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  winsize size{};
  if (width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) width = motcua::cli::kWidthDefault;
  return std::max(width, motcua::cli::kWidthMin);
}

motcua::cli::Options OptionsFromEnvironment() {
  motcua::cli::Options options;
  const std::string server = Environment("MOTCUA_SERVER");
  if (!server.empty()) options.server = server;
  const std::string tls = Environment("MOTCUA_TLS");
  options.tls.enabled = !tls.empty() && tls != "0";
  options.tls.ca_file = Environment("MOTCUA_CA_FILE");
  options.tls.certificate_file = Environment("MOTCUA_CERTIFICATE_FILE");
  options.tls.key_file = Environment("MOTCUA_KEY_FILE");
  options.tls.server_name = Environment("MOTCUA_SERVER_NAME");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  // A command's error is one line of its own; gRPC's belong to the log of a server.
  const std::string_view first = argc > 1 ? argv[1] : "";
  const bool serves = first == "standalone" || first == "service";
  if (!serves) setenv("GRPC_VERBOSITY", "NONE", /*replace=*/0);
  const motcua::cli::Terminal terminal{std::cout, std::cerr, TerminalWidth(),
                                       isatty(STDERR_FILENO) == 1};
  return motcua::cli::Run({argv + 1, argv + argc}, terminal, OptionsFromEnvironment(),
                          {[](CLI::App& app, motcua::cli::Context& context) {
                             motcua::standalone::AddStandaloneCommand(app, context.exit_code);
                             motcua::standalone::AddServiceCommand(app, context.exit_code);
                           },
                           motcua::cli::AddTourCommand, motcua::replay::AddReplayCommand,
                           motcua::admin::AddAdminCommand});
}
