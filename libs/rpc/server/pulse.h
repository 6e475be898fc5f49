#pragma once

#include <grpcpp/server.h>

#include <atomic>

#include "libs/base/clock.h"
#include "libs/base/periodic_task.h"

namespace fairway::rpc {

// Keeps a callback server awake: after a second without calls its threads sleep up to 100 ms at a
// time, and the next call waits for them. An in-process health check every 200 ms prevents it.
// Destroyed before the server shuts down. Owns a thread and borrows the clock.
class Pulse {
 public:
  Pulse(grpc::Server* server, const Clock* clock);

  // Health checks answered up to now.
  int beats() const { return beats_; }

 private:
  std::atomic<int> beats_ = 0;
  PeriodicTask beating_;  // Last: it uses the rest.
};

}  // namespace fairway::rpc
