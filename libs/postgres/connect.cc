#include "libs/postgres/connect.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"

namespace fairway::postgres {
namespace {

// libpq would print notices to stderr, between the lines of our log.
void IgnoreNotice(void* /*argument*/, const char* /*message*/) {}

ConnectionHandle StartConnecting(const ConnectionOptions& options) {
  const std::vector<std::pair<std::string, std::string>> settings = KeywordValues(options);
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : settings) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  // Without expansion a database name is a name, never a connection string.
  return ConnectionHandle(
      PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/0));
}

int PollTimeoutMillis(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return -1;
  const absl::Duration left = absl::Ceil(deadline - absl::Now(), absl::Milliseconds(1));
  return static_cast<int>(std::clamp<int64_t>(absl::ToInt64Milliseconds(left), 0, INT_MAX));
}

absl::Status WaitForEvents(int socket, int16_t events, absl::Time deadline) {
  if (socket < 0) return absl::UnavailableError("the connection to PostgreSQL is closed");
  pollfd entry = {.fd = socket, .events = events, .revents = 0};
  while (true) {
    const int ready = poll(&entry, 1, PollTimeoutMillis(deadline));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "poll");
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError("PostgreSQL did not answer in time");
    }
  }
}

absl::Status ConnectFailure(const ConnectionOptions& options, absl::string_view reason) {
  return absl::UnavailableError(absl::StrCat("cannot connect to PostgreSQL at ", Describe(options),
                                             ": ", absl::StripSuffix(reason, "\n")));
}

absl::Status FinishConnecting(PGconn* connection, const ConnectionOptions& options,
                              absl::Time deadline) {
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (true) {
    if (next == PGRES_POLLING_OK) return absl::OkStatus();
    if (next == PGRES_POLLING_FAILED) return ConnectFailure(options, PQerrorMessage(connection));
    // The socket may be another one after each step: libpq tries all addresses of a name.
    RETURN_IF_ERROR(WaitForEvents(PQsocket(connection),
                                  next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline));
    next = PQconnectPoll(connection);
  }
}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const { PQfinish(connection); }

absl::StatusOr<ConnectionHandle> Connect(const ConnectionOptions& options, absl::Time deadline) {
  const absl::Time give_up = std::min(deadline, absl::Now() + options.connect_timeout);
  ConnectionHandle connection = StartConnecting(options);
  if (connection == nullptr) return absl::ResourceExhaustedError("no memory for a connection");
  if (PQstatus(connection.get()) == CONNECTION_BAD) {
    return ConnectFailure(options, PQerrorMessage(connection.get()));
  }
  const absl::Status status = FinishConnecting(connection.get(), options, give_up);
  if (absl::IsDeadlineExceeded(status) && give_up < deadline) {
    return ConnectFailure(
        options, absl::StrCat("no answer within ", absl::FormatDuration(options.connect_timeout)));
  }
  RETURN_IF_ERROR(status);
  PQsetNoticeProcessor(connection.get(), IgnoreNotice, nullptr);
  return connection;
}

absl::Status WaitForSocket(const pg_conn* connection, SocketEvent event, absl::Time deadline) {
  const int events = event == SocketEvent::kReadable ? POLLIN : POLLIN | POLLOUT;
  return WaitForEvents(PQsocket(connection), static_cast<int16_t>(events), deadline);
}

absl::StatusOr<bool> WaitForInput(const pg_conn* connection, int wake, absl::Time deadline) {
  std::array<pollfd, 2> entries = {{{.fd = PQsocket(connection), .events = POLLIN, .revents = 0},
                                    {.fd = wake, .events = POLLIN, .revents = 0}}};
  if (entries[0].fd < 0) return absl::UnavailableError("the connection to PostgreSQL is closed");
  while (true) {
    const int ready = poll(entries.data(), entries.size(), PollTimeoutMillis(deadline));
    if (ready < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, "poll");
    if (ready > 0) return entries[1].revents == 0;
    if (absl::Now() >= deadline) return false;
  }
}

}  // namespace fairway::postgres
