#pragma once

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/storage/location_store.h"

namespace fairway::ingest {

// Adds or changes regions and ports, all of them or none. The errors of LocationStore::Import().
absl::StatusOr<LocationImport> ImportLocations(LocationStore& locations,
                                               const LocationChanges& changes,
                                               const Deadline& deadline);

}  // namespace fairway::ingest
