#pragma once

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"

#include "libs/storage/location_store.h"

namespace fairway::ingest {

// Every field that is wrong, at once: INVALID_LOCATION for a malformed port code or region slug, or
// a port without parent, INVALID_REQUEST for a name that is empty, too long or holds a NUL, and
// where there is nothing to import. TOO_MANY_LOCATIONS. Whether the tree holds together is for the
// store to say.
absl::StatusOr<LocationChanges> ParseImportLocationsRequest(
    const v1::ImportLocationsRequest& request);

}  // namespace fairway::ingest
