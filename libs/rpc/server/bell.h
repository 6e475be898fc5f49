#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/base/periodic_task.h"

namespace fairway::rpc {

// Wakes its subscribers whenever it is rung, and every `interval` besides, so that they can send
// heartbeats and look for what was missed. Owns a thread and borrows the clock. Thread-safe.
class Bell {
 public:
  Bell(absl::Duration interval, const Clock* clock);

  // `wake` is called from any thread, must not block, and must not call the bell.
  int64_t Subscribe(std::function<void()> wake);
  // After this, `wake` is not called any more.
  void Unsubscribe(int64_t subscription);

  void Ring();
  // Rings once more; subscribers are to end.
  void Close();
  bool closed() const;

 private:
  void WakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<int64_t, std::function<void()>> wakes_ ABSL_GUARDED_BY(mutex_);
  int64_t last_subscription_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  PeriodicTask ringing_;  // Last: it uses the rest.
};

}  // namespace fairway::rpc
