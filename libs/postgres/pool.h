#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"
#include "libs/postgres/watchdog.h"

namespace pqxx {
class connection_base;
}

namespace fairway::postgres {

class Pool;
class Session;

// A connection on loan from a Pool, which gets it back when this object goes, or closes it when it
// is broken. For one thread at a time.
class PooledConnection {
 public:
  PooledConnection(PooledConnection&& other) noexcept;
  PooledConnection& operator=(PooledConnection&&) = delete;
  ~PooledConnection();

  pqxx::connection_base& operator*() const;
  bool is_open() const;
  // True when this loan is the connection's first: what fails on it is no leftover of an outage.
  bool is_new() const { return is_new_; }
  // Closes the connection instead of giving it back.
  void Discard() { discarded_ = true; }

 private:
  friend class Interruption;
  friend class Pool;
  PooledConnection(Pool* pool, std::unique_ptr<Session> session, bool is_new);

  Pool* pool_;
  std::unique_ptr<Session> session_;
  bool is_new_;
  bool discarded_ = false;
};

// A bounded set of connections to one database, opened when they are needed and kept for the next
// caller. Owns the idle ones, and the watchdog that ends waits on those on loan; must outlive its
// loans. Thread-safe.
class Pool {
 public:
  struct Options {
    ConnectionOptions connection;
    int connections_max = 8;
    // However much time a caller has: waiting longer than this for a connection means overload.
    absl::Duration wait_max = absl::Seconds(5);
  };

  // For gauges. in_use counts connections being opened too.
  struct Counts {
    int in_use = 0;
    int idle = 0;
    int waiting = 0;
    int max = 0;  // The limit of in_use.
  };

  explicit Pool(Options options);
  ~Pool();

  // DEADLINE_EXCEEDED or CANCELLED when no connection came free before that; UNAVAILABLE when none
  // came free within wait_max, or the database cannot be reached.
  absl::StatusOr<PooledConnection> Acquire(const Deadline& deadline);

  // Closes all idle connections: after one was found dead the others most likely are, too.
  void DropIdle();

  Counts counts() const;

 private:
  friend class Interruption;
  friend class PooledConnection;
  using Sessions = std::vector<std::unique_ptr<Session>>;

  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status WaitForRoom(std::unique_lock<std::mutex>& lock, const Deadline& deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveBack(std::unique_ptr<Session> session, bool keep);

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Sessions idle_ ABSL_GUARDED_BY(mutex_);  // The one used last is used next.
  int in_use_ ABSL_GUARDED_BY(mutex_) = 0;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  Watchdog watchdog_;
};

}  // namespace fairway::postgres
