#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/domain/dataset_version.h"
#include "libs/domain/location_code.h"
#include "services/query/list_locations.h"

// From the messages of the contract to valid requests for locations and commits. Each function
// returns every field that is wrong, at once.
namespace fairway::query {

// INVALID_LOCATION.
absl::StatusOr<LocationCode> ParseGetLocationRequest(const v1::GetLocationRequest& request);

// INVALID_REQUEST, INVALID_FILTER, INVALID_LOCATION, INVALID_PAGE_TOKEN.
absl::StatusOr<LocationListRequest> ParseLocationListRequest(
    const v1::ListLocationsRequest& request);

// The version that is followed. INVALID_REQUEST.
absl::StatusOr<VersionId> ParseWatchCommitsRequest(const v1::WatchCommitsRequest& request);

}  // namespace fairway::query
