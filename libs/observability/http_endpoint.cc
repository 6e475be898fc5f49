#include "libs/observability/http_endpoint.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <iterator>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"

namespace fairway::observability {
namespace {

// Beyond this number the oldest is closed: it had the most time to ask. Fewer than the descriptors
// that are kept from gRPC's connections.
constexpr size_t kConnectionsMax = 48;
constexpr size_t kRequestBytesMax = 8 << 10;
// For a request to come, and for its reply to be taken.
constexpr absl::Duration kConnectionTimeMax = absl::Seconds(10);
constexpr int kLookMillis = 1'000;

absl::string_view NameOf(int code) {
  switch (code) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

std::string ToText(const HttpReply& reply, bool with_body) {
  return absl::StrCat("HTTP/1.1 ", reply.code, " ", NameOf(reply.code),
                      "\r\nContent-Type: ", reply.type, "\r\nContent-Length: ", reply.body.size(),
                      "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
                      with_body ? reply.body : "");
}

}  // namespace

struct HttpEndpoint::Connection {
  net::Descriptor fd;
  absl::Time end;
  std::string request = {};
  std::string reply = {};  // What is left of it, once there is one.
};

absl::StatusOr<std::unique_ptr<HttpEndpoint>> HttpEndpoint::Start(absl::string_view address,
                                                                  Handler handler) {
  ASSIGN_OR_RETURN(auto listener, net::Listener::Bind(address, std::numeric_limits<int>::max()));
  net::Descriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (event.get() < 0) return absl::UnavailableError("no descriptor is left");
  return std::unique_ptr<HttpEndpoint>(
      new HttpEndpoint(std::move(listener), std::move(event), std::move(handler)));
}

HttpEndpoint::HttpEndpoint(std::unique_ptr<net::Listener> listener, net::Descriptor event,
                           Handler handler)
    : listener_(std::move(listener)), event_(std::move(event)), handler_(std::move(handler)) {
  thread_ = std::thread([this] { Run(); });
  listener_->Start([this](int, int accepted) {
    const std::lock_guard lock(mutex_);
    accepted_.emplace_back(accepted);
    eventfd_write(event_.get(), 1);
  });
}

HttpEndpoint::~HttpEndpoint() {
  listener_->Stop();
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  eventfd_write(event_.get(), 1);
  thread_.join();
}

void HttpEndpoint::Run() {
  while (TakeNew()) Poll();
}

bool HttpEndpoint::TakeNew() {
  eventfd_t count = 0;
  eventfd_read(event_.get(), &count);
  const std::lock_guard lock(mutex_);
  for (net::Descriptor& fd : accepted_) {
    if (connections_.size() >= kConnectionsMax) connections_.pop_front();
    connections_.push_back({std::move(fd), absl::Now() + kConnectionTimeMax});
  }
  accepted_.clear();
  return !stop_;
}

void HttpEndpoint::Poll() {
  std::vector<pollfd> polled = {{event_.get(), POLLIN, 0}};
  for (const Connection& connection : connections_) {
    const bool reads = connection.reply.empty();
    polled.push_back({connection.fd.get(), static_cast<short>(reads ? POLLIN : POLLOUT), 0});
  }
  if (poll(polled.data(), polled.size(), kLookMillis) < 0) return;
  size_t i = 1;
  for (auto connection = connections_.begin(); connection != connections_.end(); ++i) {
    const bool goes_on = Serve(*connection, polled[i].revents);
    connection = goes_on ? std::next(connection) : connections_.erase(connection);
  }
}

bool HttpEndpoint::Serve(Connection& connection, int events) {
  if (events == 0) return absl::Now() < connection.end;
  return connection.reply.empty() ? Read(connection) : Write(connection);
}

bool HttpEndpoint::Read(Connection& connection) {
  std::array<char, kRequestBytesMax> buffer;
  const ssize_t size = recv(connection.fd.get(), buffer.data(), buffer.size(), 0);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return false;
  connection.request.append(buffer.data(), static_cast<size_t>(size));
  if (!absl::StrContains(connection.request, "\r\n\r\n")) {
    return connection.request.size() < kRequestBytesMax;
  }
  connection.reply = Answer(connection.request);
  return Write(connection);
}

bool HttpEndpoint::Write(Connection& connection) {
  const ssize_t size =
      send(connection.fd.get(), connection.reply.data(), connection.reply.size(), MSG_NOSIGNAL);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  connection.reply.erase(0, static_cast<size_t>(size));
  return !connection.reply.empty();
}

std::string HttpEndpoint::Answer(absl::string_view request) const {
  const std::vector<absl::string_view> words =
      absl::StrSplit(request.substr(0, request.find("\r\n")), ' ');
  if (words.size() != 3 || !absl::StartsWith(words[2], "HTTP/1.")) {
    return ToText({400, "text/plain; charset=utf-8", "not HTTP/1\n"}, true);
  }
  return ToText(handler_(words[0], words[1].substr(0, words[1].find('?'))), words[0] != "HEAD");
}

}  // namespace fairway::observability
