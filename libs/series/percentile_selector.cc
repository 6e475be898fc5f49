#include "libs/series/percentile_selector.h"

#include <algorithm>

#include "libs/base/status_macros.h"

namespace fairway {
namespace {

// Fewer prices are sorted.
constexpr size_t kWorthCounting = 1'024;
// Ranges of values: their counters fit into the first cache of a processor.
constexpr uint32_t kRangesMax = 1 << 12;
// Between two looks at the pace.
constexpr size_t kStretch = 1 << 16;

// Calls look(price) for each, at the pace.
template <typename Look>
absl::Status LookAtEach(absl::Span<const Price> prices, Pace& pace, Look look) {
  for (size_t begin = 0; begin < prices.size(); begin += kStretch) {
    const absl::Span<const Price> stretch = prices.subspan(begin, kStretch);
    RETURN_IF_ERROR(pace.Spend(static_cast<int64_t>(stretch.size())));
    for (const Price price : stretch) look(price);
  }
  return absl::OkStatus();
}

// Which of the values that so many are counted of has the rank; `rank` becomes the one among them.
size_t FindRank(const uint32_t* counts, size_t& rank) {
  size_t value = 0;
  for (; rank >= counts[value]; ++value) rank -= counts[value];
  return value;
}

}  // namespace

absl::Status PercentileSelector::Select(absl::Span<Price> prices, Pace& pace,
                                        Percentiles& percentiles) {
  if (prices.size() < kWorthCounting) {
    std::sort(prices.begin(), prices.end());
    percentiles = PercentilesOf(prices);
    return pace.Spend(static_cast<int64_t>(prices.size()));
  }
  const auto places = PlacesOfPercentiles(prices.size());
  for (size_t i = 0; i < kPlaces; ++i) {
    wanted_[2 * i].rank = places[i].below;
    wanted_[2 * i + 1].rank = places[i].above;
  }
  RETURN_IF_ERROR(CountRanges(prices, pace));
  FindRanges();
  if (shift_ > 0) {
    RETURN_IF_ERROR(CountWithin(prices, pace));
    FindWithin();
  }
  for (size_t i = 0; i < kPlaces; ++i) {
    percentiles[i] = places[i].Between(wanted_[2 * i].price, wanted_[2 * i + 1].price);
  }
  return absl::OkStatus();
}

absl::Status PercentileSelector::CountRanges(absl::Span<const Price> prices, Pace& pace) {
  lowest_ = prices.front();
  Price highest = prices.front();
  RETURN_IF_ERROR(LookAtEach(prices, pace, [&](Price price) {
    lowest_ = std::min(lowest_, price);
    highest = std::max(highest, price);
  }));
  const auto width = static_cast<uint32_t>(highest - lowest_);
  for (shift_ = 0; width >> shift_ >= kRangesMax; ++shift_) {
  }
  counts_.assign((width >> shift_) + 1, 0);
  return LookAtEach(prices, pace, [&, lowest = lowest_, shift = shift_](Price price) {
    ++counts_[static_cast<uint32_t>(price - lowest) >> shift];
  });
}

void PercentileSelector::FindRanges() {
  for (Wanted& wanted : wanted_) {
    wanted.range = FindRank(counts_.data(), wanted.rank);
    wanted.price = lowest_ + static_cast<Price>(wanted.range << shift_);
  }
}

absl::Status PercentileSelector::CountWithin(absl::Span<const Price> prices, Pace& pace) {
  slots_.assign(counts_.size(), 0);
  uint8_t slot_count = 0;
  for (const Wanted& wanted : wanted_) {
    if (slots_[wanted.range] == 0) slots_[wanted.range] = ++slot_count;
  }
  // Slot 0 takes what lies in no range that matters: to count it is quicker than to ask.
  within_.assign((slot_count + size_t{1}) << shift_, 0);
  const uint32_t mask = (uint32_t{1} << shift_) - 1;
  return LookAtEach(prices, pace, [&, lowest = lowest_, shift = shift_](Price price) {
    const auto value = static_cast<uint32_t>(price - lowest);
    ++within_[(size_t{slots_[value >> shift]} << shift) + (value & mask)];
  });
}

void PercentileSelector::FindWithin() {
  for (Wanted& wanted : wanted_) {
    const uint32_t* const counts = &within_[size_t{slots_[wanted.range]} << shift_];
    wanted.price += static_cast<Price>(FindRank(counts, wanted.rank));
  }
}

}  // namespace fairway
