#include "services/query/get_daily_rates.h"

#include <utility>

#include "libs/base/status_macros.h"

namespace fairway::query {
namespace {

// To gather and sort the prices of a day, beside adding them up.
constexpr int64_t kPercentileWork = 16;
// To write a day into the answer and to send it; and a statistic of it.
constexpr int64_t kDayWork = 16;
constexpr int64_t kStatisticWork = 2;

}  // namespace

absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateOptions& options, const Deadline& deadline) {
  ASSIGN_OR_RETURN(DailyRates rates,
                   snapshot.ReadDailyRates({.origin = lane.origin.text(),
                                            .destination = lane.destination.text(),
                                            .days = options.days,
                                            .with_percentiles = options.statistics.any(),
                                            .min_price_count = options.min_price_count},
                                           deadline));
  return LaneAnswer{.rates = std::move(rates),
                    .min_price_count = options.min_price_count,
                    .statistics = options.statistics};
}

int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane,
                     const RateOptions& options) {
  const auto statistics = static_cast<int64_t>(options.statistics.count());
  const bool with_percentiles = statistics > 0;
  const bool is_one_lane = lane.origin.is_port() && lane.destination.is_port();
  const int64_t lanes =
      is_one_lane
          ? 1
          : snapshot.EstimateLanes(lane.origin.text(), lane.destination.text(), with_percentiles);
  return (lanes * (with_percentiles ? kPercentileWork : 1) + kDayWork +
          kStatisticWork * statistics) *
         options.days.size();
}

}  // namespace fairway::query
