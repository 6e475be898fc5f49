#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

#include "libs/book/book_budget.h"
#include "libs/domain/daily_rate.h"
#include "libs/domain/price.h"

namespace fairway {

struct DayTotal {
  int64_t price_count = 0;
  int64_t price_sum = 0;
};

// A page of consecutive days; number 0 begins at 1970-01-01.
inline constexpr int32_t kDaysPerPage = 32;
using DayPage = std::array<DayTotal, kDaysPerPage>;

class DayTotalChanges;

// How many prices a set of lanes has on each day, and their sum. Immutable. In pages, so that
// totals that change share the days that do not.
class DayTotals {
 public:
  // `base` (null: nothing) with `changes`, whose pages become its own.
  static std::shared_ptr<const DayTotals> Apply(const DayTotals* base, DayTotalChanges&& changes);

  // Adds the totals of `days` to `rates`, which has one entry for every day of the range.
  void AddTo(const DayRange& days, absl::Span<DailyRate> rates) const;

  // How many prices there are in `days`.
  int64_t CountIn(const DayRange& days) const;

  // Bytes of memory, allocation included; shared pages count in each owner.
  int64_t byte_count() const;

 private:
  // Calls visit(day's place in `days`, total) for the days that have a page.
  template <typename Visitor>
  void VisitDays(const DayRange& days, Visitor visit) const;

  struct NumberedPage {
    int32_t number;
    std::shared_ptr<const DayPage> page;
  };
  std::vector<NumberedPage> pages_;  // Ascending.

  // What the allocator and the shared pointers add to a block.
  static constexpr int64_t kBlockOverheadBytes = 32;

 public:
  static constexpr int64_t kPageBytes =
      sizeof(NumberedPage) + sizeof(DayPage) + kBlockOverheadBytes;
  // Beside the pages.
  static constexpr int64_t kFixedBytes = sizeof(std::vector<NumberedPage>) + kBlockOverheadBytes;
};

// What prices that come or go change. Asks a budget before it takes memory, and once that is
// exceeded only counts the pages it would need. One thread at a time.
class DayTotalChanges {
 public:
  // `count` prices of the day come (negative: go), with this sum.
  void Add(int32_t day_number, int64_t count, int64_t sum, BookBudget& budget);
  void Add(const DayTotalChanges& other, BookBudget& budget);
  // The same, and the pages of `other`, which have their place in the budget, move.
  void Absorb(DayTotalChanges&& other, BookBudget& budget);

  // As taken from the budget.
  int64_t byte_count() const { return DayTotals::kPageBytes * static_cast<int64_t>(pages_.size()); }

 private:
  friend class DayTotals;

  // Null while it is only counted.
  DayPage* PageAt(int32_t number, BookBudget& budget);

  absl::flat_hash_map<int32_t, std::shared_ptr<DayPage>> pages_;
  std::optional<int32_t> last_number_;  // Days mostly come in order.
  DayPage* last_page_ = nullptr;
};

}  // namespace fairway
