// The catalogue, without any server.
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr Argument kCatalogue =
    Text("--catalogue", "DIR", "another catalogue than the one that is built in");

constexpr CommandRow kRows[] = {
    {.path = "catalogue load",
     .help = "Check a catalogue, or one file of it or a list of national sheets that is to go "
             "into the present one (--catalogue): every row that cannot stay is named with file, "
             "line and reason and put aside, the rest is taken, and what would change is listed. "
             "Nothing is published yet: only --dry-run is possible.",
     .arguments = {Text("path", "DIR|FILE", "the catalogue's folder, or one file", Need::kRequired),
                   Switch("--dry-run", "check and say what would change; change nothing"),
                   kCatalogue, Text("--refused", "FILE", "write refused rows to this CSV")},
     .example = "motcua catalogue load my-catalogue --dry-run --refused refused.csv",
     .run_alone = LoadCatalogueFiles},
};

}  // namespace

std::span<const CommandRow> CatalogueCommands() { return kRows; }

}  // namespace motcua::cli
