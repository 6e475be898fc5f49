#pragma once

#include <condition_variable>
#include <mutex>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"

namespace fairway {

// Where the time comes from, so that tests decide it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;

  // Waits until `is_so` holds (true), or until this clock reaches the deadline or a stop is
  // requested (false). The thread that makes `is_so` true holds the mutex and notifies `changed`.
  virtual bool WaitUntil(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                         const Deadline& deadline, absl::FunctionRef<bool()> is_so) const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override;
  bool WaitUntil(std::condition_variable_any& changed, std::unique_lock<std::mutex>& lock,
                 const Deadline& deadline, absl::FunctionRef<bool()> is_so) const override;
};

}  // namespace fairway
