#include "libs/rpc/executor.h"

#include <utility>

namespace fairway::rpc {

Executor::Executor(int threads, int queue_max) : queue_max_(static_cast<size_t>(queue_max)) {
  {
    const std::lock_guard lock(mutex_);
    idle_ = threads;  // Those that are still on their way to work count, too.
  }
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Executor::~Executor() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool Executor::TrySubmit(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  // What an idle thread is about to take does not wait.
  if (queue_.size() >= queue_max_ + static_cast<size_t>(idle_)) return false;
  queue_.push_back(std::move(task));
  changed_.notify_one();
  return true;
}

void Executor::Run() {
  while (true) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return HasWork(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      --idle_;
    }
    task();
    task = nullptr;  // What it holds goes before the thread counts as idle.
    const std::lock_guard lock(mutex_);
    ++idle_;
  }
}

}  // namespace fairway::rpc
