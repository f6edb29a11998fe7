#include "services/standalone/standalone.h"

#include <system_error>
#include <utility>

#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/telemetry/log.h"

namespace motcua::standalone {
namespace {

constexpr std::size_t kReportWorkers = 2;
constexpr std::size_t kReportsQueuedMax = 64;
constexpr std::chrono::milliseconds kHealthInterval{200};

Status MakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return OkStatus();
  return Status(Reason::kFileUnreadable,
                "cannot make the folder " + folder.string() + ": " + error.message(),
                {{"file", folder.string()}});
}

}  // namespace

Standalone::Standalone(StandaloneOptions options)
    : options_(std::move(options)), clock_([this]() -> const engine::Clock& {
        if (!options_.scenario_start) return system_clock_;
        return scenario_clock_.emplace(*options_.scenario_start);
      }()) {}

Result<std::unique_ptr<Standalone>> Standalone::Start(StandaloneOptions options) {
  std::unique_ptr<Standalone> standalone(new Standalone(std::move(options)));
  MOTCUA_RETURN_IF_ERROR(standalone->Open());
  MOTCUA_RETURN_IF_ERROR(standalone->CatchUp());
  MOTCUA_RETURN_IF_ERROR(standalone->Listen());
  return standalone;
}

Status Standalone::Open() {
  if (options_.catalogue.empty()) {
    catalogue_ = catalogue::BuiltinCatalogue();
  } else {
    MOTCUA_ASSIGN_OR_RETURN(catalogue_, catalogue::LoadCatalogue(options_.catalogue));
  }
  MOTCUA_RETURN_IF_ERROR(MakeFolder(options_.data));
  MOTCUA_ASSIGN_OR_RETURN(
      log_, rocks::LocalLog::Open(options_.data / "log", options_.partitions, codec_, {}));
  return OpenHosts();
}

Result<std::unique_ptr<host::ServiceHost>> Standalone::OpenHost(
    const engine::ServiceRules& rules, std::shared_ptr<rocksdb::Cache> cache,
    std::function<void()> on_commit) {
  host::HostOptions options;
  options.directory = options_.data / std::string(rules.name());
  options.log_id = log_->id();
  options.cache = std::move(cache);
  options.on_commit = std::move(on_commit);
  options.warn = telemetry::LogStatus;
  return host::ServiceHost::Open({*log_, clock_, codec_, *catalogue_, rules}, std::move(options));
}

Status Standalone::OpenHosts() {
  const std::shared_ptr<rocksdb::Cache> cache = rocks::MakeSharedCache();
  MOTCUA_ASSIGN_OR_RETURN(intake_host_, OpenHost(intake_rules_, cache, {}));
  MOTCUA_ASSIGN_OR_RETURN(routing_host_, OpenHost(routing_rules_, cache, {}));
  MOTCUA_ASSIGN_OR_RETURN(
      deadline_host_, OpenHost(deadline_rules_, cache, [this] { deadline_->alerts().Notify(); }));
  MOTCUA_ASSIGN_OR_RETURN(postal_host_, OpenHost(postal_rules_, cache, {}));
  MOTCUA_ASSIGN_OR_RETURN(reporting_host_, OpenHost(reporting_rules_, cache, {}));

  pool_ = std::make_unique<runtime::WorkerPool>(kReportWorkers, kReportsQueuedMax);
  intake_ =
      std::make_unique<intake::IntakeService>(intake_host_->sink(), intake_host_->reader(), clock_);
  routing_ = std::make_unique<routing::RoutingService>(routing_host_->sink(),
                                                       routing_host_->reader(), clock_);
  deadline_ = std::make_unique<deadline::DeadlineService>(
      deadline_host_->sink(), deadline_host_->reader(), clock_, *catalogue_);
  postal_ =
      std::make_unique<postal::PostalService>(postal_host_->sink(), postal_host_->reader(), clock_);
  reporting_ =
      std::make_unique<reporting::ReportingService>(reporting_host_->reader(), catalogue_, *pool_);
  scenario_ =
      std::make_unique<ScenarioService>(clock_, scenario_clock_ ? &*scenario_clock_ : nullptr);
  return OkStatus();
}

std::vector<host::ServiceHost*> Standalone::hosts() const {
  std::vector<host::ServiceHost*> opened;
  for (const auto* host :
       {&intake_host_, &routing_host_, &deadline_host_, &postal_host_, &reporting_host_}) {
    if (*host) opened.push_back(host->get());
  }
  return opened;
}

Status Standalone::CatchUp() {
  if (scenario_clock_) {
    scenario_listener_ = scenario_clock_->Listen([this] {
      for (host::ServiceHost* host : hosts()) host->Wake();
    });
  }
  // Side by side: the log decodes a chunk once for all that read it at about the same time.
  for (host::ServiceHost* host : hosts()) host->Start();
  for (host::ServiceHost* host : hosts()) MOTCUA_RETURN_IF_ERROR(host->AwaitCaughtUp());
  return OkStatus();
}

Status Standalone::Listen() {
  rpc::ServerOptions options = options_.server;
  options.before_shutdown.push_back([this] { deadline_->alerts().EndStreams(); });
  MOTCUA_ASSIGN_OR_RETURN(
      server_,
      rpc::Server::Start(std::move(options),
                         {{intake_.get(), intake::v1::IntakeService::service_full_name()},
                          {routing_.get(), routing::v1::RoutingService::service_full_name()},
                          {deadline_.get(), deadline::v1::DeadlineService::service_full_name()},
                          {postal_.get(), postal::v1::PostalService::service_full_name()},
                          {reporting_.get(), reporting::v1::ReportingService::service_full_name()},
                          {scenario_.get(), scenario::v1::ScenarioService::service_full_name()}}));
  server_->SetServing(true);
  health_ = std::thread([this] { WatchHealth(); });
  return OkStatus();
}

// A service whose loop cannot go on says NOT_SERVING until it can.
void Standalone::WatchHealth() {
  const std::vector<std::pair<host::ServiceHost*, std::string>> watched = {
      {intake_host_.get(), intake::v1::IntakeService::service_full_name()},
      {routing_host_.get(), routing::v1::RoutingService::service_full_name()},
      {deadline_host_.get(), deadline::v1::DeadlineService::service_full_name()},
      {postal_host_.get(), postal::v1::PostalService::service_full_name()},
      {reporting_host_.get(), reporting::v1::ReportingService::service_full_name()}};
  std::vector<bool> serving(watched.size(), true);
  std::unique_lock lock(health_mutex_);
  while (!health_changed_.wait_for(lock, kHealthInterval, [this] { return stopping_; })) {
    for (std::size_t i = 0; i < watched.size(); ++i) {
      const bool ok = watched[i].first->failure().ok();
      if (ok == serving[i]) continue;
      serving[i] = ok;
      server_->SetServing(watched[i].second, ok);
      telemetry::LogWarning(watched[i].second + (ok ? " is SERVING again" : " is NOT_SERVING"));
    }
  }
}

Standalone::~Standalone() {
  {
    const std::scoped_lock lock(health_mutex_);
    stopping_ = true;
  }
  health_changed_.notify_all();
  if (health_.joinable()) health_.join();
  if (server_) server_->Shutdown(rpc::kShutdownDeadline);
  if (scenario_clock_ && scenario_listener_ != 0) scenario_clock_->Unlisten(scenario_listener_);
  for (host::ServiceHost* host : hosts()) host->Stop();
  pool_.reset();
}

}  // namespace motcua::standalone
