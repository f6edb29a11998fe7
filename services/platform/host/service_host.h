// ServiceHost: one service instance as it runs in production: its state store, its loop on a thread
// of its own, and the two sides that a gRPC shell needs, the sink of commands and the reader.
//
//   Open (store, recover) → Start (thread, folds the log) → AwaitCaughtUp → serve → Stop
//
// Until the log has been folded up to where it ended at first, commands and reads are refused with
// NOT_SERVING: what it knows is a past that others have left behind.
//
// Threads: Open, Start, AwaitCaughtUp and Stop belong to the owner; all else may be used from any
// thread. The log, clock, codec, catalogue and rules outlive it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/engine/reader.h"
#include "services/engine/service_loop.h"
#include "services/platform/host/fold_gate.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "services/platform/runtime/inbox.h"
#include "services/platform/telemetry/command_meter.h"
#include "services/platform/telemetry/exporter.h"

namespace motcua::host {

// After an error of the store or the log, before the loop tries again.
inline constexpr std::chrono::milliseconds kRetryPause{200};
// Between two rounds of a loop that nobody waits for: what others write is folded together, one
// commit and one waking for all that came meanwhile, and a counter is written once for all that it
// counted. A command ends the pause, and so does a read that waits for what the log holds.
inline constexpr std::chrono::milliseconds kFoldPause{2};
// Of a service that publishes nothing.
inline constexpr std::chrono::milliseconds kReaderFoldPause{20};

struct HostOptions {
  std::filesystem::path directory;  // of the state store
  std::string log_id;               // a store folded from another log is rebuilt
  std::shared_ptr<rocksdb::Cache> cache;
  std::size_t write_buffer_bytes = 8 * 1024 * 1024;
  int ordinal = 0;
  int replicas = 1;
  Micros grace = engine::kGraceDefault;
  std::optional<std::chrono::milliseconds> fold_pause;  // not said: as above
  std::function<void()> on_commit;                      // from the loop's thread, after each commit
  std::function<void(const Status&)> warn;              // any thread; what an operator should know
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

  void Start();
  // Waits until what the log held at first is folded, or an error that waiting does not heal.
  // `progress` gets now and then how many records are left.
  // NOT_SERVING after Interrupt.
  Status AwaitCaughtUp(const std::function<void(std::uint64_t left)>& progress = {});
  // Ends AwaitCaughtUp; any thread.
  void Interrupt();
  // Stops the thread, answers what is still inside, makes the store durable. Again: no effect.
  void Stop();
  // Makes the loop look again: the clock was set.
  void Wake() { inbox_.Wake(); }

  engine::CommandSink& sink() { return *measured_sink_; }
  const engine::StateReader& reader() const { return reader_; }
  const engine::Metrics& metrics() const { return loop_->metrics(); }
  std::string_view name() const { return ports_.rules.name(); }
  const HostOptions& options() const { return options_; }
  // What the exporter reads at each scrape; for as long as this host lives.
  telemetry::ServiceSource MetricsSource() const;
  // Not ok while no partition can go on, it has not caught up, or the log takes no appends: not
  // SERVING then, though reads may go on. Damage stays until a restart. A single partition that
  // fails is named in readings(), and the others are served.
  Status failure() const;
  bool caught_up() const { return caught_up_; }

  // The state store as it stands now, as the new folder `to` on its disk; see RocksStore::CopyTo.
  // Not after Stop.
  Status CopyStore(const std::filesystem::path& to) const { return store_->CopyTo(to); }

  // As of the last round of the loop.
  engine::Readings readings() const { return gate_.readings(); }
  // No call may wait for the loop any more; before what calls rest on is destroyed.
  void CloseGate() { gate_.Close(); }

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

  // Reads of a store that has not caught up are refused.
  class GatedStore final : public engine::StateStore {
   public:
    GatedStore(engine::StateStore& store, const std::atomic<bool>& open)
        : store_(store), open_(open) {}
    Status Write(const std::vector<engine::StoreWrite>& batch) override;
    Result<std::optional<std::string>> Get(std::string_view key) const override;
    Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override;
    Status ScanBackward(std::string_view from, std::string_view to,
                        const Visit& visit) const override;
    Result<std::unique_ptr<const StateStore>> Snapshot() const override;

   private:
    engine::StateStore& store_;
    const std::atomic<bool>& open_;
  };

  // The engine's, with a lock, waking the loop as long as there is one.
  class GuardedLogAnswers;

  ServiceHost(HostPorts ports, HostOptions options, std::unique_ptr<rocks::RocksStore> store);
  void Run();
  // After an error, before the next try.
  void Pause();
  // What a round of the loop has led to.
  void Publish(const Status& round);

  const HostPorts ports_;
  const HostOptions options_;
  std::unique_ptr<rocks::RocksStore> store_;
  std::atomic<bool> caught_up_ = false;
  runtime::Inbox<engine::PendingCommand> inbox_{engine::kInboxCommandsMax};
  FoldGate gate_;
  GatedStore gated_store_;
  engine::StateReader reader_;
  LoopInbox loop_inbox_{inbox_};
  std::shared_ptr<GuardedLogAnswers> answers_;
  std::unique_ptr<engine::ServiceLoop> loop_;
  telemetry::CommandMeter commands_;
  std::unique_ptr<telemetry::MeasuredSink> measured_sink_;
  std::uint64_t watch_token_ = 0;
  std::atomic<bool> stopping_ = false;
  bool stopped_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  Status failure_;
  std::vector<Reason> failing_;  // by partition, as it was warned of last
  bool interrupted_ = false;
  std::thread thread_;
};

}  // namespace motcua::host
