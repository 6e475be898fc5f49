#include "services/query/get_daily_rates.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "services/query/split_days.h"

namespace fairway::query {
namespace {

// Averages take this for a lane-day, and it is worth so many prices.
constexpr int64_t kAverageWork = 1;
constexpr int64_t kPricesSummed = 8;
// To gather and select prices takes this for a lane-day, and as much as one for each price.
constexpr int64_t kPercentileWork = 12;
// To write a day into the answer and to send it; and a statistic of it.
constexpr int64_t kDayWork = 16;
constexpr int64_t kStatisticWork = 2;

// Percentiles from this work on are shared with a second thread, where one is idle: some 600
// microseconds at four prices a lane-day. To hand half over and to wait for it costs some 60 (of
// half of this work, 1.4 times as fast; of this, 1.6 times; of six times as much, 1.9 times).
constexpr int64_t kSharedWorkMin = 100'000;
// And from so many days on: each half turns to every lane, which takes as long as three of its
// days. Of two days the answer comes no sooner, and takes 1.6 times the CPU.
constexpr int32_t kSharedDaysMin = 7;

RateQuery QueryFor(const NamedLane& lane, const RateOptions& options) {
  return {.origin = lane.origin.text(),
          .destination = lane.destination.text(),
          .days = options.days,
          .with_percentiles = options.statistics.any(),
          .min_price_count = options.min_price_count};
}

int64_t ReadingWork(const RateSnapshot& snapshot, const RateQuery& query) {
  const ReadingSize size = snapshot.EstimateReading(query);
  const int64_t lane_days = size.lanes * query.days.size();
  return query.with_percentiles ? lane_days * kPercentileWork + size.prices
                                : lane_days * kAverageWork + size.prices / kPricesSummed;
}

bool IsShared(const RateSnapshot& snapshot, const RateQuery& query) {
  return query.with_percentiles && query.days.size() >= kSharedDaysMin &&
         ReadingWork(snapshot, query) >= kSharedWorkMin;
}

}  // namespace

absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateOptions& options, const Deadline& deadline,
                                         rpc::Executor* helpers) {
  const RateQuery query = QueryFor(lane, options);
  const bool is_shared = helpers != nullptr && IsShared(snapshot, query);
  ASSIGN_OR_RETURN(DailyRates rates, is_shared ? ReadInHalves(snapshot, query, deadline, *helpers)
                                               : snapshot.ReadDailyRates(query, deadline));
  return LaneAnswer{.rates = std::move(rates),
                    .min_price_count = options.min_price_count,
                    .statistics = options.statistics};
}

int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane,
                     const RateOptions& options) {
  const auto statistics = static_cast<int64_t>(options.statistics.count());
  return ReadingWork(snapshot, QueryFor(lane, options)) +
         (kDayWork + kStatisticWork * statistics) * options.days.size();
}

}  // namespace fairway::query
