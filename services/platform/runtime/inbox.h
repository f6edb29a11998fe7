// Inbox: the bounded queue before a single-threaded loop. Many threads push, one thread drains.
//
//   Inbox<Command> inbox(kCommandsQueuedMax);
//   if (!inbox.Push(std::move(command))) …            // full or closed: RESOURCE_EXHAUSTED
//   inbox.WaitUntil(next_timer);                      // the loop
//   for (Command& command : inbox.Drain(kDrainMax)) …
//
// Push, Wake, Hurry, Close and the readings: any thread. Drain and all that waits: the one
// consumer. One mutex held for a few instructions; the consumer takes whole vectors by swap, and is
// notified only while it waits, so a busy loop costs its producers no system call.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace motcua::runtime {

template <typename T>
class Inbox {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  explicit Inbox(std::size_t items_max) : items_max_(items_max) {}
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  // False when full or closed; `item` is then untouched.
  bool Push(T&& item) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || items_.size() + taken_left_ >= items_max_) return false;
      items_.push_back(std::move(item));
      if (!Arm() && !std::exchange(resting_, false)) return true;
    }
    changed_.notify_one();
    return true;
  }

  // Up to `items_max` items in the order they were pushed (per producer). Never waits.
  std::vector<T> Drain(std::size_t items_max) {
    if (taken_at_ == taken_.size()) {
      taken_.clear();
      taken_at_ = 0;
      const std::lock_guard lock(mutex_);
      taken_.swap(items_);
      taken_left_ = taken_.size();
    }
    if (taken_at_ == 0 && taken_.size() <= items_max) {
      taken_at_ = 0;
      SetTakenLeft(0);
      return std::exchange(taken_, {});
    }
    const auto first = taken_.begin() + static_cast<std::ptrdiff_t>(taken_at_);
    const std::size_t count = std::min(items_max, taken_.size() - taken_at_);
    std::vector<T> items(std::make_move_iterator(first),
                         std::make_move_iterator(first + static_cast<std::ptrdiff_t>(count)));
    taken_at_ += count;
    SetTakenLeft(taken_.size() - taken_at_);
    return items;
  }

  // Ends the present wait of the consumer, or its next one if it does not wait now.
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
      if (!Arm()) return;
    }
    changed_.notify_one();
  }

  // Nothing can be pushed any more; what is inside can be drained.
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  // Returns when there is something to drain, after Wake or Close, or at `deadline`. True unless
  // only the deadline passed.
  bool WaitUntil(SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    const auto ready = [this] { return woken_ || closed_ || !items_.empty() || taken_left_ > 0; };
    const bool early = changed_.wait_until(lock, deadline, ready);
    waiting_ = false;
    woken_ = false;
    return early;
  }
  bool Wait(std::chrono::nanoseconds duration) {
    return WaitUntil(std::chrono::steady_clock::now() +
                     std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration));
  }

  // The same for items, Hurry and Close alone: a Wake meanwhile ends the next Wait.
  bool Rest(std::chrono::nanoseconds duration) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return hurried_ || closed_ || !items_.empty() || taken_left_ > 0; };
    const auto deadline = std::chrono::steady_clock::now() +
                          std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
    resting_ = true;
    const bool early = changed_.wait_until(lock, deadline, ready);
    resting_ = false;
    hurried_ = false;
    return early;
  }

  // Ends the present rest of the consumer, or its next one if it does not rest now.
  void Hurry() {
    {
      const std::lock_guard lock(mutex_);
      hurried_ = true;
      if (!std::exchange(resting_, false)) return;
    }
    changed_.notify_one();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size() + taken_left_;
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

 private:
  // Whether the consumer must be notified: it waits and nobody has notified it yet.
  bool Arm() { return std::exchange(waiting_, false); }
  void SetTakenLeft(std::size_t left) {
    const std::lock_guard lock(mutex_);
    taken_left_ = left;
  }

  const std::size_t items_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> items_;
  std::size_t taken_left_ =
      0;  // swapped out by the consumer, not yet handed over: counts as queued
  bool waiting_ = false;
  bool resting_ = false;
  bool hurried_ = false;
  bool woken_ = false;
  bool closed_ = false;
  // The consumer's own: no lock.
  std::vector<T> taken_;
  std::size_t taken_at_ = 0;
};

}  // namespace motcua::runtime
