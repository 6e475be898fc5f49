#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/storage/rate_reader.h"
#include "services/query/describe_location.h"
#include "services/query/get_daily_rates.h"
#include "services/query/list_locations.h"

// Between the messages of the contract and the types of the domain. Nothing else knows both.
namespace fairway::query {

// NOT_IMPLEMENTED for what the contract has and this release does not: statistics beyond the
// average, consistency.exact and consistency.max_staleness.
absl::StatusOr<DailyRatesQuery> FromProto(const v1::GetDailyRatesRequest& request);
// INVALID_FILTER.
absl::StatusOr<ListLocationsQuery> FromProto(const v1::ListLocationsRequest& request);

void ToProto(const DailyRatesAnswer& answer, v1::GetDailyRatesResponse& out);
void ToProto(const DatasetSummary& dataset, v1::GetDatasetResponse& out);
void ToProto(const LocationView& location, v1::Location& out);

}  // namespace fairway::query
