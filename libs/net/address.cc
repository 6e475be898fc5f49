#include "libs/net/address.h"

#include <sys/socket.h>

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace fairway::net {
namespace {

constexpr int kPortMax = 65'535;

}  // namespace

absl::StatusOr<Addresses> Resolve(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("not host:port: ", address));
  }
  absl::string_view host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const std::string port(address.substr(colon + 1));
  // getaddrinfo() takes numbers beyond 65535 modulo that, and none for 0.
  if (int number; !absl::SimpleAtoi(port, &number) || number < 0 || number > kPortMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(address, ": the port is not a number from 0 to ", kPortMax));
  }
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(host.empty() ? nullptr : std::string(host).c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    return absl::InvalidArgumentError(absl::StrCat(address, ": ", gai_strerror(error)));
  }
  return Addresses(found);
}

}  // namespace fairway::net
