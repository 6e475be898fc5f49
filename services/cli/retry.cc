#include "services/cli/retry.h"

#include <iostream>

#include "absl/time/clock.h"

#include "libs/base/backoff.h"
#include "libs/domain/error_details.h"
#include "services/cli/exit_code.h"
#include "services/cli/server_words.h"

namespace fairway::cli {

absl::StatusOr<v1::UploadBatchResponse> Retry(const RetryPolicy& policy, const Attempt& attempt) {
  const absl::Time give_up = absl::Now() + policy.time_max;
  Backoff backoff(policy.first_pause, policy.longest_pause);
  for (int number = 1;; ++number) {
    absl::StatusOr<v1::UploadBatchResponse> response = attempt();
    if (response.ok() || !MayPass(response.status()) || number >= policy.attempts_max) {
      return response;
    }
    const absl::Duration pause =
        backoff.Next(DetailsOf(response.status()).retry_delay.value_or(absl::ZeroDuration()));
    if (absl::Now() + pause > give_up) return response;
    std::cerr << "fairway: " << MessageForPeople(response.status()) << "; attempt " << number + 1
              << " in " << absl::FormatDuration(absl::Trunc(pause, absl::Milliseconds(100)))
              << std::endl;
    absl::SleepFor(pause);
  }
}

}  // namespace fairway::cli
