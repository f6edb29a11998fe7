// ServiceHost: one service instance as it runs in production: its state store, its loop on a thread
// of its own, and the two sides that a gRPC shell needs, the sink of commands and the reader.
//
//   Open (store, recover) → CatchUp (fold the log) → Start (thread) → serve → Stop
//
// Threads: Open, CatchUp, Start and Stop belong to the owner; sink(), reader(), metrics() and
// failure() may be used from any thread. The log, clock, codec, catalogue and rules outlive it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "services/base/status.h"
#include "services/engine/reader.h"
#include "services/engine/service_loop.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "services/platform/runtime/inbox.h"

namespace motcua::host {

// After an error of the store or the log, before the loop tries again.
inline constexpr std::chrono::milliseconds kRetryPause{200};

struct HostOptions {
  std::filesystem::path directory;  // of the state store
  std::string log_id;               // a store folded from another log is rebuilt
  std::shared_ptr<rocksdb::Cache> cache;
  std::size_t write_buffer_bytes = 8 * 1024 * 1024;
  int ordinal = 0;
  int replicas = 1;
  std::function<void()> on_commit;          // from the loop's thread, after each commit
  std::function<void(const Status&)> warn;  // any thread; what an operator should know
};

struct HostPorts {
  engine::EventLog& log;
  const engine::Clock& clock;
  const engine::Codec& codec;
  const catalogue::Catalogue& catalogue;
  const engine::ServiceRules& rules;
};

class ServiceHost {
 public:
  static Result<std::unique_ptr<ServiceHost>> Open(HostPorts ports, HostOptions options);
  ~ServiceHost();
  ServiceHost(const ServiceHost&) = delete;
  ServiceHost& operator=(const ServiceHost&) = delete;

  // Folds what the log holds, in the calling thread; before Start. `progress` gets how many records
  // are left.
  Status CatchUp(const std::function<void(std::uint64_t left)>& progress = {});
  void Start();
  // Stops the thread, answers what is still inside, makes the store durable. Again: no effect.
  void Stop();
  // Makes the loop look again: the clock was set.
  void Wake() { inbox_.Wake(); }

  engine::CommandSink& sink() { return *loop_; }
  const engine::StateReader& reader() const { return reader_; }
  const engine::Metrics& metrics() const { return loop_->metrics(); }
  std::string_view name() const { return ports_.rules.name(); }
  // Not ok while the loop cannot go on: not SERVING then. Damage stays until a restart.
  Status failure() const;

 private:
  // The engine's inbox over the runtime's.
  class LoopInbox final : public engine::Inbox {
   public:
    explicit LoopInbox(runtime::Inbox<engine::PendingCommand>& inbox) : inbox_(inbox) {}
    bool Push(engine::PendingCommand&& command) override { return inbox_.Push(std::move(command)); }
    std::vector<engine::PendingCommand> Drain(std::size_t commands_max) override {
      return inbox_.Drain(commands_max);
    }

   private:
    runtime::Inbox<engine::PendingCommand>& inbox_;
  };

  // The engine's, with a lock, waking the loop as long as there is one.
  class GuardedFailedAppends;

  ServiceHost(HostPorts ports, HostOptions options, std::unique_ptr<rocks::RocksStore> store);
  void Run();
  // After an error, before the next try.
  void Pause();
  void SetFailure(const Status& status);

  const HostPorts ports_;
  const HostOptions options_;
  std::unique_ptr<rocks::RocksStore> store_;
  engine::StateReader reader_;
  runtime::Inbox<engine::PendingCommand> inbox_{engine::kInboxCommandsMax};
  LoopInbox loop_inbox_{inbox_};
  std::shared_ptr<GuardedFailedAppends> failed_appends_;
  std::unique_ptr<engine::ServiceLoop> loop_;
  std::uint64_t watch_token_ = 0;
  std::atomic<bool> stopping_ = false;
  bool stopped_ = false;
  mutable std::mutex failure_mutex_;
  std::condition_variable stop_asked_;
  Status failure_;
  std::thread thread_;
};

}  // namespace motcua::host
