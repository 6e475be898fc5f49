#pragma once

#include "absl/status/status.h"

namespace fairway::cli {

// LOCATION_NOT_FOUND with advice in its message: where the known ones are listed, and the
// upper-case form of what would be a port code then. Other errors are returned as they are.
absl::Status WithLocationHint(const absl::Status& error);

}  // namespace fairway::cli
