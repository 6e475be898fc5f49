#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"

#include "libs/base/testing/soon.h"
#include "libs/base/wait_until.h"
#include "libs/rpc/server/executor.h"

namespace fairway::query {

// Keeps the threads of executors busy, and counts them. Outlives them: they run what is queued.
class BusyThreads {
 public:
  // Submits more tasks than any of them has threads.
  void Occupy(const std::vector<rpc::Executor*>& executors) {
    const int tasks = std::max(40, static_cast<int>(std::thread::hardware_concurrency()));
    for (rpc::Executor* executor : executors) {
      for (int i = 0; i < tasks; ++i) EXPECT_TRUE(executor->TrySubmit([this] { Stay(); }));
    }
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  // Whether so many are busy soon.
  bool Reach(int count) {
    std::unique_lock lock(mutex_);
    return WaitUntil(changed_, lock, Soon(), [&] { return busy_ >= count; });
  }
  // How many are, once another one had time to come.
  int MostUntil(absl::Time time) {
    std::unique_lock lock(mutex_);
    const int before = busy_;
    WaitUntil(changed_, lock, time, [&] { return busy_ > before; });
    return busy_;
  }

 private:
  void Stay() {
    std::unique_lock lock(mutex_);
    ++busy_;
    changed_.notify_all();
    WaitUntil(changed_, lock, Soon(), [this] { return released_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int busy_ = 0;
  bool released_ = false;
};

}  // namespace fairway::query
