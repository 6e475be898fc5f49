#include "tests/support/fault_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/base/check.h"
#include "tests/support/loopback.h"

namespace fairway::testing {
namespace {

int ConnectTo(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  FAIRWAY_CHECK(path.size() < sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.data(), path.size());
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return server;
  close(server);
  return -1;
}

// What can be read now; empty when the peer has closed.
std::string Receive(int from) {
  std::array<char, 64 * 1024> buffer;
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  return size > 0 ? std::string(buffer.data(), static_cast<size_t>(size)) : std::string();
}

bool SendAll(int to, const std::string& bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t sent = send(to, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += static_cast<size_t>(sent);
  }
  return true;
}

}  // namespace

FaultProxy::FaultProxy(const postgres::ConnectionOptions& target)
    : server_path_(absl::StrCat(target.host, "/.s.PGSQL.", target.port)), options_(target) {
  options_.host = "127.0.0.1";
  listener_ = ListenOnLoopback(options_.port);
  FAIRWAY_CHECK(pipe(wake_) == 0);
  thread_ = std::thread([this] { Serve(); });
}

FaultProxy::~FaultProxy() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  Wake();
  thread_.join();
  close(listener_);
  close(wake_[0]);
  close(wake_[1]);
}

void FaultProxy::CutAll() { SetMode(Mode::kPass, /*cut=*/true); }
void FaultProxy::Refuse() { SetMode(Mode::kRefuse, /*cut=*/true); }
void FaultProxy::Stall() { SetMode(Mode::kStall, /*cut=*/false); }
void FaultProxy::Pass() { SetMode(Mode::kPass, /*cut=*/false); }

void FaultProxy::CutWhenClientSends(std::string text, Moment moment) {
  const std::lock_guard lock(mutex_);
  trigger_ = std::move(text);
  moment_ = moment;
}

void FaultProxy::StallWhenClientSends(std::string text) {
  const std::lock_guard lock(mutex_);
  stall_trigger_ = std::move(text);
}

// Returns when the connections are cut, so that a test may rely on it.
void FaultProxy::SetMode(Mode mode, bool cut) {
  std::unique_lock lock(mutex_);
  mode_ = mode;
  cut_ = cut;
  Wake();
  cut_done_.wait(lock, [this] { return !cut_; });
}

void FaultProxy::Wake() { FAIRWAY_CHECK(write(wake_[1], "w", 1) == 1); }

void FaultProxy::Serve() {
  while (true) {
    Mode mode;
    {
      const std::lock_guard lock(mutex_);
      mode = mode_;
      for (Link& link : links_) link.dead = link.dead || cut_ || stop_ || mode_ == Mode::kRefuse;
      links_.remove_if([](const Link& link) {
        if (!link.dead) return false;
        close(link.client);
        close(link.server);
        return true;
      });
      cut_ = false;
      cut_done_.notify_all();
      if (stop_) return;
    }
    std::vector<pollfd> polled = {{.fd = wake_[0], .events = POLLIN, .revents = 0},
                                  {.fd = listener_, .events = POLLIN, .revents = 0}};
    if (mode == Mode::kPass) {
      for (const Link& link : links_) {
        polled.push_back({.fd = link.client, .events = POLLIN, .revents = 0});
        polled.push_back({.fd = link.server, .events = POLLIN, .revents = 0});
      }
    }
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    size_t next = 2;
    if (polled.size() > next) {
      for (Link& link : links_) {
        PassOn(link, polled[next].revents != 0, polled[next + 1].revents != 0);
        next += 2;
      }
    }
    if (polled[0].revents != 0) {
      char byte;
      FAIRWAY_CHECK(read(wake_[0], &byte, 1) == 1);
    }
    if (polled[1].revents != 0) Accept();
  }
}

void FaultProxy::Accept() {
  Link link;
  link.client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (link.client < 0) return;
  link.server = ConnectTo(server_path_);
  link.dead = link.server < 0;
  links_.push_back(link);
}

void FaultProxy::PassOn(Link& link, bool client_ready, bool server_ready) {
  if (client_ready) {
    const std::string bytes = Receive(link.client);
    if (bytes.empty() || IsToBeCut(link, bytes) || !SendAll(link.server, bytes)) {
      link.dead = true;
      return;
    }
  }
  if (server_ready) {
    const std::string bytes = Receive(link.server);
    if (bytes.empty() || link.cut_on_answer || !SendAll(link.client, bytes)) link.dead = true;
  }
}

bool FaultProxy::IsToBeCut(Link& link, const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  if (!stall_trigger_.empty() && bytes.find(stall_trigger_) != std::string::npos) {
    stall_trigger_.clear();
    mode_ = Mode::kStall;  // From the next round on: what the server answers stays there.
  }
  if (trigger_.empty() || bytes.find(trigger_) == std::string::npos) return false;
  trigger_.clear();
  if (moment_ == Moment::kBeforeDelivery) return true;
  link.cut_on_answer = true;
  return false;
}

}  // namespace fairway::testing
