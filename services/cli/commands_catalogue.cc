// The catalogue, without any server.
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr double kLimitMax = 1000;

constexpr Argument kCatalogue = Text("--catalogue", "NAME|DIR",
                                     "a folder, or halong-2020 (when not said) or quang-ninh-2026, "
                                     "which are built in");
constexpr Argument kOn = Text("--on", "DATE",
                              "the versions for a dossier that is received on this day; without: "
                              "the newest");

constexpr CommandRow kRows[] = {
    {.path = "catalogue load",
     .help = "Check a catalogue, or one file of it or a list of national sheets that is to go "
             "into the present one (--catalogue): every row that cannot stay is named with file, "
             "line and reason and put aside, the rest is taken, and what would change is listed. "
             "Nothing is published yet: only --dry-run is possible.",
     .arguments = {Text("path", "DIR|FILE", "the catalogue's folder or name, or one file",
                        Need::kRequired),
                   Switch("--dry-run", "check and say what would change; change nothing"),
                   kCatalogue, Text("--refused", "FILE", "write refused rows to this CSV")},
     .example = "motcua catalogue load my-catalogue --dry-run --refused refused.csv",
     .run_alone = LoadCatalogueFiles},
    {.path = "catalogue show",
     .help = "A procedure with all its versions, or a unit: what is posted of it",
     .arguments = {Text("code", "CODE", "of a procedure or a unit", Need::kRequired),
                   Text("--on", "DATE",
                        "the version for a dossier that is received on this day; "
                        "without: all"),
                   kCatalogue},
     .example = "motcua catalogue show 1.001193",
     .run_alone = ShowCatalogueEntry},
    {.path = "catalogue search",
     .help = "Procedures of whose name, field or code each word asked for begins a word, in any "
             "order, with or without accents; those with the accents as asked come first",
     .arguments = {Text("text", "TEXT", "one or more words", Need::kRequired),
                   kOn,
                   {.flag = "--limit",
                    .help = "show so many at most",
                    .kind = ArgumentKind::kWhole,
                    .type = "N",
                    .preset = "20",
                    .least = 1,
                    .most = kLimitMax},
                   kCatalogue},
     .example = "motcua catalogue search 'khai sinh'",
     .run_alone = SearchCatalogue},
    {.path = "catalogue coverage",
     .help = "How many procedures there are by level, interconnection, online level, term and "
             "field, and of how many papers, fees and results are known",
     .arguments = {kOn, kCatalogue},
     .example = "motcua catalogue coverage --format json",
     .run_alone = ShowCoverage},
    {.path = "catalogue posting",
     .help = "What an office posts of its procedures (niêm yết công khai), as lines, JSON, CSV, "
             "or a page that prints on A4",
     .arguments = {Text("--code", "CODE", "this procedure alone"),
                   Text("--field", "FIELD", "this field alone; accents may be left out"),
                   Text("--tier", "city|commune|central", "this level alone"), kOn, kCatalogue},
     .example = "motcua catalogue posting --tier commune --format html",
     .run_alone = PostProcedures,
     .writes_html = true},
};

}  // namespace

std::span<const CommandRow> CatalogueCommands() { return kRows; }

}  // namespace motcua::cli
