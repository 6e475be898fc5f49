#pragma once

#include "absl/strings/string_view.h"

namespace fairway::rpc {

// Of gRPC's name for the other end of a connection ("ipv4:10.1.2.3:4711"), which differs between
// connections, what they have in common when they come from one address: all but the port.
absl::string_view AddressOf(absl::string_view peer);

}  // namespace fairway::rpc
