#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "libs/domain/server_limits.h"
#include "libs/rpc/server/fair_queue.h"

namespace fairway::rpc {

// A fixed number of threads for tasks that may block: gRPC's own threads are few and must never
// wait. The queue is bounded by its tasks and by their bytes. In it, connections take turns, and no
// address has more than three quarters of its places. Thread-safe. The destructor runs what is
// queued.
class Executor {
  struct Task;

 public:
  // Where a task waits, for withdrawing it. Outlives the task's wait; guarded by its executor.
  class Place {
    friend class Executor;
    FairQueue<Task>::Place task_;
    bool waits_ = false;
    bool closed_ = false;
  };

  Executor(int threads, int queue_max, size_t queue_bytes_max = limits::kQueueBytesMax);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, at once, when the queue is full.
  bool TrySubmit(std::function<void()> task);
  // `bytes`: what the task keeps in memory while it waits. `peer`: the connection it came by, as
  // gRPC names it; all tasks without one are taken for those of one connection, and no share bounds
  // them. OVERLOADED when the queue is full, or the share of an address in it; CANCELLED after
  // Withdraw(). The task may have run before this returns.
  absl::Status Submit(std::function<void()> task, size_t bytes, Place& place,
                      absl::string_view peer = {});

  // Takes nothing from `place` any more. True when a task waited there: it is gone and will not
  // run.
  bool Withdraw(Place& place);

 private:
  struct Task {
    std::function<void()> run;
    size_t bytes = 0;
    Place* place = nullptr;
    std::string address;
  };

  bool Enqueue(absl::string_view peer, Task task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasRoomFor(const Task& task) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Of a task that has been taken out of the queue.
  void Forget(const Task& task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stop_ || !queue_.empty(); }

  const size_t queue_max_;
  const size_t address_max_;
  const size_t queue_bytes_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  FairQueue<Task> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queue_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, size_t> waiting_by_address_ ABSL_GUARDED_BY(mutex_);
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace fairway::rpc
