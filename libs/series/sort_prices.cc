#include "libs/series/sort_prices.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

constexpr int kPriceDigitBits = 8;
constexpr int kPriceDigits = 3;
static_assert(limits::kPriceMax < 1 << (kPriceDigitBits * kPriceDigits));
constexpr size_t kWorthCounting = 512;
// Between two looks at the pace.
constexpr size_t kStretch = 1 << 16;

using DigitCounts = std::array<size_t, 1 << kPriceDigitBits>;

size_t DigitOf(Price price, int digit) {
  return static_cast<uint32_t>(price) >> (digit * kPriceDigitBits) & ((1 << kPriceDigitBits) - 1);
}

// One pass of a radix sort, least digit first.
absl::Status SortByDigit(absl::Span<const Price> from, int digit, absl::Span<Price> to,
                         Pace& pace) {
  DigitCounts places = {};
  for (const Price price : from) ++places[DigitOf(price, digit)];
  size_t place = 0;
  for (size_t& count : places) place += std::exchange(count, place);
  for (size_t begin = 0; begin < from.size(); begin += kStretch) {
    const absl::Span<const Price> stretch = from.subspan(begin, kStretch);
    RETURN_IF_ERROR(pace.Spend(static_cast<int64_t>(stretch.size())));
    for (const Price price : stretch) to[places[DigitOf(price, digit)]++] = price;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SortPrices(absl::Span<Price> prices, std::vector<Price>& scratch, Pace& pace) {
  if (prices.size() < kWorthCounting) {
    std::sort(prices.begin(), prices.end());
    return pace.Spend(static_cast<int64_t>(kPriceDigits * prices.size()));
  }
  if (scratch.size() < prices.size()) scratch.resize(prices.size());
  const absl::Span<Price> other = absl::MakeSpan(scratch).first(prices.size());
  RETURN_IF_ERROR(SortByDigit(prices, 0, other, pace));
  RETURN_IF_ERROR(SortByDigit(other, 1, prices, pace));
  RETURN_IF_ERROR(SortByDigit(prices, 2, other, pace));
  std::copy(other.begin(), other.end(), prices.begin());
  return absl::OkStatus();
}

}  // namespace fairway
