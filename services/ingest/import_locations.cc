#include "services/ingest/import_locations.h"

namespace fairway::ingest {

absl::StatusOr<LocationImport> ImportLocations(LocationStore& locations,
                                               const LocationChanges& changes,
                                               const Deadline& deadline) {
  return locations.Import(changes, deadline);
}

}  // namespace fairway::ingest
