// Standalone: all five services in one process over one LocalLog, behind one gRPC server
// (architecture.md §1). Nothing is needed beside it.
//
// Threads: the log's writer and those of process/assembly.h. Start and the destructor belong to the
// owner's thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "services/base/status.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/platform/people/local_parties.h"
#include "services/platform/process/assembly.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/clocks.h"
#include "services/wire/codec.h"

namespace motcua::standalone {

struct StandaloneOptions {
  std::filesystem::path data;          // the log and the five state stores; made if missing
  std::filesystem::path catalogue;     // empty: the built-in sample
  engine::PartitionId partitions = 0;  // of a new log: 0 = 1
  // The clock of a history, from this instant on; none: the machine's.
  std::optional<Instant> scenario_start;
  // The machine's clock is right, though the log was last written to in another year, or later.
  bool trust_clock = false;
  std::filesystem::path master_key;  // of people; empty: people/master.key in `data`
  std::string metrics_listen;        // HOST:PORT of Prometheus' exporter; empty: none
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

  std::string address() const { return assembly_->address(); }

 private:
  explicit Standalone(StandaloneOptions options);
  Status Run();

  const StandaloneOptions options_;
  const wire::WireCodec codec_;
  runtime::SystemClock system_clock_;
  std::optional<runtime::ScenarioClock> scenario_clock_;
  const engine::Clock& clock_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_;

  // Destroyed from the bottom up.
  std::unique_ptr<rocks::LocalLog> log_;
  std::unique_ptr<people::LocalParties> people_;
  std::unique_ptr<process::Assembly> assembly_;
};

}  // namespace motcua::standalone
