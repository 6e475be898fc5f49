#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/postgres/connect.h"
#include "libs/postgres/connection_options.h"

namespace fairway::postgres {

// Listens to one channel, on a session of its own that it opens, and opens again when it is lost.
// Notifications are hints: what was said while nobody listened is lost, so a new session counts as
// news, and many notifications at once are one. One thread at a time, but for Wake().
class Listener {
 public:
  // `channel` is an SQL identifier.
  Listener(ConnectionOptions options, std::string channel);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Waits for news. False when there were none until `deadline`, or Wake() was called. UNAVAILABLE
  // when the session was lost or cannot be opened; DEADLINE_EXCEEDED while opening it.
  absl::StatusOr<bool> Wait(absl::Time deadline);

  // Ends a waiting, and every one that follows. Any thread.
  void Wake();

 private:
  absl::Status Open(absl::Time deadline);
  bool TakeNotifications();

  const ConnectionOptions options_;
  const std::string channel_;
  const int wake_event_;
  ConnectionHandle connection_;
};

}  // namespace fairway::postgres
