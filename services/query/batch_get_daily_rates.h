#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "services/query/get_daily_rates.h"

namespace fairway::query {

struct DailyRatesBatch {
  std::vector<NamedLane> lanes;
  RateTerms terms;
  bool return_partial_success = false;
};

// The rates of all lanes in the order asked, each with a status of its own; the first failure is
// that of the whole unless partial success is wanted. TOO_MANY_LANES; RANGE_TOO_LARGE when they may
// not fit in one message; INVALID_REQUEST without any lane; and the errors of GetDailyRates().
absl::StatusOr<std::vector<absl::StatusOr<LaneAnswer>>> BatchGetDailyRates(
    const RateSnapshot& snapshot, const DailyRatesBatch& batch, const Deadline& deadline);

}  // namespace fairway::query
