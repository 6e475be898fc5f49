#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "services/query/get_daily_rates.h"

namespace fairway::query {

// The rates of all lanes in the order asked, each with a status of its own; the first failure is
// that of the whole unless partial success is wanted. The errors of the lanes and of
// GetDailyRates(), which takes `helpers`.
absl::StatusOr<std::vector<absl::StatusOr<LaneAnswer>>> BatchGetDailyRates(
    const RateSnapshot& snapshot, const RateBatchRequest& request, const Deadline& deadline,
    rpc::Executor* helpers = nullptr);

// The work of all lanes, see EstimateWork(); more than kQuickWorkMax, because the answer is long.
int64_t EstimateBatchWork(const RateSnapshot& snapshot, const RateBatchRequest& request);

}  // namespace fairway::query
