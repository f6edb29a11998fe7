#include "services/platform/host/service_host.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <system_error>
#include <utility>

#include "services/engine/keys.h"
#include "services/platform/host/store_format.h"
#include "services/platform/runtime/thread_name.h"

namespace motcua::host {
namespace {

constexpr std::chrono::milliseconds kIdleWaitMax{1'000};
constexpr std::chrono::milliseconds kProgressInterval{100};

Status CatchingUp() {
  return Status(Reason::kNotServing, "the service has not read the whole log yet");
}

std::string FormatOf(const HostPorts& ports, const HostOptions& options) {
  const std::string rows =
      RowsFormatOf(engine::StateFormatOf(ports.codec), ports.rules.index_format());
  return ToText({rows, std::string(ports.rules.name()), options.log_id, ports.log.partitions()});
}

// Of the files in a folder. RocksDB removes files meanwhile: those count nothing.
std::uint64_t BytesIn(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    const std::uintmax_t size = at->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

// CLOCK_DISAGREES when some partition's log says so and no other's says that the clock is right:
// then it is the process's, not a broker's.
Status ClockOf(const engine::Readings& readings) {
  Status disagrees;
  for (const engine::PartitionReading& reading : readings) {
    if (reading.clock == engine::ClockState::kAgrees) return OkStatus();
    if (reading.clock == engine::ClockState::kDisagrees) {
      disagrees = engine::ClockDisagrees(reading.clock_offset);
    }
  }
  return disagrees;
}

}  // namespace

class ServiceHost::GuardedLogAnswers final : public engine::LogAnswers {
 public:
  explicit GuardedLogAnswers(runtime::Inbox<engine::PendingCommand>* inbox) : inbox_(inbox) {}

  void Put(engine::FailedAppend failed) override { PutGuarded(std::move(failed)); }
  void Put(engine::EndReported told) override { PutGuarded(std::move(told)); }
  Taken Take() override {
    const std::scoped_lock lock(mutex_);
    return engine::LogAnswers::Take();
  }
  // The host goes; the log may still call back.
  void Detach() {
    const std::scoped_lock lock(mutex_);
    inbox_ = nullptr;
  }

 private:
  template <typename Answer>
  void PutGuarded(Answer answer) {
    const std::scoped_lock lock(mutex_);
    engine::LogAnswers::Put(std::move(answer));
    if (inbox_ != nullptr) inbox_->Wake();
  }

  std::mutex mutex_;
  runtime::Inbox<engine::PendingCommand>* inbox_;
};

Result<std::unique_ptr<ServiceHost>> ServiceHost::Open(HostPorts ports, HostOptions options) {
  rocks::RocksStoreOptions store_options;
  store_options.format = FormatOf(ports, options);
  store_options.adopts = [own = store_options.format](std::string_view stored,
                                                      const engine::StateStore& rows) {
    return engine::MayAdoptRows(stored, own, rows);
  };
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
  host->gate_.Publish(host->loop_->readings());
  return host;
}

ServiceHost::ServiceHost(HostPorts ports, HostOptions options,
                         std::unique_ptr<rocks::RocksStore> store)
    : ports_(ports),
      options_(std::move(options)),
      store_(std::move(store)),
      gate_(ports_.log, [this] { inbox_.Hurry(); }),
      gated_store_(*store_, caught_up_),
      reader_(gated_store_, ports_.codec, &gate_),
      answers_(std::make_shared<GuardedLogAnswers>(&inbox_)) {
  const engine::ServiceLoopPorts loop_ports{ports_.log,   *store_,          ports_.clock,
                                            ports_.codec, ports_.catalogue, ports_.rules,
                                            loop_inbox_,  answers_};
  engine::ServiceLoopOptions loop_options;
  loop_options.ordinal = options_.ordinal;
  loop_options.replicas = options_.replicas;
  loop_options.grace = options_.grace;
  loop_options.on_commit = options_.on_commit;
  loop_ = std::make_unique<engine::ServiceLoop>(loop_ports, std::move(loop_options));
  measured_sink_ = std::make_unique<telemetry::MeasuredSink>(*loop_, commands_);
}

ServiceHost::~ServiceHost() {
  Stop();
  answers_->Detach();
}

void ServiceHost::Start() {
  watch_token_ = ports_.log.Watch([this] { inbox_.Wake(); });
  thread_ = std::thread([this] { Run(); });
}

Status ServiceHost::AwaitCaughtUp(const std::function<void(std::uint64_t)>& progress) {
  std::unique_lock lock(mutex_);
  while (!caught_up_) {
    if (interrupted_) return CatchingUp().Prefixed(name());
    if (!failure_.ok() && !DescribeReason(failure_.reason()).retryable) {
      return failure_.Prefixed(name());
    }
    changed_.wait_for(lock, kProgressInterval);
    if (!progress) continue;
    std::uint64_t left = 0;
    for (const auto& reading : readings()) left += reading.end - reading.next;
    lock.unlock();
    progress(left);
    lock.lock();
  }
  return OkStatus();
}

void ServiceHost::Interrupt() {
  {
    const std::scoped_lock lock(mutex_);
    interrupted_ = true;
  }
  changed_.notify_all();
}

void ServiceHost::Stop() {
  if (std::exchange(stopped_, true)) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  gate_.Close();
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
  runtime::NameThread(name());
  const auto pause =
      options_.fold_pause.value_or(ports_.rules.publishes() ? kFoldPause : kReaderFoldPause);
  while (!stopping_) {
    const Result<bool> round = loop_->RunOnce();
    Publish(round.status());
    if (!round.ok()) {
      // Commands wait in the inbox meanwhile, or are refused when it is full.
      Pause();
      continue;
    }
    if (*round) continue;
    inbox_.Wait(std::min(loop_->NextWake(), Micros(kIdleWaitMax)));
    if (loop_->Idle() && loop_->CaughtUp() && gate_.waiting() == 0) inbox_.Rest(pause);
  }
}

void ServiceHost::Pause() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kRetryPause, [this] { return stopping_.load(); });
}

void ServiceHost::Publish(const Status& round) {
  const engine::Readings readings = loop_->readings();
  gate_.Publish(readings);
  std::vector<Status> warnings;
  bool news = false;
  {
    const std::scoped_lock lock(mutex_);
    // By reason: the words may name another file each time.
    const bool other = failure_.reason() != round.reason();
    if (other && !round.ok()) warnings.push_back(round);
    failing_.resize(readings.size(), Reason::kNone);
    for (std::size_t i = 0; i < readings.size(); ++i) {
      const Status& failure = readings[i].failure;
      if (std::exchange(failing_[i], failure.reason()) == failure.reason() || failure.ok())
        continue;
      warnings.push_back(failure.Prefixed("partition " + std::to_string(readings[i].id)));
    }
    failure_ = round;
    news = other || caught_up_ != loop_->CaughtUp();
    caught_up_ = caught_up_ || loop_->CaughtUp();
  }
  if (news) changed_.notify_all();
  if (!options_.warn) return;
  for (const Status& warning : warnings) options_.warn(warning.Prefixed(name()));
}

telemetry::ServiceSource ServiceHost::MetricsSource() const {
  return {std::string(name()), metrics(), commands_, [this] { return readings(); },
          [this] { return BytesIn(options_.directory); }};
}

Status ServiceHost::failure() const {
  if (store_->damaged()) {
    return Status(Reason::kStoreDamaged, "the state store is damaged; restart to rebuild it");
  }
  {
    const std::scoped_lock lock(mutex_);
    if (!failure_.ok()) return failure_;
    if (Status clock = ClockOf(readings()); caught_up_ && !clock.ok()) return clock;
  }
  return caught_up_ ? ports_.log.health() : CatchingUp();
}

// ---- GatedStore ------------------------------------------------------------------------------

Status ServiceHost::GatedStore::Write(const std::vector<engine::StoreWrite>& batch) {
  return store_.Write(batch);
}

Result<std::optional<std::string>> ServiceHost::GatedStore::Get(std::string_view key) const {
  if (!open_) return CatchingUp();
  return store_.Get(key);
}

Status ServiceHost::GatedStore::Scan(std::string_view from, std::string_view to,
                                     const Visit& visit) const {
  return open_ ? store_.Scan(from, to, visit) : CatchingUp();
}

Status ServiceHost::GatedStore::ScanBackward(std::string_view from, std::string_view to,
                                             const Visit& visit) const {
  return open_ ? store_.ScanBackward(from, to, visit) : CatchingUp();
}

Result<std::unique_ptr<const engine::StateStore>> ServiceHost::GatedStore::Snapshot() const {
  if (!open_) return CatchingUp();
  return store_.Snapshot();
}

}  // namespace motcua::host
