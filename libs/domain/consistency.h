#pragma once

#include <variant>

#include "absl/time/time.h"

#include "libs/domain/dataset_version.h"

namespace fairway {

// The newest version the reader holds.
struct NewestHeld {};
// This version or a later one of its history. Without an identity, of any history.
struct AtLeast {
  VersionId version;
};
// This version, however old. Locations are the current ones all the same.
struct Exactly {
  VersionId version;
};
// A version that was the newest one at some moment not longer ago than this.
struct MaxStaleness {
  absl::Duration duration;
};

// How fresh an answer must be.
using Consistency = std::variant<NewestHeld, AtLeast, Exactly, MaxStaleness>;

}  // namespace fairway
