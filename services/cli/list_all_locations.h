#pragma once

#include <vector>

#include "absl/status/statusor.h"

#include "services/cli/session.h"

namespace fairway::cli {

// All pages of a listing; the page fields of `request` are ignored.
absl::StatusOr<std::vector<v1::Location>> ListAllLocations(Session& session,
                                                           v1::ListLocationsRequest request);

}  // namespace fairway::cli
