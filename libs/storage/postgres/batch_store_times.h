#pragma once

#include "absl/time/time.h"

namespace fairway {

// How long a PostgresBatchStore and its writers wait, whatever the deadlines of their callers.
struct BatchStoreTimes {
  // An attempt that has ended may hold its lock until the server notices the end of its session.
  absl::Duration lock_wait_max = absl::Seconds(5);
  // How long a session may take to say whether it has a lock, over and above waiting for the lock.
  absl::Duration answer_max = absl::Seconds(5);
  // Long enough for a failover of the database.
  absl::Duration commit_max = absl::Seconds(60);
  // An attempt to commit on a server that hangs ends after this, and the next one may find another
  // server.
  absl::Duration commit_attempt_max = absl::Seconds(10);
};

}  // namespace fairway
