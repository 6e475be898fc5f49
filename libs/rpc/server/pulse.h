#pragma once

#include <grpcpp/server.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"

namespace fairway::rpc {

// Keeps a callback server awake: after a second without calls its threads sleep up to 100 ms at a
// time, and the next call waits for them. An in-process health check every 200 ms prevents it.
// Must go before the server shuts down.
class Pulse {
 public:
  explicit Pulse(grpc::Server* server);
  ~Pulse();

  // Health checks answered up to now.
  int beats() const { return beats_; }

 private:
  std::atomic<int> beats_ = 0;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace fairway::rpc
