#include "libs/book/price_book.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "libs/base/check.h"
#include "libs/base/status_macros.h"
#include "libs/series/percentiles.h"
#include "libs/series/sort_prices.h"

namespace fairway {
namespace {

// What is looked at between two looks at the deadline: a price costs about a nanosecond, a search
// for a lane about fifty.
constexpr int64_t kPaceInterval = 1 << 20;
constexpr int64_t kSearchWork = 50;

// Percentiles need all prices of a day at once, of many lanes. Days are taken together while they
// have so few prices, so that memory does not grow with the length of the range.
constexpr int64_t kPercentilePrices = 1 << 21;

// The prices of consecutive days, in one block, and the percentiles of each. Kept and filled again.
class DayPrices {
 public:
  // `days`: with as many prices as all the lanes have that are added.
  void Begin(absl::Span<const DailyRate> days) {
    days_ = {days.front().day, days.back().day};
    ends_.clear();
    size_t count = 0;
    for (const DailyRate& rate : days) {
      ends_.push_back(count);  // Moves on as prices come.
      count += static_cast<size_t>(rate.price_count);
    }
    prices_.resize(count);
  }

  void Add(const LanePrices& lane) {
    lane.VisitDays(days_, [&](int32_t day_number, absl::Span<const Price> prices) {
      size_t& end = ends_[static_cast<size_t>(day_number - DayNumber(days_.first))];
      FAIRWAY_CHECK(end + prices.size() <= prices_.size());
      std::copy(prices.begin(), prices.end(), prices_.begin() + static_cast<std::ptrdiff_t>(end));
      end += prices.size();
    });
  }

  absl::Status TellPercentiles(int64_t min_price_count, absl::Span<Percentiles> percentiles,
                               Pace& pace) {
    size_t begin = 0;
    for (size_t i = 0; i < ends_.size(); begin = ends_[i++]) {
      const absl::Span<Price> day = absl::MakeSpan(prices_).subspan(begin, ends_[i] - begin);
      if (static_cast<int64_t>(day.size()) < min_price_count) continue;
      RETURN_IF_ERROR(SortPrices(day, scratch_, pace));
      percentiles[i] = PercentilesOf(day);
    }
    return absl::OkStatus();
  }

 private:
  DayRange days_;
  std::vector<size_t> ends_;  // By day.
  std::vector<Price> prices_;
  std::vector<Price> scratch_;
};

// How many of `days` are taken together: one at least.
size_t CountTogether(absl::Span<const DailyRate> days) {
  int64_t prices = 0;
  size_t count = 0;
  for (; count < days.size(); ++count) {
    prices += days[count].price_count;
    if (count > 0 && prices > kPercentilePrices) break;
  }
  return count;
}

}  // namespace

absl::StatusOr<DailyRates> PriceBook::ReadDailyRates(const RateQuery& query,
                                                     const Deadline& deadline) const {
  DailyRates rates{.version = version_, .days = EmptyDailyRates(query.days)};
  const bool has_totals = AddRegionTotals(query, rates);
  if (has_totals && !query.with_percentiles) return rates;
  ASSIGN_OR_RETURN(const auto origins, locations_->PortsOf(query.origin));
  ASSIGN_OR_RETURN(const auto destinations, locations_->PortsOf(query.destination));
  const absl::Span<DailyRate> days = absl::MakeSpan(rates.days);
  Pace pace(deadline, kPaceInterval);
  if (!has_totals) {
    RETURN_IF_ERROR(VisitLanes(origins, destinations, pace,
                               [&](const LanePrices& lane) { lane.AddTo(query.days, days); }));
  }
  if (!query.with_percentiles) return rates;

  rates.percentiles.assign(days.size(), {});
  DayPrices prices;
  for (size_t begin = 0; begin < days.size();) {
    const size_t count = CountTogether(days.subspan(begin));
    prices.Begin(days.subspan(begin, count));
    RETURN_IF_ERROR(
        VisitLanes(origins, destinations, pace, [&](const LanePrices& lane) { prices.Add(lane); }));
    RETURN_IF_ERROR(prices.TellPercentiles(
        query.min_price_count, absl::MakeSpan(rates.percentiles).subspan(begin, count), pace));
    begin += count;
  }
  return rates;
}

int64_t PriceBook::EstimateLanes(absl::string_view origin, absl::string_view destination,
                                 bool with_percentiles) const {
  const auto origins = locations_->PortsOf(origin);
  const auto destinations = locations_->PortsOf(destination);
  if (!origins.ok() || !destinations.ok() || origins->empty()) return 0;
  if (origins->size() == 1 && destinations->size() == 1) return 1;
  const bool has_totals = locations_->NumberOf(origin) && locations_->NumberOf(destination);
  if (has_totals && !with_percentiles) return 1;
  auto lanes = static_cast<int64_t>(origins->size() * destinations->size());
  if (origins->size() == 1) {
    const auto* row = lanes_.FindRow(origins->front());
    lanes = row == nullptr ? 0 : std::min(lanes, static_cast<int64_t>(row->size()));
  }
  return std::min(lanes, lane_count_);
}

bool PriceBook::AddRegionTotals(const RateQuery& query, DailyRates& rates) const {
  const auto origin = locations_->NumberOf(query.origin);
  if (!origin) return false;
  const auto destination = locations_->NumberOf(query.destination);
  if (!destination) return false;
  if (const auto totals = totals_.Find(*origin, *destination)) {
    totals->AddTo(query.days, absl::MakeSpan(rates.days));
  }
  return true;
}

absl::Status PriceBook::VisitLanes(absl::Span<const PortId> origins,
                                   absl::Span<const PortId> destinations, Pace& pace,
                                   absl::FunctionRef<void(const LanePrices&)> visit) const {
  for (const PortId origin : origins) {
    RETURN_IF_ERROR(pace.Spend(kSearchWork));
    const auto* row = lanes_.FindRow(origin);
    if (row == nullptr) continue;
    auto entry = row->begin();
    for (const PortId destination : destinations) {  // Both ascend.
      entry = std::lower_bound(
          entry, row->end(), destination,
          [](const auto& entry, PortId destination) { return entry.second < destination; });
      if (entry == row->end()) break;
      const bool is_there = entry->second == destination;
      RETURN_IF_ERROR(pace.Spend(kSearchWork + (is_there ? entry->value->price_count() : 0)));
      if (is_there) visit(*entry->value);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Lane>> PriceBook::ListLanes(std::optional<Lane> after, int limit,
                                                       const Deadline& deadline) const {
  RETURN_IF_ERROR(deadline.Check());
  const auto& rows = lanes_.rows();
  auto row = rows.begin();
  if (after) {
    row = std::lower_bound(rows.begin(), rows.end(), after->origin,
                           [](const auto& row, PortId origin) { return row.first < origin; });
  }
  std::vector<Lane> lanes;
  for (; row != rows.end(); ++row) {
    auto entry = row->row->begin();
    if (after && row->first == after->origin) {
      entry = std::upper_bound(
          row->row->begin(), row->row->end(), after->destination,
          [](PortId destination, const auto& entry) { return destination < entry.second; });
    }
    for (; entry != row->row->end(); ++entry) {
      if (lanes.size() == static_cast<size_t>(limit)) return lanes;
      lanes.push_back({.origin = row->first, .destination = entry->second});
    }
  }
  return lanes;
}

}  // namespace fairway
