#include "services/query/get_daily_rates.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/region_slug.h"

namespace fairway::query {
namespace {

// To gather and sort the prices of a day, beside adding them up.
constexpr int64_t kPercentileWork = 16;
// To write a day into the answer and to send it; and a statistic of it.
constexpr int64_t kToldDayWork = 16;
constexpr int64_t kToldStatisticWork = 2;

}  // namespace

absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateTerms& terms, const Deadline& deadline) {
  ASSIGN_OR_RETURN(const CheckedTerms checked, CheckTerms(terms));
  return GetLaneRates(snapshot, "", lane, checked, deadline);
}

int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane, int64_t days,
                     int statistics) {
  const bool with_percentiles = statistics > 0;
  const int64_t looked_at =
      snapshot.EstimateLanes(lane.origin, lane.destination, with_percentiles) *
      (with_percentiles ? kPercentileWork : 1);
  return (looked_at + kToldDayWork + kToldStatisticWork * statistics) * days;
}

absl::StatusOr<LaneAnswer> GetLaneRates(const RateSnapshot& snapshot, absl::string_view path,
                                        const NamedLane& lane, const CheckedTerms& terms,
                                        const Deadline& deadline) {
  RETURN_IF_ERROR(CheckLocationForm(absl::StrCat(path, "origin"), lane.origin));
  RETURN_IF_ERROR(CheckLocationForm(absl::StrCat(path, "destination"), lane.destination));
  ASSIGN_OR_RETURN(DailyRates rates,
                   snapshot.ReadDailyRates({.origin = lane.origin,
                                            .destination = lane.destination,
                                            .days = terms.days,
                                            .with_percentiles = terms.statistics.any(),
                                            .min_price_count = terms.min_price_count},
                                           deadline));
  return LaneAnswer{.rates = std::move(rates),
                    .min_price_count = terms.min_price_count,
                    .statistics = terms.statistics};
}

}  // namespace fairway::query
