#pragma once

#include <string>

#include "absl/status/status.h"

namespace fairway::cli {

// The message of an error for whoever typed a command: a service names its methods and the fields
// of its messages, people know commands and options.
std::string MessageForPeople(const absl::Status& status);

}  // namespace fairway::cli
