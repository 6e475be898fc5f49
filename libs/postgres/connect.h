#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/postgres/connection_options.h"

struct pg_conn;

// Opening a libpq connection and waiting for its socket. For the .cc files of this folder.
namespace fairway::postgres {

struct CloseConnection {
  void operator()(pg_conn* connection) const;
};
using ConnectionHandle = std::unique_ptr<pg_conn, CloseConnection>;

// Opens a session. Resolving a host name is the one step that may outlast `deadline`.
// UNAVAILABLE when there is no such server, it refuses us, or it does not answer within
// connect_timeout; DEADLINE_EXCEEDED when `deadline` came first.
absl::StatusOr<ConnectionHandle> Connect(const ConnectionOptions& options, absl::Time deadline);

enum class SocketEvent { kReadable, kReadableOrWritable };

// Waits until `connection`'s socket is ready. DEADLINE_EXCEEDED or UNAVAILABLE (no socket left).
absl::Status WaitForSocket(const pg_conn* connection, SocketEvent event, absl::Time deadline);

// Waits until `connection` has something to read (true), or until the descriptor `wake` has, or
// `deadline` (false). UNAVAILABLE (no socket left).
absl::StatusOr<bool> WaitForInput(const pg_conn* connection, int wake, absl::Time deadline);

}  // namespace fairway::postgres
