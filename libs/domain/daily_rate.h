#pragma once

#include <cstdint>
#include <vector>

#include "libs/domain/dataset_version.h"
#include "libs/domain/day.h"

namespace fairway {

enum class Availability { kPublished, kTooFewPrices, kNoPrices };

// What one day of a lane holds: how many prices there are, and their exact sum in US dollars. The
// average is made from the two once, at the end, so no rounding adds up.
struct DailyRate {
  Day day;
  int64_t price_count = 0;
  int64_t price_sum = 0;

  // PUBLISHED from `min_price_count` prices on.
  Availability availability(int64_t min_price_count) const;
  // Meaningful only when there are prices.
  double average() const;

  friend bool operator==(const DailyRate&, const DailyRate&) = default;
};

// One entry for every day asked for, ascending, all read at one version.
struct DailyRates {
  DatasetVersion version = 0;
  std::vector<DailyRate> days;

  friend bool operator==(const DailyRates&, const DailyRates&) = default;
};

}  // namespace fairway
