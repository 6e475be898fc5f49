#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connect.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/socket_waiter.h"

namespace fairway::postgres {

// Listens to one channel, on a session of its own that it opens, and reopens when it is lost.
// Notifications are hints: those sent while no session listens are lost, so a new session counts as
// one, and several at once are one. A silent session is probed now and then. One thread at a time.
class NotificationListener {
 public:
  // `channel` is an SQL identifier. After `silence_max` without a word the server is asked whether
  // it lives: one that hangs says as little as one that has nothing to say.
  NotificationListener(ConnectionOptions options, std::string channel,
                       absl::Duration silence_max = absl::Seconds(10));
  NotificationListener(const NotificationListener&) = delete;
  NotificationListener& operator=(const NotificationListener&) = delete;

  // Waits for a notification. False when none came until the deadline or its cancellation.
  // UNAVAILABLE when the session was lost or cannot be opened; DEADLINE_EXCEEDED or CANCELLED while
  // opening it.
  absl::StatusOr<bool> Wait(const Deadline& deadline);

 private:
  absl::Status Open(const SocketWaiter& waiter);
  absl::Status Listen(pg_conn* connection, const SocketWaiter& waiter);
  absl::StatusOr<bool> AwaitNotification(const SocketWaiter& waiter);
  bool TakeNotifications();

  const ConnectionOptions options_;
  const std::string channel_;
  const absl::Duration silence_max_;
  ConnectionHandle connection_;
  absl::Time last_heard_ = absl::InfinitePast();
};

}  // namespace fairway::postgres
