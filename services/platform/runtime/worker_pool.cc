#include "services/platform/runtime/worker_pool.h"

#include <utility>

#include "services/base/check.h"
#include "services/platform/runtime/thread_name.h"

namespace motcua::runtime {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queued_tasks_max)
    : queued_tasks_max_(queued_tasks_max) {
  MOTCUA_CHECK(threads > 0, "a pool without threads never runs anything");
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= queued_tasks_max_) return false;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void WorkerPool::Run() {
  NameThread("reads");
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace motcua::runtime
