#include "libs/series/series_run.h"

namespace fairway {

Series SeriesRun::series(size_t index) const {
  const Slice& slice = slices_[index];
  const size_t length = slice.end - slice.begin;
  return {slice.lane, absl::MakeConstSpan(day_numbers_).subspan(slice.begin, length),
          absl::MakeConstSpan(prices_).subspan(slice.begin, length)};
}

}  // namespace fairway
