#include "libs/series/series_run_builder.h"

#include <algorithm>

#include "libs/base/check.h"
#include "libs/series/radix_sort.h"

namespace fairway {

SeriesRunBuilder::SeriesRunBuilder(size_t rows_max) : rows_max_(rows_max) {
  FAIRWAY_CHECK(rows_max <= size_t{1} << (64 - kLaneShift));
}

uint32_t SeriesRunBuilder::FindLaneNumber(const Lane& lane) {
  const auto [found, is_new] = lane_numbers_.try_emplace(lane, lanes_.size());
  if (is_new) lanes_.push_back(lane);
  return found->second;
}

void SeriesRunBuilder::TakeInto(SeriesRun& run) {
  RadixSort(keys_, scratch_, kDayShift);
  FillColumns(run);
  std::sort(run.slices_.begin(), run.slices_.end(),
            [](const SeriesRun::Slice& a, const SeriesRun::Slice& b) { return a.lane < b.lane; });
  keys_.clear();
  lanes_.clear();
  lane_numbers_.clear();
  last_lane_ = kNoLane;
}

void SeriesRunBuilder::FillColumns(SeriesRun& run) const {
  constexpr uint64_t kDayMask = (uint64_t{1} << (kLaneShift - kDayShift)) - 1;
  constexpr uint64_t kPriceMask = (uint64_t{1} << kDayShift) - 1;
  run.slices_.clear();
  run.day_numbers_.resize(keys_.size());
  run.prices_.resize(keys_.size());
  for (uint32_t i = 0; i < keys_.size(); ++i) {
    const uint64_t key = keys_[i];
    run.day_numbers_[i] = kFirstDayNumber + static_cast<int32_t>(key >> kDayShift & kDayMask);
    run.prices_[i] = static_cast<Price>(key & kPriceMask);
    if (i == 0 || key >> kLaneShift != keys_[i - 1] >> kLaneShift) {
      if (i != 0) run.slices_.back().end = i;
      run.slices_.push_back({lanes_[key >> kLaneShift], i, i});
    }
  }
  if (!run.slices_.empty()) run.slices_.back().end = static_cast<uint32_t>(keys_.size());
}

}  // namespace fairway
