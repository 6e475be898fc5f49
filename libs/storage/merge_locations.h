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

// The result of changes: what has to be written, and the counts to report. Computed here, so that
// all stores agree.
struct MergedLocations {
  LocationChanges writes;  // Only what is new or differs; known ports with their ids.
  int added_count = 0;
  int changed_count = 0;
  int unchanged_count = 0;
};

// INVALID_LOCATION when a region or port is given twice or the result is no tree, naming the change
// that is to blame ("regions[3].parent"); TOO_MANY_LOCATIONS.
absl::StatusOr<MergedLocations> MergeLocations(const StoredLocations& stored,
                                               const LocationChanges& changes);

}  // namespace fairway
