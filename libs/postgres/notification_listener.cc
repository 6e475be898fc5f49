#include "libs/postgres/notification_listener.h"

#include <libpq-fe.h>
#include <poll.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"

namespace fairway::postgres {
namespace {

constexpr absl::Duration kListenAnswerMax = absl::Seconds(1);

absl::Status LostSession(const pg_conn* connection) {
  return absl::UnavailableError(PQerrorMessage(connection));
}

}  // namespace

NotificationListener::NotificationListener(ConnectionOptions options, std::string channel,
                                           absl::Duration silence_max)
    : options_(std::move(options)), channel_(std::move(channel)), silence_max_(silence_max) {}

absl::StatusOr<bool> NotificationListener::Wait(const Deadline& deadline) {
  const SocketWaiter waiter(deadline);
  if (connection_ == nullptr) {
    RETURN_IF_ERROR(Open(waiter));
    return true;
  }
  absl::StatusOr<bool> news = AwaitNotification(waiter);
  if (absl::IsDeadlineExceeded(news.status()) || absl::IsCancelled(news.status())) return false;
  if (!news.ok()) connection_.reset();
  return news;
}

absl::StatusOr<bool> NotificationListener::AwaitNotification(const SocketWaiter& waiter) {
  while (!TakeNotifications()) {
    const absl::Time ask = last_heard_ + silence_max_;
    ASSIGN_OR_RETURN(const bool readable, waiter.Wait(PQsocket(connection_.get()), POLLIN, ask));
    if (!readable) {
      const SocketWaiter answer(Deadline(absl::Now() + kListenAnswerMax, waiter.deadline().stop()));
      const absl::Status lives = Listen(connection_.get(), answer);
      if (absl::IsDeadlineExceeded(lives)) return absl::UnavailableError("PostgreSQL hangs");
      RETURN_IF_ERROR(lives);
      continue;
    }
    if (PQconsumeInput(connection_.get()) != 1 || PQstatus(connection_.get()) != CONNECTION_OK) {
      return LostSession(connection_.get());
    }
    last_heard_ = absl::Now();
  }
  return true;
}

absl::Status NotificationListener::Open(const SocketWaiter& waiter) {
  ASSIGN_OR_RETURN(ConnectionHandle connection, Connect(options_, waiter.deadline()));
  RETURN_IF_ERROR(Listen(connection.get(), waiter));
  connection_ = std::move(connection);
  return absl::OkStatus();
}

// To listen again to what one listens to already changes nothing, and asks whether the server
// lives.
absl::Status NotificationListener::Listen(pg_conn* connection, const SocketWaiter& waiter) {
  if (PQsendQuery(connection, absl::StrCat("LISTEN ", channel_).c_str()) != 1) {
    return LostSession(connection);
  }
  while (PQisBusy(connection) != 0) {
    RETURN_IF_ERROR(waiter.Wait(PQsocket(connection), POLLIN).status());
    if (PQconsumeInput(connection) != 1) break;
  }
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) return LostSession(connection);
  PQclear(PQgetResult(connection));  // The end of the answer.
  last_heard_ = absl::Now();
  return absl::OkStatus();
}

bool NotificationListener::TakeNotifications() {
  bool any = false;
  while (PGnotify* notification = PQnotifies(connection_.get())) {
    any = true;
    PQfreemem(notification);
  }
  return any;
}

}  // namespace fairway::postgres
