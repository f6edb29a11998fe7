#include "services/platform/host/fold_gate.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace motcua::host {
namespace {

using engine::Offset;
using engine::Offsets;
using engine::PartitionId;

// The ends of all partitions, until the last of them is told.
struct Asked {
  std::mutex mutex;
  Offsets ends;
  Status failed;
  PartitionId left = 0;
  engine::FoldProgress::EndsDone done;
};

void TakeEnd(Asked& asked, PartitionId partition, const Result<Offset>& end) {
  {
    const std::lock_guard lock(asked.mutex);
    if (end.ok()) {
      asked.ends[partition] = *end;
    } else if (asked.failed.ok()) {
      asked.failed = end.status();
    }
    if (--asked.left > 0) return;
  }
  if (asked.failed.ok()) {
    asked.done(std::move(asked.ends));
  } else {
    asked.done(asked.failed);
  }
}

}  // namespace

void FoldGate::Publish(engine::Readings readings) {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    readings_ = std::move(readings);
    if (waiters_.empty()) return;
    due = TakeReached();
  }
  for (const auto& reached : due) reached();
}

void FoldGate::Close() {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    due = TakeReached();
  }
  for (const auto& reached : due) reached();
  std::unique_lock lock(mutex_);
  forgotten_.wait(lock, [this] { return waiters_.empty(); });
}

std::size_t FoldGate::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiters_.size();
}

engine::Readings FoldGate::readings() const {
  const std::lock_guard lock(mutex_);
  return readings_;
}

void FoldGate::Await(const void* waiter, std::optional<Offsets> target,
                     std::function<void()> reached) {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    waiters_[waiter] = {std::move(target), std::move(reached)};
    due = TakeReached();
  }
  for (const auto& call : due) call();
  if (due.empty() && hurry_) hurry_();
}

void FoldGate::SetTarget(const void* waiter, Offsets target) {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiters_.find(waiter);
    if (found == waiters_.end()) return;
    found->second.target = std::move(target);
    due = TakeReached();
  }
  for (const auto& reached : due) reached();
}

void FoldGate::Forget(const void* waiter) {
  // Told under the lock: the closing thread may destroy this as soon as the lock is released.
  const std::lock_guard lock(mutex_);
  waiters_.erase(waiter);
  forgotten_.notify_all();
}

bool FoldGate::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void FoldGate::AskEnds(EndsDone done) {
  const auto asked = std::make_shared<Asked>();
  asked->left = log_.partitions();
  asked->done = std::move(done);
  for (PartitionId id = 0; id < log_.partitions(); ++id) {
    log_.AskEnd(id, [asked, id](const Result<Offset>& end) { TakeEnd(*asked, id, end); });
  }
}

std::vector<std::function<void()>> FoldGate::TakeReached() {
  std::vector<std::function<void()>> due;
  for (auto& [key, waiter] : waiters_) {
    if (waiter.reached && (closed_ || IsReached(waiter))) {
      due.push_back(std::exchange(waiter.reached, nullptr));
    }
  }
  return due;
}

bool FoldGate::IsReached(const Waiter& waiter) const {
  return waiter.target && engine::MissingOf(readings_, *waiter.target) == 0;
}

}  // namespace motcua::host
