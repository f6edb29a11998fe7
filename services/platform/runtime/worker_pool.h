// A few threads for work that is too long for a loop or a gRPC thread: wide scans, reports.
//
// Submit: any thread, also a task. The destructor refuses new tasks, runs those that were accepted
// and joins; it must not run in a task.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace motcua::runtime {

class WorkerPool {
 public:
  using Task = std::function<void()>;  // must not throw

  WorkerPool(std::size_t threads, std::size_t queued_tasks_max);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  // False when the queue is full or the pool is stopping: answer RESOURCE_EXHAUSTED.
  bool Submit(Task task);
  std::size_t queued() const;

 private:
  void Run();

  const std::size_t queued_tasks_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // last: they use everything above
};

}  // namespace motcua::runtime
