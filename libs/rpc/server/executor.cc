#include "libs/rpc/server/executor.h"

#include <utility>

#include "libs/domain/errors.h"
#include "libs/rpc/server/peer.h"

namespace fairway::rpc {

Executor::Executor(int threads, int queue_max, size_t queue_bytes_max)
    : queue_max_(static_cast<size_t>(queue_max)),
      address_max_(queue_max_ - queue_max_ / 4),
      queue_bytes_max_(queue_bytes_max) {
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
  return Enqueue({}, {.run = std::move(task)});
}

absl::Status Executor::Submit(std::function<void()> task, size_t bytes, Place& place,
                              absl::string_view peer) {
  const std::lock_guard lock(mutex_);
  if (place.closed_) return CancelledError();
  if (!Enqueue(peer, {.run = std::move(task),
                      .bytes = bytes,
                      .place = &place,
                      .address = std::string(AddressOf(peer))})) {
    return OverloadedError("too many calls are waiting");
  }
  return absl::OkStatus();
}

bool Executor::Enqueue(absl::string_view peer, Task task) {
  task.bytes += limits::kQueuedTaskBytes;
  if (!HasRoomFor(task)) return false;
  queue_bytes_ += task.bytes;
  if (!task.address.empty()) ++waiting_by_address_[task.address];
  Place* const place = task.place;
  const auto waits_at = queue_.Push(peer, std::move(task));
  if (place != nullptr) {
    place->task_ = waits_at;
    place->waits_ = true;
  }
  changed_.notify_one();
  return true;
}

bool Executor::HasRoomFor(const Task& task) const {
  // What an idle thread is about to take does not wait.
  const auto idle = static_cast<size_t>(idle_);
  if (queue_.size() < idle) return true;
  if (queue_.size() >= queue_max_ + idle) return false;
  if (queue_bytes_ + task.bytes > queue_bytes_max_) return false;
  const auto of_address = waiting_by_address_.find(task.address);
  return of_address == waiting_by_address_.end() || of_address->second < address_max_ + idle;
}

bool Executor::Withdraw(Place& place) {
  std::list<Task> withdrawn;  // What it holds goes without the lock.
  const std::lock_guard lock(mutex_);
  place.closed_ = true;
  if (!place.waits_) return false;
  withdrawn = queue_.Take(place.task_);
  Forget(withdrawn.front());
  return true;
}

void Executor::Forget(const Task& task) {
  queue_bytes_ -= task.bytes;
  if (task.place != nullptr) task.place->waits_ = false;
  if (const auto waiting = waiting_by_address_.find(task.address);
      waiting != waiting_by_address_.end() && --waiting->second == 0) {
    waiting_by_address_.erase(waiting);
  }
}

void Executor::Run() {
  while (true) {
    std::list<Task> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return HasWork(); });
      if (queue_.empty()) return;
      task = queue_.TakeNext();
      Forget(task.front());
      --idle_;
    }
    task.front().run();
    task.clear();  // What it holds goes before the thread counts as idle.
    const std::lock_guard lock(mutex_);
    ++idle_;
  }
}

}  // namespace fairway::rpc
