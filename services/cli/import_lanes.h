// Sends rows to intake over several lanes at once. All rows of a unit go through one lane, in the
// order of the file, for a unit's numbers follow from the order of its rows: so an import that was
// killed and started again ends the same.
//
//   ImportLanes lanes(options, send, on_answer);
//   MOTCUA_RETURN_IF_ERROR(lanes.Push(row));      // waits while the lane is full
//   MOTCUA_RETURN_IF_ERROR(lanes.Finish());       // every row pushed has its answer
//
// Threads: one per lane calls `send`; `on_answer` is called by them too, one at a time. Push and
// Finish belong to one thread, which calls `options.on_wait` while it waits.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/engine/partition.h"
#include "services/platform/imports/row.h"

namespace motcua::cli {

inline constexpr std::size_t kLanes = 8;
inline constexpr std::size_t kLanesMax = 32;
inline constexpr std::size_t kRowsPerCallMax = 500;
inline constexpr std::size_t kRowsWaitingMax = 4 * kRowsPerCallMax;  // per lane

enum class RowOutcome { kImported, kUpdated, kAlreadyThere, kRefused, kTryAgain };

struct RowAnswer {
  RowOutcome outcome = RowOutcome::kTryAgain;
  std::string dossier;
  unsigned doubts = 0;
  std::string reason;   // of a refused one: the stable word
  std::string field;    // which field of the row, where the server says so
  std::string message;  // for people
};

class ImportLanes {
 public:
  using Rows = std::vector<imports::RegisterRow>;
  // One answer for each row, in their order. Called by several threads.
  using Send = std::function<Result<std::vector<RowAnswer>>(const Rows&)>;
  using OnAnswer = std::function<void(const imports::RegisterRow&, const RowAnswer&)>;

  struct Options {
    std::size_t lanes = kLanes;
    // Of the log: units of one partition share a lane, so that a call is about one partition.
    engine::PartitionId partitions = 1;
    std::chrono::milliseconds backoff_first{50};
    std::chrono::milliseconds backoff_max{2'000};
    // Gives up when nothing was taken for so long.
    std::chrono::milliseconds patience{60'000};
    std::function<void()> on_wait;
  };

  ImportLanes(Options options, Send send, OnAnswer on_answer);
  ImportLanes(const ImportLanes&) = delete;
  ImportLanes& operator=(const ImportLanes&) = delete;
  ~ImportLanes();  // what was not sent stays unsent

  // The first error that no retry helps against; then nothing more is sent.
  Status Push(imports::RegisterRow row);
  Status Finish();

 private:
  struct Lane {
    std::deque<imports::RegisterRow> waiting;
    std::thread thread;
  };
  using SteadyTime = std::chrono::steady_clock::time_point;

  void Run(Lane& lane);
  // Up to a call's worth of rows; empty when there will be no more.
  Rows Take(Lane& lane);
  // Sends until each row has an answer; what is to be tried again is tried again.
  void Deliver(Rows rows);
  // Rows that need another try; an error when the call as a whole failed.
  Result<Rows> TryOnce(Rows rows);
  void Fail(const Status& status);
  bool Pause(std::chrono::milliseconds pause);  // false: give up, the import is over
  Lane& LaneOf(const cases::UnitCode& unit);
  void Stop();
  template <typename Ready>
  void WaitFor(std::unique_lock<std::mutex>& lock, Ready ready);

  const Options options_;
  const Send send_;
  const OnAnswer on_answer_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::map<cases::UnitCode, std::size_t> lane_of_unit_;
  std::size_t unanswered_ = 0;
  bool closed_ = false;
  std::optional<Status> failure_;
  std::mutex answer_mutex_;  // one on_answer_ at a time
};

}  // namespace motcua::cli
