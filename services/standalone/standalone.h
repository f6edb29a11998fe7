// Standalone: all five services in one process over one LocalLog, behind one gRPC server
// (architecture.md §1). Nothing is needed beside it.
//
// Threads: the log's writer, one loop per service, gRPC's own (they enqueue only), two workers for
// long reads, one that watches health. Start and Stop belong to the owner's thread.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/deadline/rules.h"
#include "services/deadline/service.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/intake/rules.h"
#include "services/intake/service.h"
#include "services/platform/grpc/server.h"
#include "services/platform/host/service_host.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/clocks.h"
#include "services/platform/runtime/worker_pool.h"
#include "services/postal/rules.h"
#include "services/postal/service.h"
#include "services/reporting/rules.h"
#include "services/reporting/service.h"
#include "services/routing/rules.h"
#include "services/routing/service.h"
#include "services/standalone/scenario_service.h"
#include "services/wire/codec.h"

namespace motcua::standalone {

struct StandaloneOptions {
  std::filesystem::path data;          // the log and the five state stores; made if missing
  std::filesystem::path catalogue;     // empty: the built-in sample
  engine::PartitionId partitions = 0;  // of a new log: 0 = 1
  // The clock of a history, from this instant on; none: the machine's.
  std::optional<Instant> scenario_start;
  rpc::ServerOptions server;
};

class Standalone {
 public:
  // Opens, recovers, listens, and serves when it returns.
  static Result<std::unique_ptr<Standalone>> Start(StandaloneOptions options);
  // The same in reverse; every call that is still open is answered.
  ~Standalone();
  Standalone(const Standalone&) = delete;
  Standalone& operator=(const Standalone&) = delete;

  std::string address() const { return server_->address(); }

 private:
  explicit Standalone(StandaloneOptions options);
  Status Open();
  Status OpenHosts();
  Status CatchUp();
  Status Listen();
  void WatchHealth();
  std::vector<host::ServiceHost*> hosts() const;
  Result<std::unique_ptr<host::ServiceHost>> OpenHost(const engine::ServiceRules& rules,
                                                      std::shared_ptr<rocksdb::Cache> cache,
                                                      std::function<void()> on_commit);

  const StandaloneOptions options_;
  const wire::WireCodec codec_;
  const intake::IntakeRules intake_rules_;
  const routing::RoutingRules routing_rules_;
  const deadline::DeadlineRules deadline_rules_;
  const postal::PostalRules postal_rules_;
  const reporting::ReportingRules reporting_rules_;
  runtime::SystemClock system_clock_;
  std::optional<runtime::ScenarioClock> scenario_clock_;
  const engine::Clock& clock_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_;

  // Destroyed from the bottom up: server, services, pool, hosts, log.
  std::unique_ptr<rocks::LocalLog> log_;
  std::unique_ptr<host::ServiceHost> intake_host_;
  std::unique_ptr<host::ServiceHost> routing_host_;
  std::unique_ptr<host::ServiceHost> deadline_host_;
  std::unique_ptr<host::ServiceHost> postal_host_;
  std::unique_ptr<host::ServiceHost> reporting_host_;
  std::uint64_t scenario_listener_ = 0;
  std::unique_ptr<runtime::WorkerPool> pool_;
  std::unique_ptr<intake::IntakeService> intake_;
  std::unique_ptr<routing::RoutingService> routing_;
  std::unique_ptr<deadline::DeadlineService> deadline_;
  std::unique_ptr<postal::PostalService> postal_;
  std::unique_ptr<reporting::ReportingService> reporting_;
  std::unique_ptr<ScenarioService> scenario_;
  std::unique_ptr<rpc::Server> server_;

  std::mutex health_mutex_;
  std::condition_variable health_changed_;
  bool stopping_ = false;
  std::thread health_;
};

}  // namespace motcua::standalone
