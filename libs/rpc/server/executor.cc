#include "libs/rpc/server/executor.h"

#include <iterator>
#include <utility>

#include "libs/domain/errors.h"

namespace fairway::rpc {

Executor::Executor(int threads, int queue_max, size_t queue_bytes_max)
    : queue_max_(static_cast<size_t>(queue_max)), queue_bytes_max_(queue_bytes_max) {
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
  return Enqueue({std::move(task), 0, nullptr});
}

absl::Status Executor::Submit(std::function<void()> task, size_t bytes, Place& place) {
  const std::lock_guard lock(mutex_);
  if (place.closed_) return CancelledError();
  if (!Enqueue({std::move(task), bytes, &place})) {
    return OverloadedError("too many calls are waiting");
  }
  place.task_ = std::prev(queue_.end());
  place.waits_ = true;
  return absl::OkStatus();
}

bool Executor::Enqueue(Task task) {
  task.bytes += limits::kQueuedTaskBytes;
  // What an idle thread is about to take does not wait.
  const auto idle = static_cast<size_t>(idle_);
  if (queue_.size() >= queue_max_ + idle) return false;
  if (queue_.size() >= idle && queue_bytes_ + task.bytes > queue_bytes_max_) return false;
  queue_bytes_ += task.bytes;
  queue_.push_back(std::move(task));
  changed_.notify_one();
  return true;
}

bool Executor::Withdraw(Place& place) {
  std::list<Task> withdrawn;  // What it holds goes without the lock.
  const std::lock_guard lock(mutex_);
  place.closed_ = true;
  if (!place.waits_) return false;
  withdrawn = TakeOut(place.task_);
  return true;
}

std::list<Executor::Task> Executor::TakeOut(std::list<Task>::iterator task) {
  std::list<Task> taken;
  taken.splice(taken.end(), queue_, task);
  queue_bytes_ -= task->bytes;
  if (task->place != nullptr) task->place->waits_ = false;
  return taken;
}

void Executor::Run() {
  while (true) {
    std::list<Task> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return HasWork(); });
      if (queue_.empty()) return;
      task = TakeOut(queue_.begin());
      --idle_;
    }
    task.front().run();
    task.clear();  // What it holds goes before the thread counts as idle.
    const std::lock_guard lock(mutex_);
    ++idle_;
  }
}

}  // namespace fairway::rpc
