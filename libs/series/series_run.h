#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

#include "libs/domain/price.h"

namespace fairway {

// The prices of one lane, ascending by day. Both columns are as long as there are prices.
struct Series {
  Lane lane;
  absl::Span<const int32_t> day_numbers;  // Days since 1970-01-01.
  absl::Span<const Price> prices;
};

// A sorted part of a batch: one series per lane, lanes ascending. Two flat columns hold all prices,
// so a run is filled again and again without being allocated again.
class SeriesRun {
 public:
  size_t series_count() const { return slices_.size(); }
  size_t row_count() const { return day_numbers_.size(); }
  bool empty() const { return day_numbers_.empty(); }

  // Valid until the run is filled again.
  Series series(size_t index) const;

 private:
  friend class SeriesRunBuilder;

  struct Slice {
    Lane lane;
    uint32_t begin;
    uint32_t end;
  };

  std::vector<Slice> slices_;
  std::vector<int32_t> day_numbers_;
  std::vector<Price> prices_;
};

}  // namespace fairway
