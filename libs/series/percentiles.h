#pragma once

#include <array>
#include <cstddef>

#include "absl/types/span.h"

#include "libs/domain/daily_rate.h"
#include "libs/domain/price.h"

// Percentiles as percentile_cont of SQL defines them: the value at rank p × (n - 1) of n prices,
// counted from 0, interpolated linearly between the two closest prices
// (https://www.postgresql.org/docs/15/functions-aggregate.html).
namespace fairway {

// Where a percentile lies among ascending prices: between those of two ranks.
struct PercentilePlace {
  size_t below;
  size_t above;
  double part;  // Of the way from one to the other.

  double Between(Price low, Price high) const {
    return low + part * (static_cast<double>(high) - low);
  }
};

// The places of kReportedPercentiles among so many prices, at least one.
std::array<PercentilePlace, kReportedPercentiles.size()> PlacesOfPercentiles(size_t count);

// The percentiles of at least one price, ascending.
Percentiles PercentilesOf(absl::Span<const Price> ascending);

}  // namespace fairway
