#pragma once

#include "absl/status/status.h"

#include "libs/domain/dataset_version.h"

namespace fairway {

// Whether the version `asked` exists when `newest` is the newest. Decided here, so that all readers
// agree. VERSION_PURGED for a version of a lost history, which has an identity and is beyond the
// newest; VERSION_UNKNOWN when it is far beyond; else VERSION_NOT_YET_VISIBLE.
absl::Status CheckReached(const VersionId& asked, const VersionId& newest);

}  // namespace fairway
