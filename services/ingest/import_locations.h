#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/storage/location_store.h"

namespace fairway::ingest {

// Adds or changes regions and ports, all of them or none. INVALID_REQUEST (nothing to import, a
// name that is empty or too long), INVALID_LOCATION, TOO_MANY_LOCATIONS, and the store's.
absl::StatusOr<LocationImport> ImportLocations(LocationStore& locations,
                                               const LocationChanges& changes, absl::Time deadline);

}  // namespace fairway::ingest
