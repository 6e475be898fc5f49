#include "libs/series/percentiles.h"

#include <cmath>

#include "libs/base/check.h"

namespace fairway {

std::array<PercentilePlace, kReportedPercentiles.size()> PlacesOfPercentiles(size_t count) {
  FAIRWAY_CHECK(count > 0);
  std::array<PercentilePlace, kReportedPercentiles.size()> places;
  for (size_t i = 0; i < places.size(); ++i) {
    const double rank = kReportedPercentiles[i] * static_cast<double>(count - 1);
    const double below = std::floor(rank);
    places[i] = {.below = static_cast<size_t>(below),
                 .above = static_cast<size_t>(std::ceil(rank)),
                 .part = rank - below};
  }
  return places;
}

Percentiles PercentilesOf(absl::Span<const Price> ascending) {
  const auto places = PlacesOfPercentiles(ascending.size());
  Percentiles percentiles;
  for (size_t i = 0; i < percentiles.size(); ++i) {
    percentiles[i] = places[i].Between(ascending[places[i].below], ascending[places[i].above]);
  }
  return percentiles;
}

}  // namespace fairway
