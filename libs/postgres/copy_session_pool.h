#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/copy_session.h"

namespace fairway::postgres {

// A session, and what it answered: see CopySession::QueryValue().
struct AnsweredSession {
  std::unique_ptr<CopySession> session;
  std::optional<std::string> answer;
};

// Keeps a few sessions for bulk transfers from one use to the next. To start one costs PostgreSQL
// milliseconds, and a process that is new faults every shared page in that it touches: a COPY of a
// million prices takes a third longer in it. Thread-safe.
class CopySessionPool {
 public:
  CopySessionPool(ConnectionOptions options, size_t idle_max)
      : options_(std::move(options)), idle_max_(idle_max) {}

  // An idle session, or a new one, that has answered `query`; fails as Open() and QueryValue() do.
  // The server of an idle session may hang: where it does not answer at once, another one is asked.
  absl::StatusOr<AnsweredSession> Take(absl::string_view query, const Deadline& deadline);

  // Keeps a session in which nothing is left open, no lock either; ends any other.
  void GiveBack(std::unique_ptr<CopySession> session);

  // Ends all idle sessions: after one was found dead the others most likely are, too.
  void DropIdle();

 private:
  std::unique_ptr<CopySession> TakeIdle();

  const ConnectionOptions options_;
  const size_t idle_max_;
  std::mutex mutex_;
  // The one used last is used next.
  std::vector<std::unique_ptr<CopySession>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace fairway::postgres
