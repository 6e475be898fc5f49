#pragma once

#include <poll.h>

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "libs/base/deadline.h"
#include "libs/postgres/stop_event.h"

// For the .cc files of this folder.
namespace fairway::postgres {

// Waits for sockets, never longer than a Deadline allows. One thread at a time.
class SocketWaiter {
 public:
  explicit SocketWaiter(Deadline deadline)
      : deadline_(std::move(deadline)), stop_event_(deadline_.stop()) {}

  const Deadline& deadline() const { return deadline_; }

  // Waits until one of `sockets` is ready, which its revents say (true), or until `until` (false).
  // DEADLINE_EXCEEDED; CANCELLED.
  absl::StatusOr<bool> WaitForAny(absl::Span<pollfd> sockets, absl::Time until) const;

  // The same for one. UNAVAILABLE when there is no socket any more.
  absl::StatusOr<bool> Wait(int socket, int events,
                            absl::Time until = absl::InfiniteFuture()) const;

 private:
  const Deadline deadline_;
  const StopEvent stop_event_;
};

}  // namespace fairway::postgres
