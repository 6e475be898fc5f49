#include "libs/postgres/connect.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/postgres/endpoints.h"
#include "libs/postgres/socket_waiter.h"

namespace fairway::postgres {
namespace {

// A host that is well accepts in a few milliseconds, one on another continent in this time.
constexpr absl::Duration kNextHostAfter = absl::Milliseconds(250);

// libpq would print notices to stderr, between the lines of our log.
void IgnoreNotice(void* /*argument*/, const char* /*message*/) {}

// One host on its way to a session.
struct HostAttempt {
  Endpoint endpoint;
  absl::Time give_up;
  ConnectionHandle connection;
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
};

// All hosts, one after the other and side by side.
class Connector {
 public:
  Connector(const ConnectionOptions& options, std::vector<Endpoint> endpoints,
            const Deadline& deadline)
      : options_(options), endpoints_(std::move(endpoints)), waiter_(deadline) {}

  absl::StatusOr<ConnectionHandle> Run() {
    while (true) {
      StartDue();
      if (running_.empty()) return Failure();
      RETURN_IF_ERROR(Advance());
      if (winner_ != nullptr) return std::move(winner_);
      DropFailed();
    }
  }

 private:
  bool has_more() const { return next_endpoint_ < endpoints_.size(); }

  void StartDue() {
    while (has_more() && (running_.empty() || absl::Now() >= next_start_)) {
      const Endpoint& endpoint = endpoints_[next_endpoint_++];
      ConnectionOptions one = options_;
      one.host = endpoint.host;
      one.port = endpoint.port;
      const absl::Time now = absl::Now();
      next_start_ = now + kNextHostAfter;
      running_.push_back({.endpoint = endpoint,
                          .give_up = now + options_.connect_timeout,
                          .connection = StartConnecting(one, endpoint.address)});
      DropFailed();
    }
  }

  // Waits until something happens, and lets libpq go on where it can.
  absl::Status Advance() {
    absl::Time until = has_more() ? next_start_ : absl::InfiniteFuture();
    std::vector<pollfd> sockets;
    for (const HostAttempt& attempt : running_) {
      until = std::min(until, attempt.give_up);
      // The socket may be another one after each step.
      sockets.push_back(
          {.fd = PQsocket(attempt.connection.get()),
           .events = attempt.next == PGRES_POLLING_READING ? int16_t{POLLIN} : int16_t{POLLOUT},
           .revents = 0});
    }
    RETURN_IF_ERROR(waiter_.WaitForAny(absl::MakeSpan(sockets), until).status());
    for (size_t i = 0; i < sockets.size(); ++i) {
      if (sockets[i].revents == 0) continue;
      HostAttempt& attempt = running_[i];
      attempt.next = PQconnectPoll(attempt.connection.get());
      if (attempt.next != PGRES_POLLING_OK) continue;
      options_.last_good->Set(attempt.endpoint.ToString());
      winner_ = std::move(attempt.connection);
      return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  void DropFailed() {
    std::erase_if(running_, [this](const HostAttempt& attempt) {
      const std::optional<std::string> why = WhyItFailed(attempt);
      if (why) failures_.push_back(absl::StrCat(attempt.endpoint.ToString(), ": ", *why));
      return why.has_value();
    });
  }

  std::optional<std::string> WhyItFailed(const HostAttempt& attempt) const {
    if (attempt.connection == nullptr) return "no memory for a connection";
    if (attempt.next == PGRES_POLLING_FAILED ||
        PQstatus(attempt.connection.get()) == CONNECTION_BAD) {
      return std::string(absl::StripSuffix(PQerrorMessage(attempt.connection.get()), "\n"));
    }
    if (absl::Now() < attempt.give_up) return std::nullopt;
    return absl::StrCat("no answer within ", absl::FormatDuration(options_.connect_timeout));
  }

  absl::Status Failure() const {
    return absl::UnavailableError(absl::StrCat("cannot connect to PostgreSQL at ",
                                               Describe(options_), ": ",
                                               absl::StrJoin(failures_, "; ")));
  }

  const ConnectionOptions& options_;
  const std::vector<Endpoint> endpoints_;
  const SocketWaiter waiter_;
  size_t next_endpoint_ = 0;
  absl::Time next_start_ = absl::InfinitePast();
  std::vector<HostAttempt> running_;
  std::vector<std::string> failures_;
  ConnectionHandle winner_;
};

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const { PQfinish(connection); }

ConnectionHandle StartConnecting(const ConnectionOptions& options, const std::string& address) {
  const std::vector<std::pair<std::string, std::string>> settings = KeywordValues(options);
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : settings) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  if (!address.empty()) {
    keywords.push_back("hostaddr");
    values.push_back(address.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  // Without expansion a database name is a name, never a connection string.
  ConnectionHandle connection(
      PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/0));
  PQsetNoticeProcessor(connection.get(), IgnoreNotice, nullptr);
  return connection;
}

absl::StatusOr<ConnectionHandle> Connect(const ConnectionOptions& options,
                                         const Deadline& deadline) {
  auto endpoints = FindEndpoints(options, deadline.NotAfter(absl::Now() + options.connect_timeout));
  if (!endpoints.ok()) {
    RETURN_IF_ERROR(deadline.Check());
    if (absl::IsInvalidArgument(endpoints.status())) return endpoints.status();
    return absl::UnavailableError(absl::StrCat("cannot find PostgreSQL at ", Describe(options),
                                               ": ", endpoints.status().message()));
  }
  Connector connector(options, *std::move(endpoints), deadline);
  return connector.Run();
}

}  // namespace fairway::postgres
