#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "libs/domain/daily_rate.h"
#include "libs/domain/price.h"
#include "libs/series/series_run.h"

namespace fairway {

// Prices that come to a lane and prices that leave it, in any order. Kept and cleared, because
// lanes follow each other.
class LaneChanges {
 public:
  void Add(const Series& series) { AppendTo(added_, series); }
  void Remove(const Series& series) { AppendTo(removed_, series); }
  void Clear();
  bool empty() const { return added_.empty() && removed_.empty(); }

 private:
  friend class LanePrices;

  static void AppendTo(std::vector<uint64_t>& keys, const Series& series);
  void Sort();

  // A price is one key: its day since kDayMin above the price itself.
  std::vector<uint64_t> added_;
  std::vector<uint64_t> removed_;
  std::vector<uint64_t> scratch_;
};

// All prices of one lane: a multiset by day. Immutable; one block of memory with three columns,
//   ends    for each day that has prices, how many prices there are up to its end,
//   prices  all prices, ascending by day, then by price,
//   days    the days that have prices, counted from kDayMin, ascending.
// 4 bytes per price and 6 per day with prices.
class LanePrices {
 public:
  // `base` (null: nothing) with `changes`, which are sorted on the way; null when nothing is left.
  // DATA_LOSS when there is something to remove that is not there.
  static absl::StatusOr<std::shared_ptr<const LanePrices>> Apply(const LanePrices* base,
                                                                 LaneChanges& changes);

  int64_t price_count() const { return price_count_; }
  // Bytes of memory, allocation included.
  int64_t byte_count() const;

  // How many prices there are in `days`.
  int64_t CountIn(const DayRange& days) const;

  // Has the processor fetch what the calls below will look at.
  void Prefetch(const DayRange& days) const;
  // Adds the prices in `days` to `rates`, which has one entry for every day of the range.
  void AddTo(const DayRange& days, absl::Span<DailyRate> rates) const;
  // Calls visit(day number, prices of the day, ascending) for each day in `days` that has prices.
  template <typename Visitor>
  void VisitDays(const DayRange& days, Visitor visit) const;

 private:
  LanePrices(uint32_t day_count, uint32_t price_count);

  static std::shared_ptr<const LanePrices> FromKeys(const std::vector<uint64_t>& keys);
  void AppendKeysTo(std::vector<uint64_t>& keys) const;
  // The index of the first day at or after `day`.
  uint32_t LowerBound(Day day) const;
  // That index, if there are prices on every day from the first one on; else it is lower.
  uint32_t GuessIndex(Day day) const;

  static size_t BlockBytes(uint32_t day_count, uint32_t price_count) {
    return (sizeof(uint32_t) + sizeof(uint16_t)) * day_count + sizeof(Price) * price_count;
  }
  uint32_t* ends() const { return reinterpret_cast<uint32_t*>(block_.get()); }
  Price* prices() const { return reinterpret_cast<Price*>(ends() + day_count_); }
  uint16_t* days() const { return reinterpret_cast<uint16_t*>(prices() + price_count_); }

  const uint32_t day_count_;
  const uint32_t price_count_;
  uint16_t first_day_ = 0;  // As in days(), beside the counts because a search begins with it.
  const std::unique_ptr<std::byte[]> block_;
};

template <typename Visitor>
void LanePrices::VisitDays(const DayRange& days, Visitor visit) const {
  const int32_t last = DayNumber(days.last) - DayNumber(kDayMin);
  uint32_t i = LowerBound(days.first);
  uint32_t begin = i == 0 ? 0 : ends()[i - 1];
  for (; i < day_count_ && this->days()[i] <= last; ++i) {
    const uint32_t end = ends()[i];
    visit(this->days()[i] + DayNumber(kDayMin),
          absl::Span<const Price>(prices() + begin, end - begin));
    begin = end;
  }
}

}  // namespace fairway
