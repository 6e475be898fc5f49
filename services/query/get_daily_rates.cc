#include "services/query/get_daily_rates.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "services/query/split_days.h"

namespace fairway::query {
namespace {

// To gather and sort the prices of a day, beside adding them up.
constexpr int64_t kPercentileWork = 16;
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

// What the snapshot looks at.
int64_t ReadingWork(const RateSnapshot& snapshot, const NamedLane& lane,
                    const RateOptions& options) {
  const bool with_percentiles = options.statistics.any();
  const bool is_one_lane = lane.origin.is_port() && lane.destination.is_port();
  const int64_t lanes =
      is_one_lane
          ? 1
          : snapshot.EstimateLanes(lane.origin.text(), lane.destination.text(), with_percentiles);
  return lanes * (with_percentiles ? kPercentileWork : 1) * options.days.size();
}

bool IsShared(const RateSnapshot& snapshot, const NamedLane& lane, const RateOptions& options) {
  return options.statistics.any() && options.days.size() >= kSharedDaysMin &&
         ReadingWork(snapshot, lane, options) >= kSharedWorkMin;
}

}  // namespace

absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateOptions& options, const Deadline& deadline,
                                         rpc::Executor* helpers) {
  const RateQuery query = {.origin = lane.origin.text(),
                           .destination = lane.destination.text(),
                           .days = options.days,
                           .with_percentiles = options.statistics.any(),
                           .min_price_count = options.min_price_count};
  const bool is_shared = helpers != nullptr && IsShared(snapshot, lane, options);
  ASSIGN_OR_RETURN(DailyRates rates, is_shared ? ReadInHalves(snapshot, query, deadline, *helpers)
                                               : snapshot.ReadDailyRates(query, deadline));
  return LaneAnswer{.rates = std::move(rates),
                    .min_price_count = options.min_price_count,
                    .statistics = options.statistics};
}

int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane,
                     const RateOptions& options) {
  const auto statistics = static_cast<int64_t>(options.statistics.count());
  return ReadingWork(snapshot, lane, options) +
         (kDayWork + kStatisticWork * statistics) * options.days.size();
}

}  // namespace fairway::query
