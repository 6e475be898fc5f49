#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "libs/base/pace.h"
#include "libs/book/lane_prices.h"
#include "libs/domain/daily_rate.h"
#include "libs/series/percentile_selector.h"

namespace fairway {

// The prices that many lanes have on consecutive days, gathered in one block, and the percentiles
// of each day. Kept and filled again. One thread.
class DayPrices {
 public:
  // For the next of `days`, at least one: as many as together have few enough prices, so that
  // memory does not grow with the length of a range. `days` have as many prices as all the lanes
  // that are added. Returns how many.
  size_t Begin(absl::Span<const DailyRate> days);

  void Add(const LanePrices& lane);

  // Sets the percentiles of the days that have so many prices. The errors of the pace.
  absl::Status FindPercentiles(int64_t min_price_count, absl::Span<Percentiles> percentiles,
                               Pace& pace);

 private:
  DayRange days_;
  std::vector<size_t> ends_;  // By day.
  std::vector<Price> prices_;
  PercentileSelector selector_;
};

}  // namespace fairway
