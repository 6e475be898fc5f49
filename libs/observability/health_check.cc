#include "libs/observability/health_check.h"

#include <sys/socket.h>

#include <array>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "libs/base/status_macros.h"
#include "libs/net/address.h"
#include "libs/net/descriptor.h"

namespace fairway::observability {
namespace {

constexpr size_t kReplyBytesMax = 8 << 10;

// Where a service that listens on all addresses can be reached from here.
std::string HostOf(absl::string_view listening) {
  if (listening.empty() || listening == "0.0.0.0" || listening == "[::]") return "127.0.0.1";
  return std::string(listening);
}

// Connected, or none. Nothing done with it takes longer than `time_max`.
net::Descriptor Connect(const addrinfo& address, absl::Duration time_max) {
  net::Descriptor fd(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval timeout = absl::ToTimeval(time_max);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  if (connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) return net::Descriptor();
  return fd;
}

// All that comes back, up to a size that no answer has; empty when there is no answer.
std::string Ask(const net::Descriptor& server, absl::string_view request) {
  if (send(server.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return "";
  std::string reply;
  std::array<char, 1024> buffer;
  while (reply.size() < kReplyBytesMax) {
    const ssize_t size = recv(server.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) break;
    reply.append(buffer.data(), static_cast<size_t>(size));
  }
  return reply;
}

}  // namespace

absl::Status CheckHealth(absl::string_view address, absl::Duration time_max) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) {
    return absl::InvalidArgumentError(absl::StrCat("not host:port: ", address));
  }
  const std::string host = HostOf(address.substr(0, colon));
  ASSIGN_OR_RETURN(const net::Addresses addresses,
                   net::Resolve(absl::StrCat(host, address.substr(colon))));
  const net::Descriptor server = Connect(*addresses, time_max);
  const std::string reply =
      Ask(server, absl::StrCat("GET /readyz HTTP/1.0\r\nHost: ", host, "\r\n\r\n"));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(reply, absl::MaxSplits("\r\n\r\n", 1));
  if (!absl::StartsWith(reply, "HTTP/1.")) {
    return absl::UnavailableError(absl::StrCat("no answer from ", address));
  }
  if (reply.substr(sizeof("HTTP/1.1"), 3) == "200") return absl::OkStatus();
  return absl::UnavailableError(absl::StripAsciiWhitespace(parts.second));
}

}  // namespace fairway::observability
