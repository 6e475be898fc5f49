#pragma once

#include "absl/status/status.h"

#include "libs/domain/dataset_version.h"

namespace fairway {

// Whether a version that is asked for can be there when `newest` is the newest: decided here, so
// that all readers decide alike. VERSION_PURGED for a version that once was, by its identity, and
// is beyond the newest now; VERSION_UNKNOWN when it is far beyond; else VERSION_NOT_YET_VISIBLE.
absl::Status CheckReached(const VersionId& asked, const VersionId& newest);

}  // namespace fairway
