#pragma once

#include <stop_token>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace fairway {

// When work must end: at a time, or sooner, when its caller cancels. Passed to everything that may
// take long. Computations check it every few milliseconds; waits end by it and register with
// stop(). Cheap to copy.
class Deadline {
 public:
  // Without a cancellation. Implicit: a time is a deadline.
  Deadline(absl::Time time) : time_(time) {}  // NOLINT(google-explicit-constructor)
  Deadline(absl::Time time, std::stop_token stop) : time_(time), stop_(std::move(stop)) {}

  absl::Time time() const { return time_; }
  // Requested when the caller cancels. For std::stop_callback.
  const std::stop_token& stop() const { return stop_; }
  bool cancelled() const { return stop_.stop_requested(); }

  // OK before the end; CANCELLED; DEADLINE_EXCEEDED.
  absl::Status Check() const;

  // The same, with this time where it comes first.
  Deadline NotAfter(absl::Time time) const;

 private:
  absl::Time time_;
  std::stop_token stop_;
};

}  // namespace fairway
