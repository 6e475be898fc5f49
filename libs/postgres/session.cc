#include "libs/postgres/session.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace fairway::postgres {

OpenConnectionPolicy::OpenConnectionPolicy(ConnectionHandle connection)
    : pqxx::connectionpolicy(""), connection_(std::move(connection)) {}

pqxx::connectionpolicy::handle OpenConnectionPolicy::do_startconnect(handle current) {
  if (current != nullptr) return current;
  if (connection_ == nullptr) throw pqxx::broken_connection("the session has ended");
  return connection_.release();
}

pqxx::connectionpolicy::handle OpenConnectionPolicy::do_completeconnect(handle current) {
  return current;
}

// The base class only keeps a reference to the policy, which is made after it.
Session::Session(ConnectionHandle connection)
    : pqxx::connection_base(policy_), policy_(std::move(connection)) {
  init();
  socket_ = fcntl(sock(), F_DUPFD_CLOEXEC, 0);
  if (socket_ < 0) throw pqxx::broken_connection("no file descriptor is left");
}

Session::~Session() noexcept {
  close();
  if (socket_ >= 0) ::close(socket_);
}

void Session::Interrupt() { shutdown(socket_, SHUT_RDWR); }

}  // namespace fairway::postgres
