#include "services/query/rate_terms.h"

#include "absl/strings/str_cat.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

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

absl::StatusOr<CheckedTerms> CheckTerms(const RateTerms& terms) {
  ASSIGN_OR_RETURN(const DayRange days, ParseDayRange(terms.first_date, terms.last_date));
  ASSIGN_OR_RETURN(const int64_t min_price_count, ReadMinPriceCount(terms.min_price_count));
  return CheckedTerms{
      .days = days, .min_price_count = min_price_count, .statistics = terms.statistics};
}

}  // namespace fairway::query
