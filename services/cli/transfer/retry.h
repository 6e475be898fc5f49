#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace fairway::cli {

struct RetryPolicy {
  int attempts_max = 5;
  // The option that allows more, to be named when they are used up; "" where none does.
  const char* attempts_option = "";
  // No attempt starts later than this after the first one.
  absl::Duration time_max = absl::Minutes(30);
  absl::Duration first_pause = absl::Seconds(1);
  absl::Duration pause_max = absl::Seconds(30);
};

// The time that Retry() goes by; tests replace it.
struct RetryTime {
  std::function<absl::Time()> now = absl::Now;
  std::function<void(absl::Duration)> sleep = absl::SleepFor;
};

// Calls `attempt` until it succeeds, fails with an error that is not retryable, or the policy is
// used up. Pauses with backoff, and at least as long as the server asks for. Prints the reason of
// each pause on standard error, and the option that allows more attempts. Returns the status of the
// last attempt.
absl::Status Retry(const RetryPolicy& policy, const std::function<absl::Status()>& attempt,
                   const RetryTime& time = {});

}  // namespace fairway::cli
