#include "libs/book/day_prices.h"

#include <algorithm>

#include "libs/base/check.h"
#include "libs/base/status_macros.h"

namespace fairway {
namespace {

// Days are taken together while they have so few prices.
constexpr int64_t kPricesTogether = 1 << 21;

size_t CountTogether(absl::Span<const DailyRate> days) {
  int64_t prices = 0;
  size_t count = 0;
  for (; count < days.size(); ++count) {
    prices += days[count].price_count;
    if (count > 0 && prices > kPricesTogether) break;
  }
  return count;
}

}  // namespace

size_t DayPrices::Begin(absl::Span<const DailyRate> days) {
  days = days.first(CountTogether(days));
  days_ = {days.front().day, days.back().day};
  ends_.clear();
  size_t count = 0;
  for (const DailyRate& rate : days) {
    ends_.push_back(count);  // Moves on as prices come.
    count += static_cast<size_t>(rate.price_count);
  }
  prices_.resize(count);
  return days.size();
}

void DayPrices::Add(const LanePrices& lane) {
  lane.VisitDays(days_, [&](int32_t day_number, absl::Span<const Price> prices) {
    size_t& end = ends_[static_cast<size_t>(day_number - DayNumber(days_.first))];
    FAIRWAY_CHECK(end + prices.size() <= prices_.size());
    std::copy(prices.begin(), prices.end(), prices_.begin() + static_cast<std::ptrdiff_t>(end));
    end += prices.size();
  });
}

absl::Status DayPrices::FindPercentiles(int64_t min_price_count,
                                        absl::Span<Percentiles> percentiles, Pace& pace) {
  size_t begin = 0;
  for (size_t i = 0; i < ends_.size(); begin = ends_[i++]) {
    const absl::Span<Price> day = absl::MakeSpan(prices_).subspan(begin, ends_[i] - begin);
    if (static_cast<int64_t>(day.size()) < min_price_count) continue;
    RETURN_IF_ERROR(selector_.Select(day, pace, percentiles[i]));
  }
  return absl::OkStatus();
}

}  // namespace fairway
