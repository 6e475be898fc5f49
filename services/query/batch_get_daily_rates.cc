#include "services/query/batch_get_daily_rates.h"

#include "libs/base/status_macros.h"
#include "services/query/executors.h"

namespace fairway::query {
namespace {

// Whether the lane is to blame. What the service is to blame for fails the call, so that it is
// counted, logged and asked again.
bool IsOfLane(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status);
}

}  // namespace

absl::StatusOr<std::vector<absl::StatusOr<LaneAnswer>>> BatchGetDailyRates(
    const RateSnapshot& snapshot, const RateBatchRequest& request, const Deadline& deadline,
    rpc::Executor* helpers) {
  std::vector<absl::StatusOr<LaneAnswer>> answers;
  answers.reserve(request.lanes.size());
  for (const absl::StatusOr<NamedLane>& lane : request.lanes) {
    RETURN_IF_ERROR(deadline.Check());
    answers.push_back(lane.ok() ? GetDailyRates(snapshot, *lane, request.options, deadline, helpers)
                                : lane.status());
    const absl::Status& status = answers.back().status();
    if (!status.ok() && !(request.return_partial_success && IsOfLane(status))) return status;
  }
  return answers;
}

int64_t EstimateBatchWork(const RateSnapshot& snapshot, const RateBatchRequest& request) {
  int64_t work = kQuickWorkMax + 1;
  for (const absl::StatusOr<NamedLane>& lane : request.lanes) {
    if (lane.ok()) work += EstimateWork(snapshot, *lane, request.options);
  }
  return work;
}

}  // namespace fairway::query
