// Assembly: modules brought to life over one log: a host and a loop for each, one gRPC server with
// all their faces, and the health that tells the truth. `motcua standalone` makes one of five
// modules on a LocalLog, a service process one of a single module on a KafkaLog.
//
// It listens at once and says NOT_SERVING until each loop has caught up; reads and commands are
// refused until then. Health has a name for each service, the empty one for all of them together
// (readiness), and kLiveness, which is SERVING as long as the process can answer.
//
// Threads: one loop per service, gRPC's own (they enqueue only), one that watches health. Start and
// the destructor belong to the owner's thread; the rest may be called from any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/platform/grpc/server.h"
#include "services/platform/host/service_host.h"
#include "services/platform/process/instance_service.h"
#include "services/platform/process/module.h"
#include "services/platform/process/scenario_service.h"
#include "services/platform/runtime/clocks.h"
#include "services/platform/telemetry/exporter.h"

namespace motcua::process {

// Name of the health of the process itself.
inline constexpr const char* kLiveness = "liveness";

// All outlive the assembly.
struct AssemblyPorts {
  engine::EventLog& log;
  const engine::Clock& clock;
  const engine::Codec& codec;
  std::shared_ptr<const catalogue::Catalogue> catalogue;
  people::PartyStore* people = nullptr;  // null: this process keeps no people
};

struct AssemblyOptions {
  std::filesystem::path data;  // a folder for each service's state store is made in it
  std::string log_id;
  int ordinal = 0;
  int replicas = 1;
  Micros grace = engine::kGraceDefault;
  rpc::ServerOptions server;
  // The ports' clock, where callers may set it; outlives the assembly. Null: the machine's.
  runtime::ScenarioClock* scenario = nullptr;
  std::string metrics_listen;  // HOST:PORT of Prometheus' exporter; empty: none
};

class Assembly {
 public:
  // Opens the stores, starts the loops, listens.
  static Result<std::unique_ptr<Assembly>> Start(
      AssemblyPorts ports, std::vector<std::unique_ptr<ServiceModule>> modules,
      AssemblyOptions options);
  // The same in reverse; every call that is still open is answered.
  ~Assembly();
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  // Waits until all serve. An error that no waiting heals (damage), or kNotServing after Interrupt.
  Status AwaitServing();
  // Ends AwaitServing; any thread.
  void Interrupt();

  std::string address() const { return server_->address(); }
  std::vector<const host::ServiceHost*> hosts() const;

 private:
  struct Part {
    std::unique_ptr<ServiceModule> module;
    std::unique_ptr<host::ServiceHost> host;
    grpc::Service* face = nullptr;
    bool serving = false;  // as health says
  };

  explicit Assembly(AssemblyPorts ports, AssemblyOptions options);
  Status Open(std::vector<std::unique_ptr<ServiceModule>> modules);
  Status Listen();
  Status Export();
  void WatchHealth();
  // The clock was set: every loop looks again.
  void Wake();

  const AssemblyPorts ports_;
  AssemblyOptions options_;
  telemetry::CallMeter calls_;
  // Destroyed from the bottom up: server, then faces and hosts.
  std::vector<std::unique_ptr<Part>> parts_;
  std::unique_ptr<runtime::WorkerPool> workers_;
  std::unique_ptr<InstanceService> instance_service_;
  ScenarioService scenario_service_;
  std::uint64_t scenario_listener_ = 0;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<telemetry::Exporter> exporter_;

  std::mutex mutex_;  // guards what follows, and Part::serving
  std::condition_variable changed_;
  bool stopping_ = false;
  bool interrupted_ = false;
  std::thread health_;
};

}  // namespace motcua::process
