#include "libs/book/day_totals.h"

#include <algorithm>
#include <utility>

namespace fairway {
namespace {

// No day is before 1970.
static_assert(DayNumber(kDayMin) >= 0);
int32_t PageNumberOf(int32_t day_number) { return day_number / kDaysPerPage; }

void AddPage(const DayPage& page, DayPage& sum) {
  for (size_t i = 0; i < page.size(); ++i) {
    sum[i].price_count += page[i].price_count;
    sum[i].price_sum += page[i].price_sum;
  }
}

}  // namespace

std::shared_ptr<const DayTotals> DayTotals::Apply(const DayTotals* base,
                                                  DayTotalChanges&& changes) {
  auto totals =
      base == nullptr ? std::make_shared<DayTotals>() : std::make_shared<DayTotals>(*base);
  auto& pages = totals->pages_;
  pages.reserve(pages.size() + (base == nullptr ? changes.pages_.size() : 0));
  for (auto& [number, page] : changes.pages_) {
    const auto place = std::lower_bound(
        pages.begin(), pages.end(), number,
        [](const NumberedPage& page, int32_t number) { return page.number < number; });
    const bool is_there = place != pages.end() && place->number == number;
    if (is_there) {
      AddPage(*place->page, *page);
      place->page = std::move(page);
    } else {
      pages.insert(place, {number, std::move(page)});
    }
  }
  return totals;
}

template <typename Visitor>
void DayTotals::VisitDays(const DayRange& days, Visitor visit) const {
  const int32_t first = DayNumber(days.first);
  const int32_t last = DayNumber(days.last);
  auto page = std::lower_bound(
      pages_.begin(), pages_.end(), PageNumberOf(first),
      [](const NumberedPage& page, int32_t number) { return page.number < number; });
  for (; page != pages_.end() && page->number <= PageNumberOf(last); ++page) {
    const int32_t page_first = page->number * kDaysPerPage;
    const int32_t begin = std::max(first, page_first);
    const int32_t end = std::min(last + 1, page_first + kDaysPerPage);
    for (int32_t day = begin; day < end; ++day) {
      visit(static_cast<size_t>(day - first), (*page->page)[static_cast<size_t>(day - page_first)]);
    }
  }
}

void DayTotals::AddTo(const DayRange& days, absl::Span<DailyRate> rates) const {
  VisitDays(days, [&](size_t i, const DayTotal& total) {
    rates[i].price_count += total.price_count;
    rates[i].price_sum += total.price_sum;
  });
}

int64_t DayTotals::CountIn(const DayRange& days) const {
  int64_t count = 0;
  VisitDays(days, [&](size_t, const DayTotal& total) { count += total.price_count; });
  return count;
}

int64_t DayTotals::byte_count() const {
  return kFixedBytes + kPageBytes * static_cast<int64_t>(pages_.size());
}

DayPage* DayTotalChanges::PageAt(int32_t number, BookBudget& budget) {
  if (last_number_ == number) return last_page_;
  const auto [page, is_new] = pages_.try_emplace(number);
  if (is_new) {
    budget.Take(DayTotals::kPageBytes);
    if (!budget.is_exceeded()) page->second = std::make_shared<DayPage>();
  }
  last_number_ = number;
  last_page_ = page->second.get();
  return last_page_;
}

void DayTotalChanges::Add(int32_t day_number, int64_t count, int64_t sum, BookBudget& budget) {
  const int32_t number = PageNumberOf(day_number);
  DayPage* page = PageAt(number, budget);
  if (page == nullptr) return;
  DayTotal& total = (*page)[static_cast<size_t>(day_number - number * kDaysPerPage)];
  total.price_count += count;
  total.price_sum += sum;
}

void DayTotalChanges::Add(const DayTotalChanges& other, BookBudget& budget) {
  for (const auto& [number, added] : other.pages_) {
    DayPage* page = PageAt(number, budget);
    if (page != nullptr && added != nullptr) AddPage(*added, *page);
  }
}

void DayTotalChanges::Absorb(DayTotalChanges&& other, BookBudget& budget) {
  last_number_.reset();
  for (auto& [number, added] : other.pages_) {
    // Where there is one already, nothing is moved.
    const auto [page, is_new] = pages_.try_emplace(number, std::move(added));
    if (is_new) continue;
    if (page->second != nullptr && added != nullptr) AddPage(*added, *page->second);
    budget.Take(-DayTotals::kPageBytes);
  }
}

}  // namespace fairway
