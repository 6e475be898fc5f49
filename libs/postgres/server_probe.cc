#include "libs/postgres/server_probe.h"

#include <libpq-fe.h>
#include <poll.h>

#include <string>

#include "absl/strings/string_view.h"

#include "libs/postgres/connect.h"
#include "libs/postgres/socket_waiter.h"

namespace fairway::postgres {
namespace {

// The very server, by its address: its name, which its certificate has, may belong to another one
// by now.
ConnectionHandle AskForSession(const pg_conn* connection, ConnectionOptions options) {
  options.host = PQhost(connection);
  options.port = PQport(connection);
  return StartConnecting(options, std::string(absl::NullSafeStringView(PQhostaddr(connection))));
}

}  // namespace

bool ServerAnswers(const pg_conn* connection, const ConnectionOptions& options,
                   const Deadline& deadline) {
  const SocketWaiter waiter(deadline);
  const ConnectionHandle session = AskForSession(connection, options);
  bool is_asked = false;
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_WRITING || next == PGRES_POLLING_READING) {
    if (PQstatus(session.get()) == CONNECTION_BAD) return false;
    const int event = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    if (!waiter.Wait(PQsocket(session.get()), event).ok()) return false;
    next = PQconnectPoll(session.get());
    is_asked = is_asked || PQstatus(session.get()) == CONNECTION_AWAITING_RESPONSE;
  }
  return next == PGRES_POLLING_OK || is_asked;
}

}  // namespace fairway::postgres
