#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fairway::cli {

// The reason of UsageError(). Services do not return it.
inline constexpr const char* kUsageReason = "USAGE";

// USAGE: invalid arguments that only the command itself can detect.
absl::Status UsageError(absl::string_view what);

// The command line with "help rates" as "rates --help", which is how people ask other commands.
std::vector<const char*> HelpAsOption(int argc, const char* const* argv);

// Validators of CLI11: they return what is wrong with the text, or "".
// A service address: host:port, or another target that gRPC supports.
std::string CheckAddress(const std::string& address);
// A whole number of at least 1.
std::string CheckPositive(const std::string& text);

}  // namespace fairway::cli
