#include "services/cli/import_lanes.h"

#include <algorithm>
#include <utility>

namespace motcua::cli {
namespace {

constexpr std::chrono::milliseconds kWaitTick{100};

bool HelpsToRetry(const Status& status) { return DescribeReason(status.reason()).retryable; }

}  // namespace

ImportLanes::ImportLanes(Options options, Send send, OnAnswer on_answer)
    : options_(std::move(options)), send_(std::move(send)), on_answer_(std::move(on_answer)) {
  for (std::size_t i = 0; i < options_.lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
  for (const auto& lane : lanes_) {
    lane->thread = std::thread([this, at = lane.get()] { Run(*at); });
  }
}

ImportLanes::~ImportLanes() {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& lane : lanes_) lane->waiting.clear();
  }
  Stop();
}

template <typename Ready>
void ImportLanes::WaitFor(std::unique_lock<std::mutex>& lock, Ready ready) {
  while (!changed_.wait_for(lock, kWaitTick, ready)) {
    if (!options_.on_wait) continue;
    lock.unlock();
    options_.on_wait();
    lock.lock();
  }
}

// Units are dealt to the lanes in the order in which the file first names them.
ImportLanes::Lane& ImportLanes::LaneOf(const cases::UnitCode& unit) {
  if (options_.partitions > 1) {
    return *lanes_[engine::PartitionOf(unit, options_.partitions) % lanes_.size()];
  }
  const auto [at, added] = lane_of_unit_.try_emplace(unit, lane_of_unit_.size() % lanes_.size());
  return *lanes_[at->second];
}

Status ImportLanes::Push(imports::RegisterRow row) {
  std::unique_lock lock(mutex_);
  Lane& lane = LaneOf(row.unit);
  WaitFor(lock, [&] { return failure_ || lane.waiting.size() < kRowsWaitingMax; });
  if (failure_) return *failure_;
  lane.waiting.push_back(std::move(row));
  ++unanswered_;
  const bool first = lane.waiting.size() == 1;
  lock.unlock();
  if (first) changed_.notify_all();
  return OkStatus();
}

Status ImportLanes::Finish() {
  {
    std::unique_lock lock(mutex_);
    WaitFor(lock, [&] { return failure_ || unanswered_ == 0; });
  }
  Stop();
  const std::lock_guard lock(mutex_);
  return failure_.value_or(OkStatus());
}

void ImportLanes::Stop() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  for (const auto& lane : lanes_) {
    if (lane->thread.joinable()) lane->thread.join();
  }
}

void ImportLanes::Run(Lane& lane) {
  while (true) {
    Rows rows = Take(lane);
    if (rows.empty()) return;
    Deliver(std::move(rows));
  }
}

ImportLanes::Rows ImportLanes::Take(Lane& lane) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || closed_ || !lane.waiting.empty(); });
  Rows rows;
  if (failure_) return rows;
  while (!lane.waiting.empty() && rows.size() < kRowsPerCallMax) {
    rows.push_back(std::move(lane.waiting.front()));
    lane.waiting.pop_front();
  }
  lock.unlock();
  changed_.notify_all();  // there is room again
  return rows;
}

void ImportLanes::Deliver(Rows rows) {
  std::chrono::milliseconds pause = options_.backoff_first;
  SteadyTime last_success = std::chrono::steady_clock::now();
  while (!rows.empty()) {
    const std::size_t before = rows.size();
    Result<Rows> left = TryOnce(rows);
    const Status told = left.status();
    if (!told.ok() && !HelpsToRetry(told)) return Fail(told);
    if (told.ok()) rows = std::move(left).value();
    if (rows.empty()) return;
    const SteadyTime now = std::chrono::steady_clock::now();
    if (rows.size() < before) {
      pause = options_.backoff_first;
      last_success = now;
    } else if (now - last_success > options_.patience) {
      return Fail(told.ok() ? Status(Reason::kOverloaded, "the server takes no more rows") : told);
    }
    if (!Pause(pause)) return;
    pause = std::min(pause * 2, options_.backoff_max);
  }
}

Result<ImportLanes::Rows> ImportLanes::TryOnce(Rows rows) {
  const Result<std::vector<RowAnswer>> answers = send_(rows);
  if (!answers.ok()) return answers.status();
  if (answers->size() != rows.size()) {
    return Status(Reason::kInternal, "the server answered " + std::to_string(answers->size()) +
                                         " rows of " + std::to_string(rows.size()));
  }
  Rows left;
  std::size_t answered = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RowAnswer& answer = (*answers)[i];
    if (answer.outcome == RowOutcome::kTryAgain) {
      left.push_back(std::move(rows[i]));
      continue;
    }
    const std::lock_guard lock(answer_mutex_);
    on_answer_(rows[i], answer);
    ++answered;
  }
  {
    const std::lock_guard lock(mutex_);
    unanswered_ -= answered;
  }
  changed_.notify_all();
  return left;
}

void ImportLanes::Fail(const Status& status) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = status;
  }
  changed_.notify_all();
}

bool ImportLanes::Pause(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, pause, [&] { return failure_.has_value(); });
  return !failure_;
}

}  // namespace motcua::cli
