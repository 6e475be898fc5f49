#include "libs/postgres/pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/check.h"
#include "libs/base/status_macros.h"
#include "libs/base/wait_until.h"
#include "libs/postgres/connect.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/session.h"

namespace fairway::postgres {
namespace {

absl::StatusOr<std::unique_ptr<Session>> OpenSession(const ConnectionOptions& options,
                                                     const Deadline& deadline) {
  ASSIGN_OR_RETURN(ConnectionHandle connection, Connect(options, deadline));
  try {
    return std::make_unique<Session>(std::move(connection));
  } catch (...) {
    return StatusFromCurrentException();
  }
}

}  // namespace

PooledConnection::PooledConnection(Pool* pool, std::unique_ptr<Session> session, bool is_new)
    : pool_(pool), session_(std::move(session)), is_new_(is_new) {}

PooledConnection::PooledConnection(PooledConnection&& other) noexcept = default;

PooledConnection::~PooledConnection() {
  if (session_ == nullptr) return;  // Moved away.
  const bool keep = !discarded_ && session_->is_open();
  // Closing properly sends a message, which would wait for a server that does not read.
  if (!keep) session_->Interrupt();
  pool_->GiveBack(std::move(session_), keep);
}

pqxx::connection_base& PooledConnection::operator*() const { return *session_; }

bool PooledConnection::is_open() const { return session_->is_open(); }

Pool::Pool(Options options) : options_(std::move(options)) {
  FAIRWAY_CHECK(options_.connections_max > 0);
}

Pool::~Pool() {
  const std::lock_guard lock(mutex_);
  FAIRWAY_CHECK(in_use_ == 0);
}

absl::StatusOr<PooledConnection> Pool::Acquire(const Deadline& deadline) {
  {
    std::unique_lock lock(mutex_);
    RETURN_IF_ERROR(WaitForRoom(lock, deadline));
    ++in_use_;
    if (!idle_.empty()) {
      std::unique_ptr<Session> session = std::move(idle_.back());
      idle_.pop_back();
      return PooledConnection(this, std::move(session), /*is_new=*/false);
    }
  }
  absl::StatusOr<std::unique_ptr<Session>> session = OpenSession(options_.connection, deadline);
  if (!session.ok()) {
    GiveBack(nullptr, /*keep=*/false);
    return session.status();
  }
  return PooledConnection(this, *std::move(session), /*is_new=*/true);
}

bool Pool::HasRoom() const { return !idle_.empty() || in_use_ < options_.connections_max; }

absl::Status Pool::WaitForRoom(std::unique_lock<std::mutex>& lock, const Deadline& deadline) {
  const Deadline give_up = deadline.NotAfter(absl::Now() + options_.wait_max);
  ++waiting_;
  const bool has_room = WaitUntil(changed_, lock, give_up, [this] { return HasRoom(); });
  --waiting_;
  if (has_room) return absl::OkStatus();
  if (deadline.cancelled()) return deadline.Check();
  if (give_up.time() == deadline.time()) {
    return absl::DeadlineExceededError("no database connection came free in time");
  }
  return absl::UnavailableError(absl::StrCat("all ", options_.connections_max,
                                             " database connections were busy for ",
                                             absl::FormatDuration(options_.wait_max)));
}

void Pool::GiveBack(std::unique_ptr<Session> session, bool keep) {
  // Closing a session talks to the network, so a session that is not kept is destroyed (as the
  // parameter it is) after the lock.
  const std::lock_guard lock(mutex_);
  --in_use_;
  if (keep) idle_.push_back(std::move(session));
  changed_.notify_one();
}

void Pool::DropIdle() {
  Sessions dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

Pool::Counts Pool::counts() const {
  const std::lock_guard lock(mutex_);
  return {.in_use = in_use_,
          .idle = static_cast<int>(idle_.size()),
          .waiting = waiting_,
          .max = options_.connections_max};
}

}  // namespace fairway::postgres
