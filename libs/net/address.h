#pragma once

#include <netdb.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace fairway::net {

struct AddressesDeleter {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;

// What "host:port" stands for: a name, an IPv4 address or an IPv6 one in brackets; an empty host is
// every address of the machine. INVALID_ARGUMENT when it is not that, or not known.
absl::StatusOr<Addresses> Resolve(absl::string_view address);

}  // namespace fairway::net
