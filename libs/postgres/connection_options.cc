#include "libs/postgres/connection_options.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace fairway::postgres {
namespace {

// A peer that vanished without a word is noticed within about this long, by either side.
constexpr absl::Duration kKeepaliveIdle = absl::Seconds(5);
constexpr absl::Duration kKeepaliveInterval = absl::Seconds(3);
constexpr int kKeepaliveCount = 3;
constexpr absl::Duration kUnacknowledgedDataTimeout = absl::Seconds(15);
// While it runs a statement the server looks this often whether its client is still there: closing
// the connection is how a statement is cancelled. (One poll() each; it was measured to cost
// nothing.)
constexpr absl::Duration kClientCheckInterval = absl::Milliseconds(20);

int64_t Millis(absl::Duration duration) { return absl::ToInt64Milliseconds(duration); }
int64_t WholeSeconds(absl::Duration duration) {
  return absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)));
}

// Settings of the server's side of the session. A client that died behind a broken network must
// not keep its transaction, its locks and its advisory locks.
std::string ServerSettings(const ConnectionOptions& options) {
  return absl::StrCat(
      "-c tcp_keepalives_idle=", WholeSeconds(kKeepaliveIdle),
      " -c tcp_keepalives_interval=", WholeSeconds(kKeepaliveInterval),
      " -c tcp_keepalives_count=", kKeepaliveCount,
      " -c tcp_user_timeout=", Millis(kUnacknowledgedDataTimeout),
      " -c client_connection_check_interval=", Millis(kClientCheckInterval),
      " -c idle_in_transaction_session_timeout=", Millis(options.idle_in_transaction_timeout),
      " -c lock_timeout=", Millis(options.lock_timeout));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> KeywordValues(const ConnectionOptions& options) {
  std::vector<std::pair<std::string, std::string>> result;
  const auto add_text = [&result](const char* keyword, const std::string& value) {
    if (!value.empty()) result.emplace_back(keyword, value);
  };
  add_text("host", options.host);
  add_text("port", options.port);
  add_text("user", options.user);
  add_text("password", options.password);
  add_text("dbname", options.database);
  add_text("application_name", options.application_name);
  add_text("sslmode", options.ssl_mode);
  add_text("sslrootcert", options.ssl_root_cert);
  result.emplace_back("client_encoding", "UTF8");
  result.emplace_back("keepalives_idle", absl::StrCat(WholeSeconds(kKeepaliveIdle)));
  result.emplace_back("keepalives_interval", absl::StrCat(WholeSeconds(kKeepaliveInterval)));
  result.emplace_back("keepalives_count", absl::StrCat(kKeepaliveCount));
  result.emplace_back("tcp_user_timeout", absl::StrCat(Millis(kUnacknowledgedDataTimeout)));
  if (options.read_write) result.emplace_back("target_session_attrs", "read-write");
  result.emplace_back("options", ServerSettings(options));
  return result;
}

std::string Describe(const ConnectionOptions& options) {
  return absl::StrCat(options.user, "@", options.host, ":", options.port, "/", options.database);
}

}  // namespace fairway::postgres
