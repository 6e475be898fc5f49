#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "libs/observability/admin_server.h"
#include "libs/observability/log.h"
#include "libs/rpc/server/server.h"

namespace fairway::rpc {

struct HostOptions {
  ServerOptions server;
  std::string admin_address = "127.0.0.1:0";
};

// A gRPC server and its admin endpoint, and whether they call themselves ready: the health service
// and /readyz always say the same. Not ready at first. Thread-safe.
class ServiceHost {
 public:
  // UNAVAILABLE when an address cannot be bound.
  static absl::StatusOr<std::unique_ptr<ServiceHost>> Start(const HostOptions& options,
                                                            grpc::Service* service,
                                                            const std::string& service_name,
                                                            observability::MetricSources metrics,
                                                            const observability::Logger* logger);

  int port() const { return server_->port(); }
  int admin_port() const { return admin_->port(); }

  void SetReady();
  // /readyz tells why.
  void SetNotReady(const absl::Status& why);

  // Takes no more calls; see Server::Shutdown().
  void Shutdown(absl::Duration grace);

 private:
  explicit ServiceHost(const observability::Logger* logger) : logger_(logger) {}
  absl::Status readiness() const;

  const observability::Logger* const logger_;
  mutable std::mutex mutex_;
  absl::Status readiness_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("starting");
  std::unique_ptr<Server> server_;
  std::unique_ptr<observability::AdminServer> admin_;  // Looks at all of the above.
};

}  // namespace fairway::rpc
