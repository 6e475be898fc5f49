#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway {

// What is wrong with a region or a port by itself, every field of it at once: INVALID_LOCATION for
// its slug or code, or a port without parent; INVALID_REQUEST for a name that is empty, too long
// or holds a NUL. Whether the parent exists, and the tree holds together, depends on other
// locations: LocationTree. `path`: of the location, such as "regions[3]"; it begins the field
// paths.
absl::Status CheckRegion(absl::string_view path, absl::string_view slug, absl::string_view name);
absl::Status CheckPort(absl::string_view path, absl::string_view code, absl::string_view name,
                       absl::string_view parent);

}  // namespace fairway
