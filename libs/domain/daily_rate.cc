#include "libs/domain/daily_rate.h"

namespace fairway {

Availability DailyRate::availability(int64_t min_price_count) const {
  if (price_count == 0) return Availability::kNoPrices;
  return price_count < min_price_count ? Availability::kTooFewPrices : Availability::kPublished;
}

double DailyRate::average() const {
  return static_cast<double>(price_sum) / static_cast<double>(price_count);
}

std::vector<DailyRate> EmptyDailyRates(const DayRange& range) {
  std::vector<DailyRate> rates(static_cast<size_t>(range.size()));
  for (size_t i = 0; i < rates.size(); ++i) rates[i].day = range.first + std::chrono::days(i);
  return rates;
}

}  // namespace fairway
