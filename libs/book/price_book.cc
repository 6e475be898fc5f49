#include "libs/book/price_book.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "libs/base/status_macros.h"
#include "libs/book/day_prices.h"
#include "libs/series/percentiles.h"

namespace fairway {
namespace {

// What is looked at between two looks at the deadline: a price or a destination costs about a
// nanosecond, to turn to an origin or to a lane about fifty.
constexpr int64_t kPaceInterval = 1 << 20;
constexpr int64_t kRowWork = 50;
constexpr int64_t kLaneWork = 50;

// Of so many origins and lanes an estimate counts the prices, in some microseconds.
constexpr int64_t kCountedMax = 128;

// Visits lanes a few at a time: the memory of the next ones is fetched meanwhile.
class LaneVisits {
 public:
  LaneVisits(const DayRange& days, absl::FunctionRef<void(const LanePrices&)> visit)
      : days_(days), visit_(visit) {}

  void Add(const LanePrices& lane) {
    __builtin_prefetch(&lane);
    lanes_[count_++] = &lane;
    if (count_ == lanes_.size()) Finish();
  }
  void Finish() {
    const auto lanes = absl::MakeConstSpan(lanes_).first(count_);
    for (const LanePrices* lane : lanes) lane->Prefetch(days_);
    for (const LanePrices* lane : lanes) visit_(*lane);
    count_ = 0;
  }

 private:
  const DayRange& days_;
  const absl::FunctionRef<void(const LanePrices&)> visit_;
  std::array<const LanePrices*, 16> lanes_;
  size_t count_ = 0;
};

}  // namespace

absl::StatusOr<DailyRates> PriceBook::ReadDailyRates(const RateQuery& query,
                                                     const Deadline& deadline) const {
  DailyRates rates{.version = version_, .days = EmptyDailyRates(query.days)};
  if (query.with_percentiles) rates.percentiles.assign(rates.days.size(), {});
  const DayTotals* const totals = FindTotals(query);
  if (totals != nullptr) {
    totals->AddTo(query.days, absl::MakeSpan(rates.days));
    if (!query.with_percentiles) return rates;
  }
  ASSIGN_OR_RETURN(const auto origins, locations_->PortsOf(query.origin));
  ASSIGN_OR_RETURN(const auto destinations, locations_->PortsOf(query.destination));
  const LanesBetween lanes = {origins, destinations, query.days};
  Pace pace(deadline, kPaceInterval);
  if (origins.size() == 1 && destinations.size() == 1 && totals == nullptr) {
    RETURN_IF_ERROR(ReadLane({origins.front(), destinations.front()}, query, pace, rates));
    return rates;
  }
  if (totals == nullptr) {
    const absl::Span<DailyRate> days = absl::MakeSpan(rates.days);
    RETURN_IF_ERROR(
        VisitLanes(lanes, pace, [&](const LanePrices& lane) { lane.AddTo(query.days, days); }));
  }
  if (query.with_percentiles) {
    RETURN_IF_ERROR(FindPercentiles(lanes, query.min_price_count, pace, rates));
  }
  return rates;
}

absl::Status PriceBook::ReadLane(const Lane& lane, const RateQuery& query, Pace& pace,
                                 DailyRates& rates) const {
  const LanePrices* const prices = lanes_.Peek(lane.origin, lane.destination);
  if (prices == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(pace.Spend(prices->price_count()));
  prices->AddTo(query.days, absl::MakeSpan(rates.days));
  if (!query.with_percentiles) return absl::OkStatus();
  prices->VisitDays(query.days, [&](int32_t day_number, absl::Span<const Price> ascending) {
    if (static_cast<int64_t>(ascending.size()) < query.min_price_count) return;
    rates.percentiles[static_cast<size_t>(day_number - DayNumber(query.days.first))] =
        PercentilesOf(ascending);
  });
  return absl::OkStatus();
}

absl::Status PriceBook::FindPercentiles(const LanesBetween& between, int64_t min_price_count,
                                        Pace& pace, DailyRates& rates) const {
  const absl::Span<const DailyRate> days = rates.days;
  const absl::Span<Percentiles> percentiles = absl::MakeSpan(rates.percentiles);
  DayPrices prices;
  for (size_t begin = 0; begin < days.size();) {
    const size_t count = prices.Begin(days.subspan(begin));
    RETURN_IF_ERROR(VisitLanes(between, pace, [&](const LanePrices& lane) { prices.Add(lane); }));
    RETURN_IF_ERROR(
        prices.FindPercentiles(min_price_count, percentiles.subspan(begin, count), pace));
    begin += count;
  }
  return absl::OkStatus();
}

const DayTotals* PriceBook::FindTotals(const RateQuery& query) const {
  if (PortCode::IsValid(query.origin) || PortCode::IsValid(query.destination)) return nullptr;
  const auto origin = locations_->NumberOf(query.origin);
  if (!origin) return nullptr;
  const auto destination = locations_->NumberOf(query.destination);
  if (!destination) return nullptr;
  const DayTotals* const totals = totals_.Peek(*origin, *destination);
  return totals == nullptr ? &no_totals_ : totals;
}

ReadingSize PriceBook::EstimateReading(const RateQuery& query) const {
  const DayTotals* const totals = FindTotals(query);
  if (totals != nullptr && !query.with_percentiles) return {.lanes = 1};
  const auto origins = locations_->PortsOf(query.origin);
  const auto destinations = locations_->PortsOf(query.destination);
  if (!origins.ok() || !destinations.ok()) return {};
  const LanesBetween lanes = {*origins, *destinations, query.days};
  if (totals == nullptr) return EstimateLanes(lanes);
  return {.lanes = CountLanes(lanes), .prices = totals->CountIn(query.days)};
}

int64_t PriceBook::CountLanes(const LanesBetween& between) const {
  auto lanes = static_cast<int64_t>(between.origins.size() * between.destinations.size());
  if (between.origins.size() == 1) {
    const auto* row = lanes_.FindRow(between.origins.front());
    lanes = row == nullptr ? 0 : std::min(lanes, static_cast<int64_t>(row->size()));
  }
  return std::min(lanes, lane_count_);
}

ReadingSize PriceBook::EstimateLanes(const LanesBetween& between) const {
  ReadingSize counted;
  const auto count = [&](const LanePrices& lane) { counted.prices += lane.CountIn(between.days); };
  LaneVisits visits(between.days, count);
  int64_t left = kCountedMax;
  for (const PortId origin : between.origins) {
    if (--left <= 0) break;
    const auto* row = lanes_.FindRow(origin);
    if (row == nullptr) continue;
    const absl::Status all =
        lanes_.VisitIn(*row, between.destinations, [&](const LanePrices& lane) {
          visits.Add(lane);
          ++counted.lanes;
          return --left > 0 ? absl::OkStatus() : absl::CancelledError();
        });
    if (!all.ok()) break;
  }
  visits.Finish();
  if (left > 0 || counted.lanes == 0) return counted;
  const int64_t lanes = CountLanes(between);
  return {.lanes = lanes, .prices = counted.prices * lanes / counted.lanes};
}

absl::Status PriceBook::VisitLanes(const LanesBetween& between, Pace& pace,
                                   absl::FunctionRef<void(const LanePrices&)> visit) const {
  LaneVisits visits(between.days, visit);
  for (const PortId origin : between.origins) {
    RETURN_IF_ERROR(pace.Spend(kRowWork));
    const auto* row = lanes_.FindRow(origin);
    if (row == nullptr) continue;
    RETURN_IF_ERROR(pace.Spend(static_cast<int64_t>(between.destinations.size())));
    RETURN_IF_ERROR(lanes_.VisitIn(*row, between.destinations, [&](const LanePrices& lane) {
      visits.Add(lane);
      return pace.Spend(kLaneWork + lane.price_count());
    }));
  }
  visits.Finish();
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
