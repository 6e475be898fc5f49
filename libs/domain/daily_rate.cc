#include "libs/domain/daily_rate.h"

namespace fairway {

std::vector<DailyRate> EmptyDailyRates(const DayRange& range) {
  std::vector<DailyRate> rates(static_cast<size_t>(range.size()));
  for (size_t i = 0; i < rates.size(); ++i) rates[i].day = range.first + std::chrono::days(i);
  return rates;
}

}  // namespace fairway
