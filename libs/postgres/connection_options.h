#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace fairway::postgres {

// Which of several hosts answered last. Thread-safe.
class LastGoodHost {
 public:
  std::string Get() const {
    const std::lock_guard lock(mutex_);
    return host_;
  }
  void Set(absl::string_view host) {
    const std::lock_guard lock(mutex_);
    host_ = std::string(host);
  }

 private:
  mutable std::mutex mutex_;
  std::string host_ ABSL_GUARDED_BY(mutex_);
};

// Where a database is and how a session with it behaves. Empty text means libpq's own default.
struct ConnectionOptions {
  // A host name, an address, or the directory of a Unix socket; or several, with commas: the
  // primary and those that may take over from it.
  std::string host;
  std::string port = "5432";  // Of all hosts, or one for each, with commas.
  std::string user;
  std::string password;
  std::string database;
  std::string application_name = "fairway";
  // libpq's sslmode: "disable" to "verify-full", which compares the certificate with the host as it
  // is written, whatever its address. Unix sockets have no TLS.
  std::string ssl_mode;
  // The file of the certificates that sign the server's.
  std::string ssl_root_cert;

  // Wait at most this long for a server to accept a session; each of several has this time.
  absl::Duration connect_timeout = absl::Seconds(3);
  // Refuse a server that is a standby or was demoted: after a failover the name may still point at
  // the old primary.
  bool read_write = true;
  // The server ends a session that sits in an open transaction for longer. Zero: never.
  absl::Duration idle_in_transaction_timeout = absl::Seconds(60);
  // The server gives up on a lock after this long (SQLSTATE 55P03). Zero: only the deadline counts.
  absl::Duration lock_timeout = absl::ZeroDuration();

  // Shared by all copies: where one found the primary the others look first.
  std::shared_ptr<LastGoodHost> last_good = std::make_shared<LastGoodHost>();
};

// The libpq keywords and values that open such a session with one host. Values are not quoted: they
// are meant for PQconnectStartParams, which needs no quoting. The password is among them: never log
// these.
std::vector<std::pair<std::string, std::string>> KeywordValues(const ConnectionOptions& options);

// "user@host:port/database", for logs and error messages. Never holds the password.
std::string Describe(const ConnectionOptions& options);

}  // namespace fairway::postgres
