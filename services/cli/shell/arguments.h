#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// The reason of UsageError(). Services do not return it.
inline constexpr const char* kUsageReason = "USAGE";

// USAGE: invalid arguments that only the command itself can detect.
absl::Status UsageError(absl::string_view what);

// Validators of CLI11: they return what is wrong with the text, or "".
// A service address: host:port, or another target that gRPC supports.
std::string CheckAddress(const std::string& address);
// A whole number of at least 1.
std::string CheckPositive(const std::string& text);

}  // namespace fairway::cli
