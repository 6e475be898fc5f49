#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "services/query/rate_request.h"

// From the messages of the contract to valid requests for rates. Each function returns every field
// that is wrong, at once: INVALID_LOCATION, INVALID_DATE, INVALID_RANGE, RANGE_TOO_LARGE,
// INVALID_REQUEST.
namespace fairway::query {

absl::StatusOr<RateRequest> ParseRateRequest(const v1::GetDailyRatesRequest& request);

// The fields of most requests for one lane: all but the consistency.
struct RateFields {
  absl::string_view origin;
  absl::string_view destination;
  absl::string_view first_date;
  absl::string_view last_date;
  int32_t min_price_count = 0;
  absl::Span<const int> statistics;
};
absl::StatusOr<RateRequest> ParseRateRequest(const RateFields& request);

// TOO_MANY_LANES, besides.
absl::StatusOr<RateBatchRequest> ParseRateBatchRequest(
    const v1::BatchGetDailyRatesRequest& request);
// INVALID_PAGE_TOKEN, besides.
absl::StatusOr<RateExportRequest> ParseRateExportRequest(
    const v1::ExportDailyRatesRequest& request);

}  // namespace fairway::query
