#include "libs/book/lane_prices.h"

#include <algorithm>
#include <chrono>

#include "libs/series/radix_sort.h"
#include "libs/series/sum_prices.h"

namespace fairway {
namespace {

constexpr int kDayShift = 32;
constexpr int32_t kFirstDayNumber = DayNumber(kDayMin);
static_assert(DayNumber(kDayMax) - kFirstDayNumber < 1 << 16, "days take 16 bits");

// What the allocator and the shared pointers add to a block.
constexpr int64_t kLaneOverheadBytes = 64;

uint64_t KeyOf(int32_t day_number, Price price) {
  return static_cast<uint64_t>(day_number - kFirstDayNumber) << kDayShift |
         static_cast<uint32_t>(price);
}
uint16_t DayOf(uint64_t key) { return static_cast<uint16_t>(key >> kDayShift); }

void SortKeys(std::vector<uint64_t>& keys, std::vector<uint64_t>& scratch) {
  constexpr size_t kWorthARadixSort = 256;
  if (keys.size() < kWorthARadixSort) {
    std::sort(keys.begin(), keys.end());
  } else {
    RadixSort(keys, scratch, 0);
  }
}

}  // namespace

void LaneChanges::AppendTo(std::vector<uint64_t>& keys, const Series& series) {
  for (size_t i = 0; i < series.prices.size(); ++i) {
    keys.push_back(KeyOf(series.day_numbers[i], series.prices[i]));
  }
}

void LaneChanges::Clear() {
  added_.clear();
  removed_.clear();
}

void LaneChanges::Sort() {
  SortKeys(added_, scratch_);
  SortKeys(removed_, scratch_);
}

LanePrices::LanePrices(uint32_t day_count, uint32_t price_count)
    : day_count_(day_count),
      price_count_(price_count),
      block_(std::make_unique_for_overwrite<std::byte[]>(BlockBytes(day_count, price_count))) {}

absl::StatusOr<std::shared_ptr<const LanePrices>> LanePrices::Apply(const LanePrices* base,
                                                                    LaneChanges& changes) {
  changes.Sort();
  if (base == nullptr && changes.removed_.empty()) {
    return changes.added_.empty() ? nullptr : FromKeys(changes.added_);
  }
  std::vector<uint64_t> old;
  if (base != nullptr) base->AppendKeysTo(old);
  std::vector<uint64_t> keys(old.size() + changes.added_.size());
  std::merge(old.begin(), old.end(), changes.added_.begin(), changes.added_.end(), keys.begin());
  if (!changes.removed_.empty()) {
    std::vector<uint64_t> left(keys.size());
    const auto end = std::set_difference(keys.begin(), keys.end(), changes.removed_.begin(),
                                         changes.removed_.end(), left.begin());
    left.resize(static_cast<size_t>(end - left.begin()));
    if (left.size() + changes.removed_.size() != keys.size()) {
      return absl::DataLossError("prices that are taken out again are not there");
    }
    keys = std::move(left);
  }
  return keys.empty() ? nullptr : FromKeys(keys);
}

std::shared_ptr<const LanePrices> LanePrices::FromKeys(const std::vector<uint64_t>& keys) {
  uint32_t day_count = 1;
  for (size_t i = 1; i < keys.size(); ++i) day_count += DayOf(keys[i]) != DayOf(keys[i - 1]);
  std::shared_ptr<LanePrices> lane(new LanePrices(day_count, static_cast<uint32_t>(keys.size())));
  uint32_t day = 0;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i > 0 && DayOf(keys[i]) != DayOf(keys[i - 1])) ++day;
    lane->prices()[i] = static_cast<Price>(static_cast<uint32_t>(keys[i]));
    lane->days()[day] = DayOf(keys[i]);
    lane->ends()[day] = static_cast<uint32_t>(i + 1);
  }
  lane->first_day_ = lane->days()[0];
  return lane;
}

void LanePrices::AppendKeysTo(std::vector<uint64_t>& keys) const {
  keys.reserve(keys.size() + price_count_);
  VisitDays({kDayMin, kDayMax}, [&](int32_t day_number, absl::Span<const Price> prices) {
    for (const Price price : prices) keys.push_back(KeyOf(day_number, price));
  });
}

int64_t LanePrices::byte_count() const {
  return static_cast<int64_t>(sizeof(LanePrices) + BlockBytes(day_count_, price_count_)) +
         kLaneOverheadBytes;
}

uint32_t LanePrices::GuessIndex(Day day) const {
  const int32_t days_after_first = DayNumber(day) - kFirstDayNumber - first_day_;
  return static_cast<uint32_t>(std::clamp(days_after_first, 0, static_cast<int32_t>(day_count_)));
}

uint32_t LanePrices::LowerBound(Day day) const {
  const int32_t wanted = DayNumber(day) - kFirstDayNumber;
  const uint32_t guess = GuessIndex(day);
  if (guess < day_count_ && days()[guess] == wanted) return guess;
  return static_cast<uint32_t>(std::lower_bound(days(), days() + guess, wanted) - days());
}

void LanePrices::Prefetch(const DayRange& days) const {
  constexpr size_t kLineBytes = 64;
  constexpr size_t kLinesMax = 16;
  const size_t begin = std::min(GuessIndex(days.first), day_count_ - 1);
  const size_t end = std::min(begin + static_cast<size_t>(days.size()), size_t{day_count_});
  const auto fetch = [&](const void* from, const void* to) {
    const auto* byte = static_cast<const std::byte*>(from);
    for (size_t i = 0; i < kLinesMax && byte < to; ++i, byte += kLineBytes) {
      __builtin_prefetch(byte);
    }
  };
  fetch(this->days() + begin, this->days() + end);
  fetch(ends() + begin, ends() + end);
  // About there: as if all days had as many.
  fetch(prices() + price_count_ * begin / day_count_, prices() + price_count_ * end / day_count_);
}

int64_t LanePrices::CountIn(const DayRange& days) const {
  const auto end_of = [this](uint32_t index) { return index == 0 ? 0 : ends()[index - 1]; };
  const uint32_t end = LowerBound(days.last + std::chrono::days(1));
  return int64_t{end_of(end)} - end_of(LowerBound(days.first));
}

void LanePrices::AddTo(const DayRange& days, absl::Span<DailyRate> rates) const {
  VisitDays(days, [&](int32_t day_number, absl::Span<const Price> prices) {
    DailyRate& rate = rates[static_cast<size_t>(day_number - DayNumber(days.first))];
    rate.price_count += static_cast<int64_t>(prices.size());
    rate.price_sum += SumPrices(prices);
  });
}

}  // namespace fairway
