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

#include "services/cli/cli.h"
#include "services/cli/tour.h"
#include "services/standalone/command.h"

namespace {

std::string Environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// COLUMNS, else the terminal's own width, else a hundred.
std::size_t TerminalWidth() {
  const std::string columns = Environment("COLUMNS");
  std::size_t width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  winsize size{};
  if (width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  if (width == 0) width = motcua::cli::kWidthDefault;
  return std::max(width, motcua::cli::kWidthMin);
}

}  // namespace

int main(int argc, char** argv) {
  const motcua::cli::Terminal terminal{std::cout, std::cerr, TerminalWidth(),
                                       isatty(STDERR_FILENO) == 1};
  return motcua::cli::Run(
      {argv + 1, argv + argc}, terminal, Environment("MOTCUA_SERVER"),
      {motcua::standalone::AddStandaloneCommand, [&terminal](CLI::App& app, int& exit_code) {
         motcua::cli::AddTourCommand(app, exit_code, terminal);
       }});
}
