#include "services/platform/grpc/read.h"

#include <grpcpp/alarm.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "services/platform/grpc/fields.h"

namespace motcua::rpc {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

constexpr std::string_view kAtLeastField = "read.at_least";

Status Behind(const engine::Readings& at, const engine::Offsets& target) {
  const engine::Offset missing = engine::MissingOf(at, target);
  return Status(
      Reason::kBehind,
      "the service has still to read " + std::to_string(missing) + " records of what was asked for",
      {{"missing", std::to_string(missing)}});
}

// A wait for a target. The alarm's callback ends it, in a thread of gRPC's: at the deadline, or
// sooner, when the alarm is cancelled because there is something to say.
class PositionWait final : public std::enable_shared_from_this<PositionWait> {
 public:
  PositionWait(engine::FoldProgress& progress, engine::Offsets target, PositionDone done)
      : progress_(progress), target_(std::move(target)), done_(std::move(done)) {}

  void Begin(SystemTime deadline, bool ask_ends) {
    ends_wanted_ = ask_ends;
    self_ = shared_from_this();
    const auto self = self_;  // the alarm may be over before this returns
    // Before anything that may cancel it: an alarm that is not set cannot be cancelled.
    alarm_.Set(deadline, [this](bool) { End(); });
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    progress_.Await(this, ask_ends ? std::nullopt : std::optional(target_),
                    [self] { self->alarm_.Cancel(); });
    awaiting_ = true;
    if (ask_ends) {
      progress_.AskEnds([self](Result<engine::Offsets> ends) { self->OnEnds(std::move(ends)); });
    }
  }

 private:
  void OnEnds(Result<engine::Offsets> ends) {
    // Maybe from Begin, which holds it: the log may answer while it is asked.
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    if (!ends.ok()) {
      failed_ = ends.status().Prefixed("the log does not say how much it holds");
      return alarm_.Cancel();
    }
    MergeOffsets(*ends, target_);
    ends_wanted_ = false;
    progress_.SetTarget(this, target_);
  }

  void End() {
    const std::shared_ptr<PositionWait> self = std::move(self_);
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    done_(Outcome());
    done_ = nullptr;
    // Last: then the service may go.
    if (awaiting_) progress_.Forget(this);
  }

  Result<engine::Readings> Outcome() const {
    if (!failed_.ok()) return failed_;
    engine::Readings at = progress_.readings();
    if (!ends_wanted_ && engine::MissingOf(at, target_) == 0) return at;
    if (progress_.closed()) return Status(Reason::kNotServing, "the service is stopping");
    if (ends_wanted_) {
      return Status(Reason::kBehind, "the log has not told in time how much it holds");
    }
    return Behind(at, target_);
  }

  engine::FoldProgress& progress_;
  grpc::Alarm alarm_;
  std::recursive_mutex mutex_;  // guards what follows until ended_
  engine::Offsets target_;
  Status failed_;
  bool ends_wanted_ = false;
  bool ended_ = false;
  bool awaiting_ = false;
  PositionDone done_;
  std::shared_ptr<PositionWait> self_;  // until the alarm's callback
};

Result<engine::Offsets> ParseTarget(const engine::Readings& at,
                                    const common::v1::ReadOptions& options) {
  Result<engine::Offsets> target = DecodePosition(options.at_least());
  if (!target.ok()) return AtField(target.status(), kAtLeastField);
  for (const auto& [partition, offset] : *target) {
    const bool known = std::any_of(at.begin(), at.end(),
                                   [&](const auto& reading) { return reading.id == partition; });
    if (!known) return FieldError(kAtLeastField, "names a partition that this log does not have");
  }
  return target;
}

}  // namespace

SystemTime PositionDeadline(const grpc::CallbackServerContext& context) {
  constexpr int kMarginShare = 5;
  const SystemTime now = std::chrono::system_clock::now();
  const SystemTime asked = context.deadline();
  if (asked == SystemTime::max()) return now + kCallDeadlineDefault;
  const auto remaining =
      std::clamp<SystemTime::duration>(asked - now, SystemTime::duration(0), kPositionWaitMax);
  return now + remaining -
         std::min<SystemTime::duration>(kCallDeadlineMargin, remaining / kMarginShare);
}

void AwaitPosition(engine::FoldProgress* progress, const common::v1::ReadOptions& options,
                   SystemTime deadline, PositionDone done) {
  if (!common::v1::Consistency_IsValid(options.consistency())) {
    return done(FieldError("read.consistency", "is not one that this program knows"));
  }
  if (progress == nullptr) return done(engine::Readings());
  engine::Readings at = progress->readings();
  Result<engine::Offsets> target = ParseTarget(at, options);
  if (!target.ok()) return done(target.status());
  const bool current = options.consistency() == common::v1::CONSISTENCY_CURRENT;
  if (!current && engine::MissingOf(at, *target) == 0) return done(std::move(at));
  std::make_shared<PositionWait>(*progress, std::move(target).value(), std::move(done))
      ->Begin(deadline, current);
}

}  // namespace motcua::rpc
