#pragma once

#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"

namespace fairway {

// Stands still until it is advanced. Thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time start) : now_(start) {}

  absl::Time Now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  void Advance(absl::Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fairway
