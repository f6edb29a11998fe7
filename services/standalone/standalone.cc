#include "services/standalone/standalone.h"

#include <optional>
#include <utility>
#include <vector>

#include "services/deadline/module.h"
#include "services/intake/module.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/telemetry/log.h"
#include "services/postal/module.h"
#include "services/reporting/module.h"
#include "services/routing/module.h"

namespace motcua::standalone {
namespace {

std::vector<std::unique_ptr<process::ServiceModule>> AllModules() {
  std::vector<std::unique_ptr<process::ServiceModule>> modules;
  modules.push_back(intake::MakeModule());
  modules.push_back(routing::MakeModule());
  modules.push_back(deadline::MakeModule());
  modules.push_back(postal::MakeModule());
  modules.push_back(reporting::MakeModule());
  return modules;
}

}  // namespace

Standalone::Standalone(StandaloneOptions options)
    : options_(std::move(options)), clock_([this]() -> const engine::Clock& {
        if (!options_.scenario_start) return system_clock_;
        return scenario_clock_.emplace(*options_.scenario_start);
      }()) {}

Result<std::unique_ptr<Standalone>> Standalone::Start(StandaloneOptions options) {
  std::unique_ptr<Standalone> standalone(new Standalone(std::move(options)));
  MOTCUA_RETURN_IF_ERROR(standalone->Run());
  return standalone;
}

Status Standalone::Run() {
  MOTCUA_ASSIGN_OR_RETURN(catalogue_, catalogue::LoadCatalogue(options_.catalogue));
  rocks::LocalLogOptions log_options;
  log_options.trust_clock = options_.trust_clock;
  if (scenario_clock_) log_options.scenario = &*scenario_clock_;
  MOTCUA_ASSIGN_OR_RETURN(
      log_, rocks::LocalLog::Open(options_.data / "log", options_.partitions, codec_, log_options));
  if (const std::optional<Instant> last = log_->clock_doubted_since()) {
    telemetry::LogStatus(
        Status(Reason::kClockDisagrees,
               "waiting for this machine's clock: it says " + FormatInstant(clock_.Now()) +
                   ", and the log's last record is from " + FormatInstant(*last) +
                   "; set the clock, or start again with --trust-clock if it is right"));
  }
  people::LocalPartiesOptions people;
  people.folder = options_.data / "people";
  people.master_key = options_.master_key;
  // A key elsewhere is the office's own: it is never made here in place of one that is missing.
  people.make_master_key = options_.master_key.empty();
  MOTCUA_ASSIGN_OR_RETURN(people_, people::LocalParties::Open(people));
  process::AssemblyOptions options;
  options.data = options_.data;
  options.log_id = log_->id();
  options.server = options_.server;
  options.metrics_listen = options_.metrics_listen;
  if (scenario_clock_) options.scenario = &*scenario_clock_;
  MOTCUA_ASSIGN_OR_RETURN(
      assembly_, process::Assembly::Start({*log_, clock_, codec_, catalogue_, people_.get()},
                                          AllModules(), std::move(options)));
  return assembly_->AwaitServing();
}

Standalone::~Standalone() = default;

}  // namespace motcua::standalone
