#include "services/query/get_daily_rates.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/region_slug.h"

namespace fairway::query {
namespace {

absl::StatusOr<int64_t> ReadMinPriceCount(int32_t asked) {
  if (asked == 0) return limits::kMinPriceCount;
  if (asked < limits::kMinPriceCount || asked > limits::kMinPriceCountMax) {
    return InvalidRequestError("min_price_count",
                               absl::StrCat(asked, " is not within ", limits::kMinPriceCount, "..",
                                            limits::kMinPriceCountMax));
  }
  return asked;
}

}  // namespace

absl::StatusOr<DailyRatesAnswer> GetDailyRates(RateReader& reader, const DailyRatesQuery& query,
                                               absl::Time deadline) {
  RETURN_IF_ERROR(CheckLocationForm("origin", query.origin));
  RETURN_IF_ERROR(CheckLocationForm("destination", query.destination));
  ASSIGN_OR_RETURN(const DayRange days, ParseDayRange(query.first_date, query.last_date));
  ASSIGN_OR_RETURN(const int64_t min_price_count, ReadMinPriceCount(query.min_price_count));
  if (query.at_least < 0) {
    return InvalidRequestError("consistency.at_least", "a version is not negative");
  }
  ASSIGN_OR_RETURN(DailyRates rates, reader.ReadDailyRates({.origin = query.origin,
                                                            .destination = query.destination,
                                                            .days = days,
                                                            .at_least = query.at_least},
                                                           deadline));
  return DailyRatesAnswer{.rates = std::move(rates), .min_price_count = min_price_count};
}

}  // namespace fairway::query
