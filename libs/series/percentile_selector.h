#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "libs/base/pace.h"
#include "libs/domain/daily_rate.h"
#include "libs/domain/price.h"
#include "libs/series/percentiles.h"

namespace fairway {

// Finds percentiles of many prices without sorting them: counts how many there are of each value
// or, where they lie far apart, of each range of values, and then those within the few ranges in
// which a percentile lies. Kept and used again, because its counters take some ten kilobytes. One
// thread.
class PercentileSelector {
 public:
  // The percentiles of at least one price; the prices come in any order, and leave in any. Spends
  // one unit of `pace` for each price and time it is looked at; the errors of the pace.
  absl::Status Select(absl::Span<Price> prices, Pace& pace, Percentiles& percentiles);

 private:
  static constexpr size_t kPlaces = kReportedPercentiles.size();

  // A price of a rank that is wanted, while it is looked for.
  struct Wanted {
    size_t rank;       // Among all prices; then among those of its range.
    size_t range = 0;  // Of values.
    Price price = 0;
  };

  absl::Status CountRanges(absl::Span<const Price> prices, Pace& pace);
  void FindRanges();
  absl::Status CountWithin(absl::Span<const Price> prices, Pace& pace);
  void FindWithin();

  std::array<Wanted, 2 * kPlaces> wanted_;
  Price lowest_ = 0;
  int shift_ = 0;                 // A range has 2^shift_ values; the first begins at lowest_.
  std::vector<uint32_t> counts_;  // By range.
  std::vector<uint8_t> slots_;    // By range: its place in within_, from 1; 0: none.
  std::vector<uint32_t> within_;  // By slot, then by value within the range.
};

}  // namespace fairway
