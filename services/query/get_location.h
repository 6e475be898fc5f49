#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/domain/location_code.h"
#include "libs/storage/location_store.h"
#include "services/query/describe_location.h"

namespace fairway::query {

// LOCATION_NOT_FOUND, and the reader's errors.
absl::StatusOr<LocationView> GetLocation(LocationReader& locations, const LocationCode& code,
                                         const Deadline& deadline);

}  // namespace fairway::query
