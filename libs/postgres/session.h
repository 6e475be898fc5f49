#pragma once

#include <pqxx/connection_base>
#include <pqxx/connectionpolicy.hxx>

#include "libs/postgres/connect.h"

// For the .cc files of this folder.
namespace fairway::postgres {

// Hands libpqxx a connection that is already open, once. libpqxx 6 reconnects by itself when it
// finds its connection lost, and forgets the session's state on the way; with this policy it
// cannot.
class OpenConnectionPolicy final : public pqxx::connectionpolicy {
 public:
  explicit OpenConnectionPolicy(ConnectionHandle connection);

  handle do_startconnect(handle current) override;
  handle do_completeconnect(handle current) override;

 private:
  ConnectionHandle connection_;  // Until libpqxx takes it.
};

// A libpqxx connection that was opened by Connect(), and so within a deadline. Dies with its
// session. One thread at a time, but for Interrupt().
class Session final : public pqxx::connection_base {
 public:
  explicit Session(ConnectionHandle connection);
  ~Session() noexcept;

  // Ends the session: a thread that waits for its server in libpq, which has no timeout, returns at
  // once, and the server stops its statement. Any thread.
  void Interrupt();

 private:
  OpenConnectionPolicy policy_;
  // The session's socket. libpq closes its own descriptor when it finds the connection lost, and
  // then the number may already be that of another socket.
  int socket_ = -1;
};

}  // namespace fairway::postgres
