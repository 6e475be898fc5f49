#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/domain/dataset_version.h"
#include "libs/domain/location.h"
#include "libs/domain/location_tree.h"

namespace fairway {

// Reads the ports and regions. Thread-safe.
class LocationReader {
 public:
  virtual ~LocationReader() = default;

  // The current tree; shared with other callers, and cheap while it does not change.
  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<std::shared_ptr<const LocationTree>> ReadTree(
      const Deadline& deadline) = 0;
};

// Regions and ports to add, or to change where the slug or code is known. Port ids are ignored.
struct LocationChanges {
  std::vector<Region> regions;
  std::vector<Port> ports;
};

struct LocationImport {
  VersionId version;  // The version that has the changes.
  int added_count = 0;
  int changed_count = 0;
  int unchanged_count = 0;
};

// Reads and changes the ports and regions. Thread-safe.
class LocationStore : public LocationReader {
 public:
  // All changes or none; a new version unless nothing changes. Nothing is ever deleted.
  // INVALID_LOCATION when the tree would not hold together; TOO_MANY_LOCATIONS;
  // DEADLINE_EXCEEDED; DATABASE_UNAVAILABLE.
  virtual absl::StatusOr<LocationImport> Import(const LocationChanges& changes,
                                                const Deadline& deadline) = 0;
};

}  // namespace fairway
