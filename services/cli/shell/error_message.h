#pragma once

#include <string>

#include "absl/status/status.h"

namespace fairway::cli {

// The message of an error in terms of the command: options in place of the request fields and
// methods that services name.
std::string UserMessage(const absl::Status& status);

// Prints "fairway: MESSAGE (REASON)" and the invalid fields on standard error.
void PrintError(const absl::Status& status);

}  // namespace fairway::cli
