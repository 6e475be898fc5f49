#include "libs/series/percentiles.h"

#include <cmath>

#include "libs/base/check.h"

namespace fairway {
namespace {

double PercentileOf(absl::Span<const Price> ascending, double percentile) {
  const double rank = percentile * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<size_t>(std::floor(rank));
  const auto above = static_cast<size_t>(std::ceil(rank));
  const auto low = static_cast<double>(ascending[below]);
  const auto high = static_cast<double>(ascending[above]);
  return low + (rank - static_cast<double>(below)) * (high - low);
}

}  // namespace

Percentiles PercentilesOf(absl::Span<const Price> ascending) {
  FAIRWAY_CHECK(!ascending.empty());
  Percentiles percentiles;
  for (size_t i = 0; i < percentiles.size(); ++i) {
    percentiles[i] = PercentileOf(ascending, kReportedPercentiles[i]);
  }
  return percentiles;
}

}  // namespace fairway
