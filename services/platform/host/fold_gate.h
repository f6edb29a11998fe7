// FoldGate: the engine's FoldProgress of a running service. The loop publishes after each round
// what it has committed; calls wait here. Publish: the loop's thread; the rest: any thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "services/engine/fold_progress.h"

namespace motcua::host {

class FoldGate final : public engine::FoldProgress {
 public:
  // The log outlives it. `hurry`, from any thread: a call has begun to wait for the loop.
  explicit FoldGate(engine::EventLog& log, std::function<void()> hurry = {})
      : log_(log), hurry_(std::move(hurry)) {}
  FoldGate(const FoldGate&) = delete;
  FoldGate& operator=(const FoldGate&) = delete;
  ~FoldGate() override { Close(); }

  void Publish(engine::Readings readings);
  // The service stops: wakes all that wait, and returns when each has been forgotten.
  void Close();
  // How many wait; a call whose answer is on the way counts for a moment more.
  std::size_t waiting() const;

  engine::Readings readings() const override;
  void Await(const void* waiter, std::optional<engine::Offsets> target,
             std::function<void()> reached) override;
  void SetTarget(const void* waiter, engine::Offsets target) override;
  void Forget(const void* waiter) override;
  bool closed() const override;
  void AskEnds(EndsDone done) override;

 private:
  struct Waiter {
    std::optional<engine::Offsets> target;
    std::function<void()> reached;  // empty: it was called
  };
  // Under the lock: takes the callbacks that are due.
  std::vector<std::function<void()>> TakeReached();
  bool IsReached(const Waiter& waiter) const;

  engine::EventLog& log_;
  const std::function<void()> hurry_;
  mutable std::mutex mutex_;
  std::condition_variable forgotten_;
  engine::Readings readings_;
  std::map<const void*, Waiter> waiters_;
  bool closed_ = false;
};

}  // namespace motcua::host
