#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/base/deadline.h"
#include "libs/storage/location_store.h"
#include "services/query/describe_location.h"

namespace fairway::query {

// INVALID_LOCATION, LOCATION_NOT_FOUND, and the reader's.
absl::StatusOr<LocationView> GetLocation(LocationReader& locations, absl::string_view code,
                                         const Deadline& deadline);

}  // namespace fairway::query
