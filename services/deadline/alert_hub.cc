#include "services/deadline/alert_hub.h"

#include <deque>
#include <utility>

#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/status.h"
#include "services/platform/grpc/stream.h"

namespace motcua::deadline {
namespace {

using Writer = grpc::ServerWriteReactor<v1::WatchAlertsResponse>;

using RefusedStream = rpc::RefusedStream<v1::WatchAlertsResponse>;

Status Ending() { return Status(Reason::kNotServing, "the service is stopping; watch again"); }

}  // namespace

// One watcher. gRPC's reactions and the hub's thread meet here under `mutex_`; it is held over
// StartWrite and Finish, which is safe because reactions are never run inside them.
class AlertStream final : public Writer {
 public:
  AlertStream(AlertHub& hub, std::uint64_t id, std::optional<cases::UnitCode> unit,
              AlertPositions from)
      : hub_(hub), id_(id), unit_(std::move(unit)), positions_(std::move(from)) {
    // A watcher knows by the headers that nothing raised from now on escapes it.
    StartSendInitialMetadata();
    // It knows where to go on, should it be cut before its first alert.
    current_.set_resume_token(positions_.Encode());
    writing_ = true;
    StartWrite(&current_);
  }

  // ---- The hub's thread ----
  // Reads on if the stream has nothing to write; whether it is behind the index still.
  bool Feed(const engine::StateReader& reader, bool news, std::chrono::milliseconds token_pause) {
    if (news) behind_ = true;
    if (!Hungry()) return false;
    const auto now = std::chrono::steady_clock::now();
    if (!behind_) {
      if (now - said_ < token_pause) return false;
      said_ = now;
      OfferToken();
      return false;
    }
    Result<AlertBatch> batch =
        ReadAlerts(reader, positions_,
                   {.unit = unit_, .alerts_max = kAlertBatchMax, .rows_max = kAlertRowsPerReadMax});
    if (!batch.ok()) {
      End(batch.status());
      return false;
    }
    positions_ = std::move(batch->next);
    behind_ = batch->more;
    const bool found = !batch->alerts.empty();
    if (found) {
      said_ = now;
      Offer(batch->alerts);
    }
    // With alerts to write it asks again by itself.
    return behind_ && !found;
  }

  // ---- Any thread ----
  void End(const Status& status) { EndAs(rpc::ToGrpc(status)); }

  // ---- gRPC's reactions ----
  void OnWriteDone(bool ok) override {
    bool hungry = false;
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok && !end_) end_ = grpc::Status::CANCELLED;
      if (end_) {
        FinishLocked();
      } else if (!queue_.empty()) {
        WriteLocked();
      } else {
        hungry = true;
      }
    }
    if (hungry) hub_.Wake(false);
  }
  void OnCancel() override { EndAs(grpc::Status::CANCELLED); }
  // The hub holds the last reference but for copies in its thread's hands.
  void OnDone() override { hub_.Remove(id_); }

 private:
  bool Hungry() const {
    const std::lock_guard lock(mutex_);
    return !finished_ && !end_ && !writing_ && queue_.empty();
  }

  void Offer(const std::vector<FoundAlert>& alerts) {
    const std::lock_guard lock(mutex_);
    if (finished_ || end_) return;
    for (const FoundAlert& found : alerts) {
      v1::Alert& alert = *queue_.emplace_back().mutable_alert();
      FillAlert(found.row, found.acknowledged, alert);
      alert.set_resume_token(found.resume_from.Encode());
      queue_.back().set_resume_token(alert.resume_token());
    }
    if (!writing_) WriteLocked();
  }

  void OfferToken() {
    const std::lock_guard lock(mutex_);
    if (finished_ || end_) return;
    queue_.emplace_back().set_resume_token(positions_.Encode());
    if (!writing_) WriteLocked();
  }

  void EndAs(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    end_ = status;
    if (!writing_) FinishLocked();
  }
  void WriteLocked() {
    writing_ = true;
    current_ = std::move(queue_.front());
    queue_.pop_front();
    StartWrite(&current_);
  }
  void FinishLocked() {
    finished_ = true;
    queue_.clear();
    Finish(*end_);
  }

  AlertHub& hub_;
  const std::uint64_t id_;
  // The hub's thread's own.
  const std::optional<cases::UnitCode> unit_;
  AlertPositions positions_;
  bool behind_ = true;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();

  mutable std::mutex mutex_;
  std::deque<v1::WatchAlertsResponse> queue_;
  v1::WatchAlertsResponse current_;  // gRPC's while writing_
  bool writing_ = false;
  bool finished_ = false;            // Finish was called; nothing may be written any more
  std::optional<grpc::Status> end_;  // how it will end, once a write in flight is done
};

void FillAlert(const AlertRow& row, bool acknowledged, v1::Alert& proto) {
  proto.set_dossier(row.dossier.value());
  proto.set_kind(rpc::ToProto(row.key.kind));
  proto.set_leg(row.key.leg);
  proto.set_unit(row.unit.value());
  rpc::ToProto(row.key.due, *proto.mutable_due_time());
  rpc::ToProto(row.raised, *proto.mutable_raise_time());
  proto.set_acknowledged(acknowledged);
}

AlertHub::AlertHub(const engine::StateReader& reader, std::chrono::milliseconds token_pause)
    : reader_(reader), token_pause_(token_pause), thread_([this] { Run(); }) {}

AlertHub::~AlertHub() {
  EndStreams();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void AlertHub::Notify() { Wake(true); }

void AlertHub::Wake(bool news) {
  {
    const std::lock_guard lock(mutex_);
    // Without streams there is nothing to look for; a new one looks for itself.
    if (streams_.empty()) return;
    news_ = news_ || news;
    if (std::exchange(woken_, true)) return;
  }
  changed_.notify_one();
}

Writer* AlertHub::Open(std::optional<cases::UnitCode> unit, AlertPositions from) {
  std::shared_ptr<AlertStream> stream;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return new RefusedStream(Ending());
    if (streams_.size() >= kAlertStreamsMax) {
      return new RefusedStream(Status(
          Reason::kOverloaded,
          "there are " + std::to_string(kAlertStreamsMax) + " watchers, the most there can be",
          {{"limit", std::to_string(kAlertStreamsMax)}}));
    }
    const std::uint64_t id = next_stream_++;
    stream = std::make_shared<AlertStream>(*this, id, std::move(unit), std::move(from));
    streams_.emplace(id, stream);
  }
  Wake(false);
  return stream.get();
}

Writer* AlertHub::Refuse(const Status& status) { return new RefusedStream(status); }

void AlertHub::EndStreams() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  for (const auto& stream : Streams()) stream->End(Ending());
}

std::size_t AlertHub::streams() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void AlertHub::Remove(std::uint64_t stream) {
  std::shared_ptr<AlertStream> removed;  // destroyed after the lock
  const std::lock_guard lock(mutex_);
  const auto found = streams_.find(stream);
  MOTCUA_CHECK(found != streams_.end(), "a stream ended twice");
  removed = std::move(found->second);
  streams_.erase(found);
}

std::vector<std::shared_ptr<AlertStream>> AlertHub::Streams() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<AlertStream>> streams;
  streams.reserve(streams_.size());
  for (const auto& [id, stream] : streams_) streams.push_back(stream);
  return streams;
}

void AlertHub::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    // Now and then also unasked: a stream may have been silent for long enough.
    changed_.wait_for(lock, token_pause_, [this] { return woken_ || stopping_; });
    woken_ = false;
    const bool news = std::exchange(news_, false);
    lock.unlock();
    const bool behind = FeedStreams(news);
    lock.lock();
    if (behind) {
      woken_ = true;
    } else {
      changed_.wait_for(lock, kAlertLookPause, [this] { return stopping_; });
    }
  }
}

bool AlertHub::FeedStreams(bool news) {
  // One look for all: most commits raise no alert.
  if (news) {
    const Result<AlertBatch> grown =
        ReadAlerts(reader_, seen_, {.unit = {}, .alerts_max = 1, .rows_max = 1});
    if (grown.ok() && grown->alerts.empty()) {
      news = false;
    } else if (Result<AlertPositions> end = EndOfAlerts(reader_); end.ok()) {
      seen_ = std::move(*end);
    }
  }
  bool behind = false;
  for (const auto& stream : Streams()) behind = stream->Feed(reader_, news, token_pause_) || behind;
  return behind;
}

}  // namespace motcua::deadline
