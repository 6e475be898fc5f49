#include "libs/postgres/socket_waiter.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"

namespace fairway::postgres {
namespace {

int PollTimeoutMillis(absl::Time until) {
  if (until == absl::InfiniteFuture()) return -1;
  const absl::Duration left = absl::Ceil(until - absl::Now(), absl::Milliseconds(1));
  return static_cast<int>(std::clamp<int64_t>(absl::ToInt64Milliseconds(left), 0, INT_MAX));
}

}  // namespace

absl::StatusOr<bool> SocketWaiter::WaitForAny(absl::Span<pollfd> sockets, absl::Time until) const {
  const absl::Time end = std::min(until, deadline_.time());
  std::vector<pollfd> entries(sockets.begin(), sockets.end());
  entries.push_back({.fd = stop_event_.fd(), .events = POLLIN, .revents = 0});
  while (true) {
    if (deadline_.cancelled()) return deadline_.Check();
    const int ready = poll(entries.data(), entries.size(), PollTimeoutMillis(end));
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "poll");
    if (ready > 0 && entries.back().revents == 0) {
      std::copy(entries.begin(), entries.end() - 1, sockets.begin());
      return true;
    }
    if (ready > 0 || absl::Now() < end) continue;
    if (end < deadline_.time()) return false;
    return absl::DeadlineExceededError("PostgreSQL did not answer in time");
  }
}

absl::StatusOr<bool> SocketWaiter::Wait(int socket, int events, absl::Time until) const {
  if (socket < 0) return absl::UnavailableError("the connection to PostgreSQL is closed");
  pollfd entry = {.fd = socket, .events = static_cast<int16_t>(events), .revents = 0};
  return WaitForAny(absl::MakeSpan(&entry, 1), until);
}

}  // namespace fairway::postgres
