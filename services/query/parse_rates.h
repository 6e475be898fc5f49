#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "services/query/rate_request.h"

// From the messages of the contract to valid requests for rates. Each function returns every field
// that is wrong, at once: INVALID_LOCATION, INVALID_DATE, INVALID_RANGE, RANGE_TOO_LARGE,
// INVALID_REQUEST.
namespace fairway::query {

absl::StatusOr<RateRequest> ParseRateRequest(const v1::GetDailyRatesRequest& request);
// TOO_MANY_LANES, besides.
absl::StatusOr<RateBatchRequest> ParseRateBatchRequest(
    const v1::BatchGetDailyRatesRequest& request);
// INVALID_PAGE_TOKEN, besides.
absl::StatusOr<RateExportRequest> ParseRateExportRequest(
    const v1::ExportDailyRatesRequest& request);

}  // namespace fairway::query
