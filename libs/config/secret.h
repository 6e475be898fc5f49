#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace fairway::config {

// A secret from the environment variable NAME, or from the file that NAME_FILE names (one trailing
// newline is not part of it); "" when neither is set. There are no flags for secrets: every user of
// the machine can read a command line. INVALID_ARGUMENT when both are set, NOT_FOUND when the file
// cannot be read.
absl::StatusOr<std::string> ReadSecret(const std::string& name);

}  // namespace fairway::config
