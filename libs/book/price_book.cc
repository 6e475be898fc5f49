#include "libs/book/price_book.h"

#include <algorithm>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/book/region_paths.h"
#include "libs/series/percentiles.h"

namespace fairway {
namespace {

// Percentiles need all prices of a day at once, of many lanes: days are taken so many at a time, so
// that memory does not grow with the length of the range.
constexpr int32_t kPercentileDays = 32;

// Gathers the prices of consecutive days and tells the percentiles of each.
class DayPrices {
 public:
  explicit DayPrices(const DayRange& days) : days_(days), prices_(size_t(days.size())) {}

  const DayRange& days() const { return days_; }

  void Add(const LanePrices& lane) {
    lane.VisitDays(days_, [&](int32_t day_number, absl::Span<const Price> prices) {
      auto& all = prices_[static_cast<size_t>(day_number - DayNumber(days_.first))];
      all.insert(all.end(), prices.begin(), prices.end());
    });
  }

  void TellPercentiles(int64_t min_price_count, absl::Span<Percentiles> percentiles) {
    for (size_t i = 0; i < prices_.size(); ++i) {
      if (static_cast<int64_t>(prices_[i].size()) < min_price_count) continue;
      std::sort(prices_[i].begin(), prices_[i].end());
      percentiles[i] = PercentilesOf(prices_[i]);
    }
  }

 private:
  const DayRange days_;
  std::vector<std::vector<Price>> prices_;
};

}  // namespace

absl::StatusOr<DailyRates> PriceBook::ReadDailyRates(const RateQuery& query,
                                                     const Deadline& /*deadline*/) const {
  DailyRates rates{.version = version_, .days = EmptyDailyRates(query.days)};
  if (!query.with_percentiles && AddRegionTotals(query, rates)) return rates;
  ASSIGN_OR_RETURN(const auto origins, locations_->PortsOf(query.origin));
  ASSIGN_OR_RETURN(const auto destinations, locations_->PortsOf(query.destination));
  const absl::Span<DailyRate> days = absl::MakeSpan(rates.days);
  VisitLanes(origins, destinations, [&](const LanePrices& lane) { lane.AddTo(query.days, days); });
  if (!query.with_percentiles) return rates;

  rates.percentiles.assign(rates.days.size(), {});
  for (Day first = query.days.first; first <= query.days.last;
       first += std::chrono::days(kPercentileDays)) {
    const Day last = std::min(query.days.last, first + std::chrono::days(kPercentileDays - 1));
    DayPrices prices({first, last});
    VisitLanes(origins, destinations, [&](const LanePrices& lane) { prices.Add(lane); });
    const auto begin = static_cast<size_t>((first - query.days.first).count());
    prices.TellPercentiles(query.min_price_count,
                           absl::MakeSpan(rates.percentiles)
                               .subspan(begin, static_cast<size_t>(prices.days().size())));
  }
  return rates;
}

bool PriceBook::AddRegionTotals(const RateQuery& query, DailyRates& rates) const {
  const auto origin = RegionPaths::NumberOf(*locations_, query.origin);
  if (!origin) return false;
  const auto destination = RegionPaths::NumberOf(*locations_, query.destination);
  if (!destination) return false;
  if (const auto totals = totals_.Find(*origin, *destination)) {
    totals->AddTo(query.days, absl::MakeSpan(rates.days));
  }
  return true;
}

void PriceBook::VisitLanes(absl::Span<const PortId> origins, absl::Span<const PortId> destinations,
                           absl::FunctionRef<void(const LanePrices&)> visit) const {
  for (const PortId origin : origins) {
    const auto* row = lanes_.FindRow(origin);
    if (row == nullptr) continue;
    auto entry = row->begin();
    for (const PortId destination : destinations) {  // Both ascend.
      entry = std::lower_bound(
          entry, row->end(), destination,
          [](const auto& entry, PortId destination) { return entry.second < destination; });
      if (entry == row->end()) break;
      if (entry->second == destination) visit(*entry->value);
    }
  }
}

absl::StatusOr<std::vector<Lane>> PriceBook::ListLanes(std::optional<Lane> after, int limit,
                                                       const Deadline& /*deadline*/) const {
  std::vector<Lane> lanes;
  for (const auto& [origin, row] : lanes_.rows()) {
    if (after && origin < after->origin) continue;
    for (const auto& entry : *row) {
      const Lane lane = {.origin = origin, .destination = entry.second};
      if (after && lane <= *after) continue;
      if (lanes.size() == static_cast<size_t>(limit)) return lanes;
      lanes.push_back(lane);
    }
  }
  return lanes;
}

}  // namespace fairway
