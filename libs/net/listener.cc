#include "libs/net/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/net/address.h"

namespace fairway::net {
namespace {

// A connection whose data is not acknowledged for this time is lost.
constexpr unsigned int kUserTimeoutMillis = 20'000;
// How soon to try again where there was no descriptor: nothing reports that one is free.
constexpr int kRetryMillis = 50;

void SetOption(int fd, int level, int option, unsigned int value) {
  setsockopt(fd, level, option, &value, sizeof(value));
}

// A listening socket; none, with errno, when that cannot be. `alone`: it is the only one, so that
// an IPv6 socket is to take IPv4, too.
Descriptor Listen(const addrinfo& address, bool alone) {
  Descriptor fd(socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return fd;
  SetOption(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  SetOption(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, kUserTimeoutMillis);
  if (address.ai_family == AF_INET6) {
    SetOption(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, alone ? 0 : 1);
  }
  if (bind(fd.get(), address.ai_addr, address.ai_addrlen) != 0) return Descriptor();
  if (listen(fd.get(), SOMAXCONN) != 0) return Descriptor();
  return fd;
}

int PortOf(int fd) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

// The first address decides which port "any" is.
void SetPort(addrinfo& address, int port) {
  const auto wire = htons(static_cast<uint16_t>(port));
  if (address.ai_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_port = wire;
  } else {
    reinterpret_cast<sockaddr_in*>(address.ai_addr)->sin_port = wire;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Bind(absl::string_view address,
                                                         int descriptors_max) {
  const auto addresses = Resolve(address);
  if (!addresses.ok()) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", addresses.status().message()));
  }
  std::vector<Descriptor> sockets;
  int port = 0;
  for (addrinfo* each = addresses->get(); each != nullptr; each = each->ai_next) {
    if (port != 0) SetPort(*each, port);
    Descriptor socket = Listen(*each, /*alone=*/(*addresses)->ai_next == nullptr);
    if (socket.get() < 0) continue;  // This machine may lack IPv6.
    port = PortOf(socket.get());
    sockets.push_back(std::move(socket));
  }
  Descriptor stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (sockets.empty() || stop.get() < 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", std::strerror(errno)));
  }
  return std::unique_ptr<Listener>(
      new Listener(std::move(sockets), port, std::move(stop), descriptors_max));
}

Listener::Listener(std::vector<Descriptor> sockets, int port, Descriptor stop, int descriptors_max)
    : sockets_(std::move(sockets)),
      port_(port),
      stop_(std::move(stop)),
      descriptors_max_(descriptors_max) {}

Listener::~Listener() { Stop(); }

void Listener::Stop() {
  if (!thread_.joinable()) return;
  eventfd_write(stop_.get(), 1);
  thread_.join();
  sockets_.clear();
}

void Listener::Start(std::function<void(int, int)> take) {
  take_ = std::move(take);
  thread_ = std::thread([this] { Run(); });
}

void Listener::Run() {
  std::vector<pollfd> polled = {{stop_.get(), POLLIN, 0}};
  for (const Descriptor& socket : sockets_) polled.push_back({socket.get(), POLLIN, 0});
  while (true) {
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    if (polled[0].revents != 0) return;
    for (size_t i = 1; i < polled.size(); ++i) {
      if (polled[i].revents != 0 && !Accept(polled[i].fd)) poll(polled.data(), 1, kRetryMillis);
    }
  }
}

bool Listener::Accept(int listening) {
  Descriptor accepted(accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted.get() < 0) {
    return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
  }
  // A new descriptor is the lowest that is free, so its number shows how many are open.
  if (accepted.get() >= descriptors_max_) {
    ++refused_;
    return true;
  }
  SetOption(accepted.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  take_(listening, accepted.Release());
  return true;
}

}  // namespace fairway::net
