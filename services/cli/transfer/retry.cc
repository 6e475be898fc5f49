#include "services/cli/transfer/retry.h"

#include <iostream>

#include "libs/base/backoff.h"
#include "libs/domain/error_details.h"
#include "services/cli/shell/error_message.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/shell/output.h"

namespace fairway::cli {
namespace {

void PrintGivenUp(const RetryPolicy& policy) {
  if (*policy.attempts_option == '\0') return;
  std::cerr << "gave up after " << FormatCount(policy.attempts_max, "attempt") << "; "
            << policy.attempts_option << " allows more\n";
}

}  // namespace

absl::Status Retry(const RetryPolicy& policy, const std::function<absl::Status()>& attempt,
                   const RetryTime& time) {
  const absl::Time deadline = time.now() + policy.time_max;
  Backoff backoff(policy.first_pause, policy.pause_max);
  for (int number = 1;; ++number) {
    absl::Status status = attempt();
    if (status.ok() || !IsRetryable(status)) return status;
    if (number >= policy.attempts_max) {
      PrintGivenUp(policy);
      return status;
    }
    const absl::Duration pause =
        backoff.Next(DetailsOf(status).retry_delay.value_or(absl::ZeroDuration()));
    if (time.now() + pause > deadline) return status;
    std::cerr << "fairway: " << UserMessage(status) << "; attempt " << number + 1 << " in "
              << absl::FormatDuration(absl::Trunc(pause, absl::Milliseconds(100))) << std::endl;
    time.sleep(pause);
  }
}

}  // namespace fairway::cli
