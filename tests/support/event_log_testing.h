// Any event log as its users meet it: an append waited for, the end asked for, a reader that is
// woken.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "services/engine/ports.h"

namespace motcua::testing {

// Far above what anything here takes on a loaded machine.
inline constexpr std::chrono::seconds kPatience{60};

struct AppendOutcomeAnswer {
  engine::AppendOutcome outcome = engine::AppendOutcome::kUnknown;
  Status status;
};

inline std::future<AppendOutcomeAnswer> StartAppend(engine::EventLog& log,
                                                    engine::PartitionId partition,
                                                    std::vector<std::string> records) {
  auto promise = std::make_shared<std::promise<AppendOutcomeAnswer>>();
  log.Append(partition, std::move(records),
             [promise](engine::AppendOutcome outcome, const Status& status) {
               promise->set_value({outcome, status});
             });
  return promise->get_future();
}

inline Result<engine::Offset> EndOf(engine::EventLog& log, engine::PartitionId partition) {
  auto promise = std::make_shared<std::promise<Result<engine::Offset>>>();
  log.AskEnd(partition, [promise](const Result<engine::Offset>& end) { promise->set_value(end); });
  return promise->get_future().get();
}

// A thread that waits for a log's wake.
class Waker {
 public:
  explicit Waker(engine::EventLog& log)
      : log_(log), token_(log.Watch([this] {
          const std::lock_guard lock(mutex_);
          woken_ = true;
          changed_.notify_one();
        })) {}
  ~Waker() { log_.Unwatch(token_); }
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  // Whether it was woken since the last call.
  bool Wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [this] { return std::exchange(woken_, false); });
  }

 private:
  engine::EventLog& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  std::uint64_t token_;  // last: the watch uses what is above
};

// A reader of one partition, as a service's loop is one: reads until nothing is there, then waits
// to be woken. Gives "<dossier> <version>" per record, "?" for one that is no event.
class PartitionReader {
 public:
  PartitionReader(engine::EventLog& log, engine::PartitionId partition, engine::Offset from = 0)
      : log_(log), partition_(partition), next_(from), waker_(log) {}

  // Adds what is there; whether anything was.
  Result<bool> ReadSome() {
    MOTCUA_ASSIGN_OR_RETURN(const auto chunk, log_.Read(partition_, next_));
    for (const engine::LogEntry& entry : chunk->entries) {
      if (entry.offset < next_) continue;
      offsets.push_back(entry.offset);
      events.push_back(entry.event ? entry.event->dossier.value() + " " +
                                         std::to_string(entry.event->version())
                                   : "?");
    }
    EXPECT_GE(chunk->next, next_);
    next_ = chunk->next;
    return !chunk->entries.empty();
  }
  // Until the present end of the log.
  Status ReadToEnd() {
    MOTCUA_ASSIGN_OR_RETURN(const engine::Offset end, EndOf(log_, partition_));
    while (next_ < end) {
      MOTCUA_ASSIGN_OR_RETURN(const bool some, ReadSome());
      if (!some && next_ < end && !waker_.Wait()) {
        return Status(Reason::kInternal, "nobody woke the reader");
      }
    }
    return OkStatus();
  }
  Status ReadCount(std::size_t count) {
    while (events.size() < count) {
      MOTCUA_ASSIGN_OR_RETURN(const bool some, ReadSome());
      if (!some && !waker_.Wait()) return Status(Reason::kInternal, "nobody woke the reader");
    }
    return OkStatus();
  }

  engine::Offset next() const { return next_; }
  std::vector<std::string> events;
  std::vector<engine::Offset> offsets;

 private:
  engine::EventLog& log_;
  const engine::PartitionId partition_;
  engine::Offset next_;
  Waker waker_;
};

}  // namespace motcua::testing
