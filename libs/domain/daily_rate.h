#pragma once

#include <array>
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
  Availability availability(int64_t min_price_count) const {
    if (price_count == 0) return Availability::kNoPrices;
    return price_count < min_price_count ? Availability::kTooFewPrices : Availability::kPublished;
  }
  // Meaningful only when there are prices.
  double average() const {
    return static_cast<double>(price_sum) / static_cast<double>(price_count);
  }

  friend bool operator==(const DailyRate&, const DailyRate&) = default;
};

// Days of `range` without prices, one entry each.
std::vector<DailyRate> EmptyDailyRates(const DayRange& range);

// The percentiles of an answer, ascending; the first is the lowest price, the last the highest.
inline constexpr std::array<double, 7> kReportedPercentiles = {0, 0.10, 0.25, 0.50, 0.75, 0.90, 1};
// One value for each of them, in US dollars.
using Percentiles = std::array<double, kReportedPercentiles.size()>;

// One entry for every day asked for, ascending, all read at one version.
struct DailyRates {
  VersionId version;
  std::vector<DailyRate> days;
  // As long as `days`, zeros for days that are not published; empty unless asked for.
  std::vector<Percentiles> percentiles;

  friend bool operator==(const DailyRates&, const DailyRates&) = default;
};

}  // namespace fairway
