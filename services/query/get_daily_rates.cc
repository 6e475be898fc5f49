#include "services/query/get_daily_rates.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/region_slug.h"

namespace fairway::query {
namespace {

// To gather and sort the prices of a day, beside adding them up.
constexpr int64_t kPercentileWork = 16;

}  // namespace

absl::StatusOr<LaneAnswer> GetDailyRates(const RateSnapshot& snapshot, const NamedLane& lane,
                                         const RateTerms& terms, const Deadline& deadline) {
  ASSIGN_OR_RETURN(const CheckedTerms checked, CheckTerms(terms));
  return GetLaneRates(snapshot, "", lane, checked, deadline);
}

int64_t EstimateWork(const RateSnapshot& snapshot, const NamedLane& lane, int64_t days,
                     bool with_percentiles) {
  return snapshot.EstimateLanes(lane.origin, lane.destination, with_percentiles) * days *
         (with_percentiles ? kPercentileWork : 1);
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
