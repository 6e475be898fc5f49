#include "libs/postgres/listener.h"

#include <libpq-fe.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "libs/base/check.h"
#include "libs/base/status_macros.h"

namespace fairway::postgres {

Listener::Listener(ConnectionOptions options, std::string channel)
    : options_(std::move(options)),
      channel_(std::move(channel)),
      wake_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  FAIRWAY_CHECK(wake_event_ >= 0);
}

Listener::~Listener() { close(wake_event_); }

void Listener::Wake() {
  const uint64_t one = 1;
  // Cannot fail but by overflow, and then the event is set.
  [[maybe_unused]] const auto written = write(wake_event_, &one, sizeof(one));
}

absl::StatusOr<bool> Listener::Wait(absl::Time deadline) {
  if (connection_ == nullptr) {
    RETURN_IF_ERROR(Open(deadline));
    return true;
  }
  while (!TakeNotifications()) {
    ASSIGN_OR_RETURN(const bool readable, WaitForInput(connection_.get(), wake_event_, deadline));
    if (!readable) return false;
    if (PQconsumeInput(connection_.get()) != 1 || PQstatus(connection_.get()) != CONNECTION_OK) {
      const absl::Status lost = absl::UnavailableError(PQerrorMessage(connection_.get()));
      connection_.reset();
      return lost;
    }
  }
  return true;
}

absl::Status Listener::Open(absl::Time deadline) {
  ASSIGN_OR_RETURN(ConnectionHandle connection, Connect(options_, deadline));
  if (PQsendQuery(connection.get(), absl::StrCat("LISTEN ", channel_).c_str()) != 1) {
    return absl::UnavailableError(PQerrorMessage(connection.get()));
  }
  while (PQisBusy(connection.get()) != 0) {
    RETURN_IF_ERROR(WaitForSocket(connection.get(), SocketEvent::kReadable, deadline));
    if (PQconsumeInput(connection.get()) != 1) break;
  }
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(connection.get()),
                                                             PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    return absl::UnavailableError(PQerrorMessage(connection.get()));
  }
  PQclear(PQgetResult(connection.get()));  // The end of the answer.
  connection_ = std::move(connection);
  return absl::OkStatus();
}

bool Listener::TakeNotifications() {
  bool any = false;
  while (PGnotify* notification = PQnotifies(connection_.get())) {
    any = true;
    PQfreemem(notification);
  }
  return any;
}

}  // namespace fairway::postgres
