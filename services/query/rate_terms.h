#pragma once

#include <bitset>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "libs/domain/daily_rate.h"
#include "libs/domain/day.h"

namespace fairway::query {

// Which of kToldPercentiles are wanted.
using StatisticSet = std::bitset<kToldPercentiles.size()>;

// What all rates of a call have in common, as it was asked for.
struct RateTerms {
  std::string first_date;
  std::string last_date;
  int32_t min_price_count = 0;  // 0: kMinPriceCount.
  StatisticSet statistics;
};

// The same, checked.
struct CheckedTerms {
  DayRange days;
  int64_t min_price_count = 0;
  StatisticSet statistics;
};

// INVALID_DATE, INVALID_RANGE, RANGE_TOO_LARGE, INVALID_REQUEST.
absl::StatusOr<CheckedTerms> CheckTerms(const RateTerms& terms);

}  // namespace fairway::query
