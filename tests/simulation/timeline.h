// Timeline: everything that will happen in a simulated world, ordered by (time, sequence), and the
// clocks that its processes see of it. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "services/base/time.h"
#include "services/engine/ports.h"

namespace motcua::simulation {

class Timeline {
 public:
  explicit Timeline(Instant start) : now_(start) {}

  Instant now() const { return now_; }
  void At(Instant time, std::function<void()> run) {
    heap_.push({std::max(time, now_), next_sequence_++, std::move(run)});
  }
  void After(Micros delay, std::function<void()> run) { At(now_ + delay, std::move(run)); }
  // Runs the next item if it lies before `end`; else moves on to `end`. False: nothing ran.
  bool RunOne(Instant end) {
    if (heap_.empty() || heap_.top().time >= end) {
      now_ = std::max(now_, end);
      return false;
    }
    // top() is const only because the order must not change; it is removed at once.
    std::function<void()> run = heap_.top().run;
    now_ = heap_.top().time;
    heap_.pop();
    ++ran_;
    run();
    return true;
  }
  std::uint64_t ran() const { return ran_; }

 private:
  struct Item {
    Instant time;
    std::uint64_t sequence = 0;
    std::function<void()> run;
    friend bool operator<(const Item& a, const Item& b) {
      return std::pair(b.time, b.sequence) < std::pair(a.time, a.sequence);
    }
  };
  Instant now_;
  std::priority_queue<Item> heap_;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t ran_ = 0;
};

// What one process takes for the time: it drifts, and somebody may set it.
class SimClock final : public engine::Clock {
 public:
  explicit SimClock(const Timeline& timeline) : timeline_(timeline), since_(timeline.now()) {}

  Instant Now() const override {
    const std::int64_t passed = (timeline_.now() - since_).count();
    return timeline_.now() + Micros(offset_ + passed / 1'000'000 * drift_ppm_);
  }
  Micros Passed() const override { return Micros(timeline_.now().micros); }
  void Set(Micros offset, std::int64_t drift_ppm) {
    offset_ = offset.count();
    drift_ppm_ = drift_ppm;
    since_ = timeline_.now();
  }
  // When the world is at it, this clock shows `shown`; at least now.
  Instant WhenItShows(Instant shown) const {
    return std::max(timeline_.now(), shown - (Now() - timeline_.now()));
  }

 private:
  const Timeline& timeline_;
  Instant since_;
  std::int64_t offset_ = 0;
  std::int64_t drift_ppm_ = 0;
};

}  // namespace motcua::simulation
