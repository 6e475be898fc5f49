#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "libs/base/deadline.h"
#include "libs/postgres/connection_options.h"

struct pg_conn;

// Opening a libpq connection. Inside this folder only; session.h, copy_session.h and
// notification_listener.h keep the handle.
namespace fairway::postgres {

struct CloseConnection {
  void operator()(pg_conn* connection) const;
};
using ConnectionHandle = std::unique_ptr<pg_conn, CloseConnection>;

// The beginning of a session with the one host of `options`, for PQconnectPoll(). `address`: of the
// host; looked up, which blocks, where it is empty and the host is a name.
ConnectionHandle StartConnecting(const ConnectionOptions& options, const std::string& address = "");

// Opens a session with the first host that accepts one. The next host is tried when the one before
// it refuses, or after a moment of silence, while that keeps its time: a silent host costs no more
// than the moment. The host that accepted is tried first from then on.
// UNAVAILABLE when there is no such server, it refuses us, or it does not answer within
// connect_timeout; DEADLINE_EXCEEDED or CANCELLED when that came first.
absl::StatusOr<ConnectionHandle> Connect(const ConnectionOptions& options,
                                         const Deadline& deadline);

}  // namespace fairway::postgres
