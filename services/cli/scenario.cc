#include "motcua/scenario/v1/scenario.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"

namespace motcua::cli {

void AddScenarioCommands(CLI::App& app, Context& context) {
  using scenario::v1::ScenarioService;
  using Stub = ScenarioService::Stub;
  CLI::App& group = AddGroup(
      app, "scenario", "The clock of a replayed history; needs `motcua standalone --scenario`");
  AddUnary<ScenarioService>(
      group, context,
      CommandTable{"set",
                   "Set the clock of all services; timers that fall due fire at once",
                   {{"time", "set_time", "the time, not before the present one", Need::kRequired}},
                   {{"Thời điểm", "set_time"}},
                   "Đã đặt đồng hồ.",
                   "motcua scenario set 2020-10-31T09:32"},
      &Stub::SetTime);
  AddUnary<ScenarioService>(
      group, context,
      CommandTable{"show",
                   "What time it is for the services",
                   {},
                   {{"Thời điểm", "current_time"}, {"Đồng hồ kịch bản", "scenario"}},
                   "",
                   "motcua scenario show"},
      &Stub::GetTime);
}

}  // namespace motcua::cli
