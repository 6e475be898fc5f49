#pragma once

#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connect.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/socket_waiter.h"

namespace fairway::postgres {

// Listens to one channel, on a session of its own that it opens, and opens again when it is lost.
// Notifications are hints: what was said while nobody listened is lost, so a new session counts as
// news, and many notifications at once are one. A session that has been silent is asked now and
// then whether it still lives. One thread at a time, but for Wake().
class Listener {
 public:
  // `channel` is an SQL identifier. After `silence_max` without a word the server is asked whether
  // it lives: one that hangs says as little as one that has nothing to say.
  Listener(ConnectionOptions options, std::string channel,
           absl::Duration silence_max = absl::Seconds(10));
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Waits for news. False when there were none until the deadline or its cancellation, or Wake()
  // was called. UNAVAILABLE when the session was lost or cannot be opened; DEADLINE_EXCEEDED or
  // CANCELLED (Wake(), too) while opening it.
  absl::StatusOr<bool> Wait(const Deadline& deadline);

  // Ends a waiting, and every one that follows. Any thread.
  void Wake() { wake_.request_stop(); }

 private:
  absl::Status Open(const SocketWaiter& waiter);
  absl::Status Listen(pg_conn* connection, const SocketWaiter& waiter);
  absl::StatusOr<bool> AwaitNotification(const SocketWaiter& waiter);
  bool TakeNotifications();

  const ConnectionOptions options_;
  const std::string channel_;
  const absl::Duration silence_max_;
  std::stop_source wake_;
  ConnectionHandle connection_;
  absl::Time last_heard_ = absl::InfinitePast();
};

}  // namespace fairway::postgres
