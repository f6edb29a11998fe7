#include "services/platform/host/service_host.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "services/engine/keys.h"

namespace motcua::host {
namespace {

constexpr std::chrono::milliseconds kIdleWaitMax{1'000};

std::string FormatOf(const HostPorts& ports, const HostOptions& options) {
  return std::string(engine::kStateFormat) + "/" + std::string(ports.rules.name()) + "/" +
         options.log_id + "/" + std::to_string(ports.log.partitions());
}

}  // namespace

class ServiceHost::GuardedFailedAppends final : public engine::FailedAppends {
 public:
  explicit GuardedFailedAppends(runtime::Inbox<engine::PendingCommand>* inbox) : inbox_(inbox) {}

  void Put(engine::FailedAppend failed) override {
    const std::scoped_lock lock(mutex_);
    engine::FailedAppends::Put(std::move(failed));
    if (inbox_ != nullptr) inbox_->Wake();
  }
  std::vector<engine::FailedAppend> Take() override {
    const std::scoped_lock lock(mutex_);
    return engine::FailedAppends::Take();
  }
  // The host goes; the log may still call back.
  void Detach() {
    const std::scoped_lock lock(mutex_);
    inbox_ = nullptr;
  }

 private:
  std::mutex mutex_;
  runtime::Inbox<engine::PendingCommand>* inbox_;
};

Result<std::unique_ptr<ServiceHost>> ServiceHost::Open(HostPorts ports, HostOptions options) {
  rocks::RocksStoreOptions store_options;
  store_options.format = FormatOf(ports, options);
  store_options.cache = options.cache;
  store_options.write_buffer_bytes = options.write_buffer_bytes;
  Result<std::unique_ptr<rocks::RocksStore>> store =
      rocks::RocksStore::Open(options.directory, store_options);
  if (!store.ok()) return store.status().Prefixed(ports.rules.name());
  if ((*store)->rebuilt() && options.warn) {
    options.warn(Status(Reason::kStoreDamaged, (*store)->rebuilt_reason())
                     .Prefixed(std::string(ports.rules.name()) +
                               ": the state store is rebuilt from the log"));
  }
  std::unique_ptr<ServiceHost> host(new ServiceHost(ports, std::move(options), std::move(*store)));
  const Status recovered = host->loop_->Recover();
  if (!recovered.ok()) return recovered.Prefixed(ports.rules.name());
  return host;
}

ServiceHost::ServiceHost(HostPorts ports, HostOptions options,
                         std::unique_ptr<rocks::RocksStore> store)
    : ports_(ports),
      options_(std::move(options)),
      store_(std::move(store)),
      reader_(*store_, ports_.codec),
      failed_appends_(std::make_shared<GuardedFailedAppends>(&inbox_)) {
  const engine::ServiceLoopPorts loop_ports{ports_.log,   *store_,          ports_.clock,
                                            ports_.codec, ports_.catalogue, ports_.rules,
                                            loop_inbox_,  failed_appends_};
  engine::ServiceLoopOptions loop_options;
  loop_options.ordinal = options_.ordinal;
  loop_options.replicas = options_.replicas;
  loop_options.on_commit = options_.on_commit;
  loop_ = std::make_unique<engine::ServiceLoop>(loop_ports, std::move(loop_options));
}

ServiceHost::~ServiceHost() {
  Stop();
  failed_appends_->Detach();
}

Status ServiceHost::CatchUp(const std::function<void(std::uint64_t)>& progress) {
  while (!loop_->CaughtUp()) {
    const Result<bool> round = loop_->RunOnce();
    if (!round.ok()) return round.status().Prefixed(name());
    if (!progress) continue;
    std::uint64_t left = 0;
    for (const auto& partition : loop_->partitions()) {
      MOTCUA_ASSIGN_OR_RETURN(const engine::Offset end, ports_.log.End(partition->id()));
      left += end - std::min(end, partition->next_offset());
    }
    progress(left);
  }
  return OkStatus();
}

void ServiceHost::Start() {
  watch_token_ = ports_.log.Watch([this] { inbox_.Wake(); });
  thread_ = std::thread([this] { Run(); });
}

void ServiceHost::Stop() {
  if (std::exchange(stopped_, true)) return;
  {
    const std::scoped_lock lock(failure_mutex_);
    stopping_ = true;
  }
  stop_asked_.notify_all();
  inbox_.Close();
  if (thread_.joinable()) {
    thread_.join();
    ports_.log.Unwatch(watch_token_);
  }
  loop_->Stop(Status(Reason::kNotServing, "the service is stopping"));
  const Status closed = store_->Close();
  if (!closed.ok() && options_.warn) options_.warn(closed.Prefixed(name()));
}

void ServiceHost::Run() {
  while (!stopping_) {
    const Result<bool> round = loop_->RunOnce();
    SetFailure(round.status());
    if (!round.ok()) {
      // Commands wait in the inbox meanwhile, or are refused when it is full.
      Pause();
      continue;
    }
    if (*round) continue;
    const Micros until = loop_->NextWake() - ports_.clock.Now();
    const auto wait = std::clamp<Micros>(until, Micros(0), Micros(kIdleWaitMax));
    inbox_.WaitUntil(std::chrono::steady_clock::now() + wait);
  }
}

void ServiceHost::Pause() {
  std::unique_lock lock(failure_mutex_);
  stop_asked_.wait_for(lock, kRetryPause, [this] { return stopping_.load(); });
}

void ServiceHost::SetFailure(const Status& status) {
  {
    const std::scoped_lock lock(failure_mutex_);
    if (failure_ == status) return;
    failure_ = status;
  }
  if (!status.ok() && options_.warn) options_.warn(status.Prefixed(name()));
}

Status ServiceHost::failure() const {
  if (store_->damaged()) {
    return Status(Reason::kStoreDamaged, "the state store is damaged; restart to rebuild it");
  }
  const std::scoped_lock lock(failure_mutex_);
  return failure_;
}

}  // namespace motcua::host
