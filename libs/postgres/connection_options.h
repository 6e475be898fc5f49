#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace fairway::postgres {

// Where a database is and how a session with it behaves. Empty text means libpq's own default.
struct ConnectionOptions {
  std::string host;  // A host name, an address, or the directory of a Unix socket.
  int port = 5432;
  std::string user;
  std::string password;
  std::string database;
  std::string application_name = "fairway";

  // Wait at most this long for the server to accept a session.
  absl::Duration connect_timeout = absl::Seconds(3);
  // Refuse a server that is a standby or was demoted: after a failover the name may still point at
  // the old primary.
  bool read_write = true;
  // The server ends a session that sits in an open transaction for longer. Zero: never.
  absl::Duration idle_in_transaction_timeout = absl::Seconds(60);
  // The server gives up on a lock after this long (SQLSTATE 55P03). Zero: only the deadline counts.
  absl::Duration lock_timeout = absl::ZeroDuration();
};

// The libpq keywords and values that open such a session. Values are not quoted: they are meant
// for PQconnectStartParams, which needs no quoting. The password is among them: never log these.
std::vector<std::pair<std::string, std::string>> KeywordValues(const ConnectionOptions& options);

// "user@host:port/database", for logs and error messages. Never holds the password.
std::string Describe(const ConnectionOptions& options);

}  // namespace fairway::postgres
