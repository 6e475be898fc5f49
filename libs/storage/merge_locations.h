#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "libs/domain/location_tree.h"
#include "libs/storage/location_store.h"

namespace fairway {

// What changes make of a tree: what has to be written, and how it is told. Decided here, so that
// all stores decide alike.
struct MergedLocations {
  LocationChanges writes;  // Only what is new or differs; known ports with their ids.
  int added_count = 0;
  int changed_count = 0;
  int unchanged_count = 0;
};

// INVALID_LOCATION when something is told twice or the result would not hold together;
// TOO_MANY_LOCATIONS.
absl::StatusOr<MergedLocations> MergeLocations(const LocationTree& tree,
                                               const LocationChanges& changes);

}  // namespace fairway
