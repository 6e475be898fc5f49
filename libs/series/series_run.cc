#include "libs/series/series_run.h"

#include <algorithm>

namespace fairway {

Series SeriesRun::series(size_t index) const {
  const Slice& slice = slices_[index];
  const size_t length = slice.end - slice.begin;
  return {slice.lane, absl::MakeConstSpan(day_numbers_).subspan(slice.begin, length),
          absl::MakeConstSpan(prices_).subspan(slice.begin, length)};
}

void AddToDailyRates(const Series& series, const DayRange& days, absl::Span<DailyRate> rates) {
  const int32_t first = DayNumber(days.first);
  const int32_t last = DayNumber(days.last);
  const auto begin = std::lower_bound(series.day_numbers.begin(), series.day_numbers.end(), first);
  for (size_t i = begin - series.day_numbers.begin(); i < series.day_numbers.size(); ++i) {
    if (series.day_numbers[i] > last) break;
    DailyRate& rate = rates[series.day_numbers[i] - first];
    ++rate.price_count;
    rate.price_sum += series.prices[i];
  }
}

}  // namespace fairway
