#pragma once

#include "absl/status/status.h"

namespace fairway {

// What libs/postgres reports, as the store contracts tell it: DEADLINE_EXCEEDED, CANCELLED,
// DATABASE_UNAVAILABLE, or INTERNAL. The server's own words become the cause, for the log alone.
// An error that already has a reason stays as it is.
absl::Status ToStoreStatus(const absl::Status& status);

}  // namespace fairway
