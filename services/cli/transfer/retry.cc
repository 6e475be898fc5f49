#include "services/cli/transfer/retry.h"

#include <iostream>

#include "libs/base/backoff.h"
#include "libs/domain/error_details.h"
#include "services/cli/shell/error_message.h"
#include "services/cli/shell/exit_code.h"

namespace fairway::cli {

absl::Status Retry(const RetryPolicy& policy, const std::function<absl::Status()>& attempt,
                   const RetryTime& time) {
  const absl::Time deadline = time.now() + policy.time_max;
  Backoff backoff(policy.first_pause, policy.pause_max);
  for (int number = 1;; ++number) {
    absl::Status status = attempt();
    if (status.ok() || !IsRetryable(status) || number >= policy.attempts_max) return status;
    const absl::Duration pause =
        backoff.Next(DetailsOf(status).retry_delay.value_or(absl::ZeroDuration()));
    if (time.now() + pause > deadline) return status;
    std::cerr << "fairway: " << UserMessage(status) << "; attempt " << number + 1 << " in "
              << absl::FormatDuration(absl::Trunc(pause, absl::Milliseconds(100))) << std::endl;
    time.sleep(pause);
  }
}

}  // namespace fairway::cli
