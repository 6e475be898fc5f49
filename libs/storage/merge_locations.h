#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "libs/domain/location_tree.h"
#include "libs/storage/location_store.h"

namespace fairway {

// All that is stored, which a release with other rules may have written.
struct StoredLocations {
  std::vector<Region> regions;
  std::vector<Port> ports;
};

// What changes make of it: what has to be written, and how it is told. Decided here, so that all
// stores decide alike.
struct MergedLocations {
  LocationChanges writes;  // Only what is new or differs; known ports with their ids.
  int added_count = 0;
  int changed_count = 0;
  int unchanged_count = 0;
};

// INVALID_LOCATION when something is told twice or the result would not hold together;
// TOO_MANY_LOCATIONS.
absl::StatusOr<MergedLocations> MergeLocations(const StoredLocations& stored,
                                               const LocationChanges& changes);

}  // namespace fairway
