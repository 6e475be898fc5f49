#pragma once

#include <mutex>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"

namespace fairway {

// Where the time comes from, so that tests decide it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
};

// Stands still until it is told to move.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time start) : now_(start) {}

  absl::Time Now() const override;
  void Advance(absl::Duration by);

 private:
  mutable std::mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fairway
