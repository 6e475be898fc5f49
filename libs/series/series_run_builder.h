#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "libs/domain/day.h"
#include "libs/domain/price.h"
#include "libs/series/series_run.h"

namespace fairway {

// Collects prices in any order and cuts them into the series of a run.
//
// A price is one 64-bit key while it waits: the number its lane has in this run (24 bits), its day
// since kDayMin (16) and the price itself (24). Sorting the keys by lane and day is all the work
// there is. Memory: 16 bytes per row of `rows_max` and about 40 per lane, kept from run to run.
class SeriesRunBuilder {
 public:
  static constexpr size_t kRowsMaxDefault = size_t{1} << 20;
  // Lanes of one price each store badly however long the run is, and take 60 bytes while it waits.
  static constexpr size_t kLanesMax = size_t{1} << 18;

  // `rows_max` at most 2^24.
  explicit SeriesRunBuilder(size_t rows_max = kRowsMaxDefault);

  // `day` and `price` must be in their ranges, and the builder not full.
  void Add(const Lane& lane, Day day, Price price) {
    const uint64_t day_offset = static_cast<uint64_t>(DayNumber(day) - kFirstDayNumber);
    keys_.push_back(uint64_t{LaneNumber(lane)} << kLaneShift | day_offset << kDayShift |
                    static_cast<uint64_t>(price));
  }

  size_t row_count() const { return keys_.size(); }

  // Whether the run is better cut here: there is no more room, or its series are already so long
  // that longer ones would store no better, while the thread that stores them waits.
  bool full() const {
    return keys_.size() >= rows_max_ || lanes_.size() >= kLanesMax ||
           (keys_.size() >= kRowsMin && keys_.size() >= kSeriesRowsEnough * lanes_.size());
  }

  // Sorts what was added into `run`, replacing what it held, and starts over empty.
  void TakeInto(SeriesRun& run);

 private:
  // What is left of the overhead of a run, or of a series, per price is not worth a wait.
  static constexpr size_t kRowsMin = size_t{1} << 17;
  static constexpr size_t kSeriesRowsEnough = 64;

  static constexpr int kDayShift = 24;
  static constexpr int kLaneShift = 40;
  static constexpr int32_t kFirstDayNumber = DayNumber(kDayMin);
  static_assert(limits::kPriceMax < 1 << kDayShift);
  static_assert(DayNumber(kDayMax) - DayNumber(kDayMin) < 1 << (kLaneShift - kDayShift));

  // Prices mostly arrive lane by lane, so the last lane is looked at first.
  uint32_t LaneNumber(const Lane& lane) {
    if (lane != last_lane_) {
      last_lane_ = lane;
      last_lane_number_ = FindLaneNumber(lane);
    }
    return last_lane_number_;
  }
  uint32_t FindLaneNumber(const Lane& lane);
  void FillColumns(SeriesRun& run) const;

  const size_t rows_max_;
  std::vector<uint64_t> keys_;
  std::vector<uint64_t> scratch_;
  std::vector<Lane> lanes_;  // By number.
  absl::flat_hash_map<Lane, uint32_t> lane_numbers_;
  Lane last_lane_ = kNoLane;
  uint32_t last_lane_number_ = 0;

  static constexpr Lane kNoLane = {std::numeric_limits<PortId>::min(),
                                   std::numeric_limits<PortId>::min()};
};

}  // namespace fairway
