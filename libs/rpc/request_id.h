#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace fairway::rpc {

// The metadata key a request id comes in and goes out with.
inline constexpr absl::string_view kRequestIdKey = "x-request-id";

// `given` when it is 1 to 64 of [A-Za-z0-9._-], else a new random one: what a client sends ends up
// in logs.
std::string RequestIdOrNew(absl::string_view given);

}  // namespace fairway::rpc
