#pragma once

#include <grpcpp/impl/service_type.h>

#include <functional>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "libs/observability/admin_server.h"
#include "libs/rpc/server/server.h"

namespace fairway::rpc {

// Whether a service is ready. Thread-safe.
class Readiness {
 public:
  virtual ~Readiness() = default;
  virtual void SetReady() = 0;
  // /readyz reports `why`.
  virtual void SetNotReady(const absl::Status& why) = 0;
};

// A service as its ServiceHost sees it: what it serves, and its part in starting, draining and
// stopping. The host calls these functions one at a time, in the order in which they stand here.
class HostedService {
 public:
  using OnWait = std::function<void(const absl::Status& why)>;

  virtual ~HostedService() = default;

  // The gRPC service and its full name. Outlives the host.
  virtual grpc::Service* rpcs() = 0;
  virtual std::string rpcs_name() const = 0;
  // The limits of its server. The host sets what is configured: addresses and connection age.
  virtual ServerOptions server_options() const = 0;
  // What /metrics shows of it. The host adds what all services have.
  virtual observability::MetricSources metric_sources() = 0;

  // Waits until the database can be used, and reports through `on_wait` why it cannot yet. False
  // when `stop` was requested first.
  virtual bool AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) = 0;
  // Starts its background tasks, and reports when it is ready; `readiness` outlives them. Does not
  // block. Not called when draining begins before the database can be used.
  virtual void Begin(Readiness& readiness) = 0;

  // Refuses new work from here on. Health checks fail right after it.
  virtual void BeginDrain() = 0;
  // Waits, at most until `deadline`, while clients move to other tasks or open work ends.
  virtual void AwaitDrained(absl::Time deadline) = 0;
  // Ends the streams that would otherwise last.
  virtual void EndStreams() {}
  // Stops its background tasks: nothing of it runs any more but calls. Also without a drain.
  virtual void StopTasks() {}
};

}  // namespace fairway::rpc
