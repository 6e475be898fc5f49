#include "services/query/batch_get_daily_rates.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway::query {
namespace {

// Whether the lane is to blame. What the service is to blame for fails the call, so that it is
// counted, logged and asked again.
bool IsOfLane(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status);
}

// How many days of the lanes surely fit in one message.
int64_t DaysMax(size_t lanes, const StatisticSet& statistics) {
  const auto count = static_cast<int64_t>(lanes);
  const auto told = static_cast<int64_t>(statistics.count());
  return (limits::kMessageBytesMax - count * limits::kLaneBytesMax) /
         (count * (limits::kRateBytesMax + told * limits::kStatisticBytesMax));
}

}  // namespace

absl::StatusOr<std::vector<absl::StatusOr<LaneAnswer>>> BatchGetDailyRates(
    const RateSnapshot& snapshot, const DailyRatesBatch& batch, const Deadline& deadline) {
  if (batch.lanes.empty()) return InvalidRequestError("lanes", "at least one lane is expected");
  if (batch.lanes.size() > limits::kQueryLanesMax) {
    return TooManyLanesError(static_cast<int64_t>(batch.lanes.size()));
  }
  ASSIGN_OR_RETURN(const CheckedTerms terms, CheckTerms(batch.terms));
  const int64_t days_max = DaysMax(batch.lanes.size(), terms.statistics);
  if (terms.days.size() > days_max) {
    return AnswerTooLargeError(static_cast<int64_t>(batch.lanes.size()), terms.days.size(),
                               days_max);
  }
  std::vector<absl::StatusOr<LaneAnswer>> answers;
  answers.reserve(batch.lanes.size());
  for (size_t i = 0; i < batch.lanes.size(); ++i) {
    RETURN_IF_ERROR(deadline.Check());
    answers.push_back(
        GetLaneRates(snapshot, absl::StrCat("lanes[", i, "]."), batch.lanes[i], terms, deadline));
    const absl::Status& status = answers.back().status();
    if (!status.ok() && !(batch.return_partial_success && IsOfLane(status))) return status;
  }
  return answers;
}

}  // namespace fairway::query
