#pragma once

#include <cstdint>
#include <numeric>

#include "absl/types/span.h"

#include "libs/domain/price.h"

namespace fairway {

// The exact sum of prices.
inline int64_t SumPrices(absl::Span<const Price> prices) {
  return std::accumulate(prices.begin(), prices.end(), int64_t{0});
}

}  // namespace fairway
