#include "services/query/rate_request.h"

#include "libs/domain/errors.h"

namespace fairway::query {

absl::Status CheckAnswerFits(size_t lanes, const RateOptions& options) {
  const auto count = static_cast<int64_t>(lanes);
  const auto statistics = static_cast<int64_t>(options.statistics.count());
  const int64_t days_max =
      (limits::kMessageBytesMax - count * limits::kLaneBytesMax) /
      (count * (limits::kRateBytesMax + statistics * limits::kStatisticBytesMax));
  if (options.days.size() <= days_max) return absl::OkStatus();
  return AnswerTooLargeError(count, options.days.size(), days_max);
}

}  // namespace fairway::query
