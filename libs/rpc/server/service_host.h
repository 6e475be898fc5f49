#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "libs/base/clock.h"
#include "libs/observability/admin_server.h"
#include "libs/observability/log.h"
#include "libs/rpc/server/hosted_service.h"
#include "libs/rpc/server/server.h"

namespace fairway::rpc {

struct HostOptions {
  ServerOptions server;
  std::string admin_address = "127.0.0.1:0";
  // How long clients have to move to other tasks, and open work to end, after draining began.
  absl::Duration drain_time = absl::ZeroDuration();
  // How long calls have to end after that, before they are cancelled.
  absl::Duration shutdown_time = absl::ZeroDuration();
};

// Runs a service: its gRPC server, its admin endpoint, and the sequences that start, drain and stop
// it. The health service and /readyz always report the same. Not ready at first. Owns its threads
// and borrows the service. Thread-safe.
class ServiceHost final : private Readiness {
 public:
  // Serves at once, and gets the service ready on a thread of its own. UNAVAILABLE when an address
  // cannot be bound.
  static absl::StatusOr<std::unique_ptr<ServiceHost>> Start(const HostOptions& options,
                                                            HostedService* service,
                                                            const Clock* clock,
                                                            const observability::Logger* logger);
  // Cancels the calls that still run: none may use the service afterwards.
  ~ServiceHost() override;

  int port() const { return server_->port(); }
  int admin_port() const { return admin_->port(); }

  // Stops serving: refuses new work, reports NOT_SERVING, waits while open work ends, ends streams,
  // and cancels what is left after that. Returns when no call runs.
  void Drain();

 private:
  ServiceHost(const HostOptions& options, HostedService* service, const Clock* clock,
              const observability::Logger* logger);
  void StartUp(const std::stop_token& stop);
  void StopStartUp();
  void SetReady() override;
  void SetNotReady(const absl::Status& why) override;
  void ReportNotReady(const absl::Status& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status readiness() const;

  const HostOptions options_;
  HostedService& service_;
  const Clock& clock_;
  const observability::Logger& logger_;
  mutable std::mutex mutex_;
  absl::Status readiness_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("starting");
  bool is_draining_ ABSL_GUARDED_BY(mutex_) = false;  // Never ready again.
  std::unique_ptr<Server> server_;
  std::unique_ptr<observability::AdminServer> admin_;  // Uses all of the above.
  std::jthread start_up_;
};

}  // namespace fairway::rpc
