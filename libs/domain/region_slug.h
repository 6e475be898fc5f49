#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway {

// A region is named by a slug such as north_europe_main: a lower-case letter, then lower-case
// letters, digits, '_' or '-', 63 at most. No slug can be mistaken for a port code.
bool IsValidRegionSlug(absl::string_view text);

// INVALID_LOCATION, naming `field`, unless `text` is one.
absl::Status CheckRegionSlug(absl::string_view field, absl::string_view text);

}  // namespace fairway
