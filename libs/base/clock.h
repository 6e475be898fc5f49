#pragma once

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

}  // namespace fairway
