#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fairway/v1/price_ingest_service.pb.h"

namespace fairway::cli {

struct RetryPolicy {
  int attempts_max = 5;
  // No attempt begins later than this after the first one began.
  absl::Duration time_max = absl::Minutes(30);
  absl::Duration first_pause = absl::Seconds(1);
  absl::Duration longest_pause = absl::Seconds(30);
};

using Attempt = std::function<absl::StatusOr<v1::UploadBatchResponse>()>;

// Calls `attempt` until it succeeds, fails for good, or the policy is used up; the batch id makes
// that safe. Says on standard error what it waits for. What comes back is the last attempt's.
absl::StatusOr<v1::UploadBatchResponse> Retry(const RetryPolicy& policy, const Attempt& attempt);

}  // namespace fairway::cli
