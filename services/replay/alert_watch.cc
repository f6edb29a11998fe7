#include "services/replay/alert_watch.h"

#include <condition_variable>
#include <utility>

#include "services/base/hash.h"
#include "services/platform/grpc/convert.h"

namespace motcua::replay {

// One stream; destroyed when it has ended, which the destructor waits for.
class AlertWatch::Stream final : public grpc::ClientReadReactor<deadline::v1::WatchAlertsResponse> {
 public:
  Stream(AlertWatch& watch, deadline::v1::DeadlineService::Stub& stub, const std::string& token)
      : watch_(watch) {
    request_.set_resume_token(token);
    stub.async()->WatchAlerts(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
  }
  ~Stream() override {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_; });
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    watch_.Count(response_);
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& /*status*/) override {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

 private:
  AlertWatch& watch_;
  grpc::ClientContext context_;
  deadline::v1::WatchAlertsRequest request_;
  deadline::v1::WatchAlertsResponse response_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
};

AlertWatch::AlertWatch(const Caller& caller, Instant from) : caller_(caller), from_(from) {
  Look();
}

AlertWatch::~AlertWatch() { stream_.reset(); }

void AlertWatch::Look() {
  if (stream_ != nullptr && !stream_->ended()) return;
  stream_.reset();
  std::string token;
  {
    const std::lock_guard lock(mutex_);
    token = token_;
  }
  stream_ = std::make_unique<Stream>(*this, caller_.deadline(turn_++), token);
}

std::vector<Note> AlertWatch::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

std::uint64_t AlertWatch::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void AlertWatch::Count(const deadline::v1::WatchAlertsResponse& response) {
  const std::lock_guard lock(mutex_);
  token_ =
      response.resume_token().empty() ? response.alert().resume_token() : response.resume_token();
  if (!response.has_alert()) return;
  ++count_;
  const deadline::v1::Alert& alert = response.alert();
  const Result<Instant> raised = rpc::ParseTimestamp(alert.raise_time(), "raise_time");
  if (alert.acknowledged() || !raised.ok() || *raised < from_) return;
  const std::uint64_t one_in =
      alert.kind() == common::v1::ALERT_KIND_OVERDUE ? kOverdueNotedOneIn : kDueSoonNotedOneIn;
  const bool chosen = HashBytes(alert.dossier()) % one_in == 0;
  if (!chosen || notes_.size() >= kNotesMax) return;
  notes_.push_back({alert.dossier(), alert.kind(), alert.leg(), alert.resume_token()});
}

}  // namespace motcua::replay
