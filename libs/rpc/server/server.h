#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/domain/limits.h"
#include "libs/domain/server_limits.h"
#include "libs/net/listener.h"
#include "libs/rpc/server/pulse.h"

namespace fairway::rpc {

struct ServerOptions {
  std::string address = "127.0.0.1:0";  // Port 0 takes any.
  int concurrent_streams_max = 256;     // Per connection.
  // What a client may send of each call before the service asks for it.
  int stream_window_bytes = 64 << 10;
  int message_bytes_max = limits::kMessageBytesMax;  // Of what is received.
  // A connection gets GOAWAY after this time, or never when it is infinite. No call is lost, and
  // clients find new tasks.
  absl::Duration connection_age = absl::Minutes(5);
  // It is closed this long after that; infinite where calls may be long.
  absl::Duration connection_age_grace = absl::InfiniteDuration();
  // A connection that pings more often, without data, is closed. Clients may ping every 10 s, and
  // their clocks differ from ours.
  absl::Duration ping_interval_min = absl::Seconds(8);
  size_t transport_bytes_max = limits::kTransportBytesMax;
};

// A gRPC server of one service with what every service has: its own listener, health, reflection,
// keepalive that suits load balancers, message limits, and a pulse. Owns the grpc::Server and
// borrows the service.
// Thread-safe.
class Server {
 public:
  // NOT_SERVING until SetServing(true). UNAVAILABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       grpc::Service* service,
                                                       const std::string& service_name);
  ~Server();

  int port() const { return port_; }
  int64_t connections_refused() const { return listener_->refused(); }
  std::shared_ptr<grpc::Channel> InProcessChannel() { return server_->InProcessChannel({}); }

  int pulse_beats() const { return pulse_->beats(); }

  // What the health service says, of the server and of its service.
  void SetServing(bool serving);

  // Takes no more calls, waits for those that run, and cancels what is left after `grace`.
  void Shutdown(absl::Duration grace);

 private:
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

  Server(std::unique_ptr<grpc::Server> server, std::unique_ptr<Acceptor> acceptor,
         std::unique_ptr<net::Listener> listener, std::string service_name);

  const SystemClock clock_;  // gRPC has no other.
  const std::unique_ptr<grpc::Server> server_;
  const std::unique_ptr<Acceptor> acceptor_;
  const int port_;
  std::unique_ptr<net::Listener> listener_;
  const std::string service_name_;
  std::unique_ptr<Pulse> pulse_;
};

}  // namespace fairway::rpc
