#pragma once

#include <atomic>
#include <functional>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/watchdog.h"

// For the .cc files of this folder.
namespace fairway::postgres {

// Ends a wait on a connection by ending its session, because libpq has no timeout: at once when the
// deadline is cancelled, and shortly after its time, so that a healthy server can end its
// statement itself and keep the session.
class Interruption {
 public:
  Interruption(PooledConnection& connection, const Deadline& deadline);

  // Until then the server has to answer, if that comes before the deadline.
  void AnswerBy(absl::Time time);
  // Only the deadline counts again.
  void Answered();

  bool happened() const { return happened_; }

 private:
  absl::Time end() const;
  void Interrupt();

  Session& session_;
  const Deadline deadline_;
  std::atomic<bool> happened_ = false;
  // The last members, destroyed first: they call the members above.
  Watchdog::Alarm alarm_;
  std::stop_callback<std::function<void()>> on_cancelled_;
};

}  // namespace fairway::postgres
