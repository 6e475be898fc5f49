#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/storage/rate_reader.h"

namespace fairway::query {

// A question as it was asked.
struct DailyRatesQuery {
  std::string origin;
  std::string destination;
  std::string first_date;
  std::string last_date;
  int32_t min_price_count = 0;  // 0: kMinPriceCount.
  DatasetVersion at_least = 0;  // 0: whatever is held.
};

struct DailyRatesAnswer {
  DailyRates rates;
  int64_t min_price_count = 0;  // That the days are to be judged by.
};

// What a lane costs, day by day. INVALID_LOCATION, INVALID_DATE, INVALID_RANGE, RANGE_TOO_LARGE,
// INVALID_REQUEST, and the reader's.
absl::StatusOr<DailyRatesAnswer> GetDailyRates(RateReader& reader, const DailyRatesQuery& query,
                                               absl::Time deadline);

}  // namespace fairway::query
