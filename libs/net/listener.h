#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/net/descriptor.h"

namespace fairway::net {

// Accepts a server's connections, as long as fewer than `descriptors_max` descriptors are open in
// the process: the connections beyond are closed, and when there is no descriptor to accept with it
// waits and goes on. Owns its sockets and a thread.
class Listener {
 public:
  // `address`: "host:port", "[::1]:port"; port 0 takes any. Listens from here on, accepts from
  // Start() on. UNAVAILABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Listener>> Bind(absl::string_view address,
                                                        int descriptors_max);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }
  // `take(listening, accepted)` owns the accepted descriptor, which does not block. Called from one
  // thread.
  void Start(std::function<void(int listening, int accepted)> take);
  // Accepts no more, and closes the sockets. The destructor does it, too.
  void Stop();
  // How many connections were turned away.
  int64_t refused() const { return refused_; }

 private:
  Listener(std::vector<Descriptor> sockets, int port, Descriptor stop, int descriptors_max);
  void Run();
  // False when there is no descriptor to accept with.
  bool Accept(int listening);

  std::vector<Descriptor> sockets_;
  const int port_;
  const Descriptor stop_;  // An event: readable when the thread is to end.
  const int descriptors_max_;
  std::function<void(int, int)> take_;
  std::atomic<int64_t> refused_ = 0;
  std::thread thread_;
};

}  // namespace fairway::net
