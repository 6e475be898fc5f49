#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace fairway::fuzz {

// The encoded messages of an upload.
using Stream = std::vector<std::string>;

// The messages as gRPC frames them in the body of a call: a flag, the length, the bytes.
std::string Frame(const Stream& stream);

// The messages that a gRPC server reads from a body. It reports a message that is cut, or whose
// flag or length makes no sense, as the end.
Stream Unframe(absl::string_view body);

}  // namespace fairway::fuzz
