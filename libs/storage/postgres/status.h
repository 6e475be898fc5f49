#pragma once

#include "absl/status/status.h"

namespace fairway {

// What libs/postgres and the readers of rows return, as the store contracts report it:
// DEADLINE_EXCEEDED, CANCELLED, DATABASE_UNAVAILABLE, or INTERNAL. The original message becomes the
// cause, for the log alone. An error that already has a reason stays as it is.
absl::Status ToStoreStatus(const absl::Status& status);

}  // namespace fairway
