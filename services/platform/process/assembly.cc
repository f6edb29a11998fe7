#include "services/platform/process/assembly.h"

#include <algorithm>
#include <future>
#include <system_error>
#include <utility>

#include "services/engine/partition.h"
#include "services/platform/grpc/read.h"
#include "services/platform/grpc/unary.h"
#include "services/platform/host/service_host.h"
#include "services/platform/telemetry/calendar_reach.h"
#include "services/platform/telemetry/log.h"

namespace motcua::process {
namespace {

static_assert(rpc::kCallDeadlineMargin > host::kRetryPause + engine::kExpiryInterval &&
                  rpc::kCallDeadlineMargin >
                      engine::kPartitionRetryPause + engine::kExpiryInterval + rocks::kWriteWaitMax,
              "the answer that a command's time is over would come after its caller has gone");

constexpr std::chrono::milliseconds kHealthInterval{100};

Status MakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return OkStatus();
  return Status(Reason::kFileUnreadable,
                "cannot make the folder " + folder.string() + ": " + error.message(),
                {{"file", folder.string()}});
}

}  // namespace

Assembly::Assembly(AssemblyPorts ports, AssemblyOptions options)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      scenario_service_(ports_.clock, options_.scenario) {}

Result<std::unique_ptr<Assembly>> Assembly::Start(
    AssemblyPorts ports, std::vector<std::unique_ptr<ServiceModule>> modules,
    AssemblyOptions options) {
  std::unique_ptr<Assembly> assembly(new Assembly(std::move(ports), std::move(options)));
  telemetry::LogCalendars(*assembly->ports_.catalogue, assembly->ports_.clock.Now());
  MOTCUA_RETURN_IF_ERROR(assembly->Open(std::move(modules)));
  for (const auto& part : assembly->parts_) part->host->Start();
  if (runtime::ScenarioClock* const scenario = assembly->options_.scenario) {
    assembly->scenario_listener_ = scenario->Listen([all = assembly.get()] { all->Wake(); });
  }
  MOTCUA_RETURN_IF_ERROR(assembly->Listen());
  MOTCUA_RETURN_IF_ERROR(assembly->Export());
  return assembly;
}

Status Assembly::Open(std::vector<std::unique_ptr<ServiceModule>> modules) {
  MOTCUA_RETURN_IF_ERROR(MakeFolder(options_.data));
  workers_ = std::make_unique<runtime::WorkerPool>(rpc::kReadWorkers, rpc::kReadsQueuedMax);
  const std::shared_ptr<rocksdb::Cache> cache = rocks::MakeSharedCache();
  // All at once: after an unclean end each store is looked through for a while before it serves.
  using Opened = Result<std::unique_ptr<host::ServiceHost>>;
  std::vector<std::future<Opened>> opening;
  for (std::unique_ptr<ServiceModule>& module : modules) {
    Part& part = *parts_.emplace_back(std::make_unique<Part>());
    part.module = std::move(module);
    const engine::ServiceRules& rules = part.module->rules();
    host::HostOptions options;
    options.directory = options_.data / std::string(rules.name());
    options.log_id = options_.log_id;
    options.cache = cache;
    options.ordinal = options_.ordinal;
    options.replicas = options_.replicas;
    options.grace = options_.grace;
    options.on_commit = [&part] { part.module->OnCommit(); };
    options.warn = telemetry::LogStatus;
    opening.push_back(std::async(std::launch::async, [this, &rules,
                                                      options = std::move(options)]() mutable {
      return host::ServiceHost::Open(
          {ports_.log, ports_.clock, ports_.codec, *ports_.catalogue, rules}, std::move(options));
    }));
  }
  for (std::size_t i = 0; i < opening.size(); ++i) {
    Part& part = *parts_[i];
    MOTCUA_ASSIGN_OR_RETURN(part.host, opening[i].get());
    part.face = &part.module->MakeGrpcService({part.host->sink(), part.host->reader(), ports_.clock,
                                               ports_.catalogue, *workers_, ports_.people});
  }
  return OkStatus();
}

Status Assembly::Listen() {
  rpc::ServerOptions options = options_.server;
  options.calls = &calls_;
  std::vector<rpc::ServedService> services{
      {&scenario_service_, scenario::v1::ScenarioService::service_full_name()}};
  std::vector<std::string> serving;
  instance_service_ = std::make_unique<InstanceService>(hosts(), ports_.clock.Now());
  services.push_back({instance_service_.get(), admin::v1::InstanceService::service_full_name()});
  options.before_shutdown.emplace_back([this] { instance_service_->EndStreams(); });
  for (const auto& part : parts_) {
    services.push_back({part->face, part->module->service_name()});
    for (rpc::ServedService& more : part->module->MoreServices()) {
      serving.push_back(more.name);
      services.push_back(std::move(more));
    }
    options.before_shutdown.emplace_back([module = part->module.get(), host = part->host.get()] {
      module->BeforeShutdown();
      host->CloseGate();  // who waits for it is better served elsewhere
    });
  }
  MOTCUA_ASSIGN_OR_RETURN(server_, rpc::Server::Start(std::move(options), std::move(services)));
  server_->SetServing(scenario::v1::ScenarioService::service_full_name(), true);
  server_->SetServing(admin::v1::InstanceService::service_full_name(), true);
  server_->SetServing(kLiveness, true);
  for (const std::string& name : serving) server_->SetServing(name, true);
  health_ = std::thread([this] { WatchHealth(); });
  return OkStatus();
}

Status Assembly::Export() {
  if (options_.metrics_listen.empty()) return OkStatus();
  MOTCUA_ASSIGN_OR_RETURN(exporter_, telemetry::Exporter::Start(options_.metrics_listen));
  for (const auto& part : parts_) exporter_->AddService(part->host->MetricsSource());
  exporter_->AddCalls(calls_);
  exporter_->AddCalendars(
      [this] { return telemetry::ReadCalendars(*ports_.catalogue, ports_.clock.Now()); });
  telemetry::LogInfo("metrics", {{"port", exporter_->port()}});
  return OkStatus();
}

// A service whose loop cannot go on says NOT_SERVING until it can.
void Assembly::WatchHealth() {
  std::unique_lock lock(mutex_);
  bool all_served = false;
  while (!stopping_) {
    bool all = true;
    for (const auto& part : parts_) {
      const Status failure = part->host->failure();
      const bool ok = failure.ok();
      all = all && ok;
      if (ok == part->serving) continue;
      part->serving = ok;
      server_->SetServing(part->module->service_name(), ok);
      const std::string name = part->module->service_name();
      if (ok) {
        telemetry::LogInfo("SERVING", {{"name", name}});
      } else {
        telemetry::LogWarning("NOT_SERVING", {{"name", name}, {"why", failure.ToString()}});
      }
    }
    if (all != all_served) server_->SetServing("", all);
    all_served = all;
    if (all) changed_.notify_all();
    changed_.wait_for(lock, kHealthInterval, [this] { return stopping_; });
  }
}

Status Assembly::AwaitServing() {
  for (const auto& part : parts_) {
    MOTCUA_RETURN_IF_ERROR(part->host->AwaitCaughtUp());
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] {
    return interrupted_ || std::all_of(parts_.begin(), parts_.end(),
                                       [](const auto& part) { return part->serving; });
  });
  return interrupted_ ? Status(Reason::kNotServing, "told to stop") : OkStatus();
}

void Assembly::Interrupt() {
  {
    const std::scoped_lock lock(mutex_);
    interrupted_ = true;
  }
  changed_.notify_all();
  for (const auto& part : parts_) part->host->Interrupt();
}

void Assembly::Wake() {
  for (const auto& part : parts_) part->host->Wake();
}

std::vector<const host::ServiceHost*> Assembly::hosts() const {
  std::vector<const host::ServiceHost*> hosts;
  hosts.reserve(parts_.size());
  for (const auto& part : parts_) hosts.push_back(part->host.get());
  return hosts;
}

Assembly::~Assembly() {
  if (scenario_listener_ != 0) options_.scenario->Unlisten(scenario_listener_);
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (health_.joinable()) health_.join();
  exporter_.reset();
  if (server_) server_->Shutdown(rpc::kShutdownDeadline);
  instance_service_.reset();
  // Who waits for a position comes to the workers later, so they go after the last of them.
  for (const auto& part : parts_) {
    if (part->host) part->host->CloseGate();
  }
  workers_.reset();  // what was accepted reads the stores
  for (const auto& part : parts_) {
    if (part->face != nullptr) part->module->AfterShutdown();
    if (part->host) part->host->Stop();
  }
}

}  // namespace motcua::process
