#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "fairway/v1/price_ingest_service.pb.h"
#include "fairway/v1/rate_query_service.pb.h"

#include "libs/price_files/location_file.h"
#include "services/cli/shell/session.h"

namespace fairway::cli {

// Lists all locations that match `request`, page by page; its page fields are ignored.
absl::StatusOr<std::vector<v1::Location>> ListAllLocations(Session& session,
                                                           v1::ListLocationsRequest request);

// The request that imports the locations of a file or a dump.
v1::ImportLocationsRequest ImportRequestOf(const price_files::LocationFile& file);

}  // namespace fairway::cli
