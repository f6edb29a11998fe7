// What is about the system rather than about a dossier: imports, the clock of a scenario, clusters.
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr double kPatienceSecondsMax = 24 * 3600;

constexpr CommandRow kImportRows[] = {
    {.path = "import register",
     .method = "motcua.intake.v1.IntakeService.ImportDossiers",
     .help = "Import the register of an older system, CSV or gzipped CSV. Rows that cannot be read "
             "are refused alone and listed; the same file again changes nothing, a later one "
             "brings its cases up to date. A column of dates that are partly day first, partly "
             "month first is doubted as a whole.",
     .arguments = {Text("file", "FILE", "the register, .csv or .csv.gz", Need::kRequired),
                   {.flag = "--mapping",
                    .help = "how it is read: a TOML file, or built in: ",
                    .need = Need::kRequired,
                    .kind = ArgumentKind::kText,
                    .type = "FILE|NAME",
                    .help_end = BuiltInMappingNames},
                   Text("--refused", "FILE", "write refused rows to this CSV"),
                   Text("--doubtful", "FILE",
                        "write implausible rows, which are taken, to this CSV"),
                   {.flag = "--patience",
                    .help = "give up when the server takes nothing for so many seconds",
                    .kind = ArgumentKind::kNumber,
                    .type = "SECONDS",
                    .preset = "60",
                    .most = kPatienceSecondsMax}},
     .example = "motcua import register boston311-2015h1.csv.gz --mapping boston311 --format json",
     .run = ImportRegister},
};

constexpr CommandRow kScenarioRows[] = {
    {.path = "scenario set",
     .method = "motcua.scenario.v1.ScenarioService.SetTime",
     .help = "Set the clock of all services; timers that fall due fire at once",
     .arguments = {{"time", "set_time", "the time, not before the present one", Need::kRequired}},
     .headings = {{"Thời điểm", "set_time"}},
     .done = "Đã đặt đồng hồ.",
     .example = "motcua scenario set 2020-10-31T09:32"},
    {.path = "scenario show",
     .method = "motcua.scenario.v1.ScenarioService.GetTime",
     .help = "What time it is for the services",
     .headings = {{"Thời điểm", "current_time"}, {"Đồng hồ kịch bản", "scenario"}},
     .example = "motcua scenario show"},
};

constexpr CommandRow kClusterRows[] = {
    {.path = "cluster up",
     .help = "The whole picture on this machine: Kafka, its topics, and every service in several "
             "processes. Keeps running, and starts again what ends, until Ctrl-C.",
     .arguments = {Text("--data", "DIR", "folder of the brokers, the state stores and the logs",
                        Need::kRequired),
                   {.flag = "--instances",
                    .help = "of each service",
                    .kind = ArgumentKind::kWhole,
                    .type = "N:INT in [1 - 8]",
                    .preset = "2",
                    .least = 1,
                    .most = 8},
                   {.flag = "--brokers",
                    .help = "of Kafka: 1 keeps a single copy, 3 lose nothing",
                    .kind = ArgumentKind::kWhole,
                    .type = "INT:{1,3}",
                    .preset = "3",
                    .least = 1,
                    .most = 3},
                   Text("--brokers-at", "HOST:PORT,…", "a Kafka that runs already"),
                   {.flag = "--partitions",
                    .help = "of a new log",
                    .kind = ArgumentKind::kWhole,
                    .type = "N:INT in [1 - 256]",
                    .preset = "6",
                    .least = 1,
                    .most = 256},
                   Text("--scenario", "TIME",
                        "run by a clock that `motcua scenario set` and `motcua replay` move, from "
                        "this instant on")},
     .example = "motcua cluster up --data /tmp/motcua --instances 2 --brokers 3",
     .run_alone = RunCluster},
    {.path = "cluster status",
     .method = "motcua.admin.v1.InstanceService.GetInstance",
     .help = "Who tails what, how far, how far behind, and who is first in line",
     .example = "motcua cluster status --cluster /tmp/motcua/cluster.toml",
     .run = ShowClusterStatus},
};

}  // namespace

std::span<const CommandRow> ImportCommands() { return kImportRows; }
std::span<const CommandRow> ScenarioCommands() { return kScenarioRows; }
std::span<const CommandRow> ClusterCommands() { return kClusterRows; }

}  // namespace motcua::cli
