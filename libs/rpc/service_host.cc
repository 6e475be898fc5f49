#include "libs/rpc/service_host.h"

#include <utility>

#include "libs/base/status_macros.h"

namespace fairway::rpc {

absl::StatusOr<std::unique_ptr<ServiceHost>> ServiceHost::Start(
    const HostOptions& options, grpc::Service* service, const std::string& service_name,
    observability::MetricSources metrics, const observability::Logger* logger) {
  std::unique_ptr<ServiceHost> host(new ServiceHost(logger));
  ASSIGN_OR_RETURN(host->admin_, observability::AdminServer::Start(
                                     options.admin_address, std::move(metrics),
                                     [host = host.get()] { return host->readiness(); }));
  ASSIGN_OR_RETURN(host->server_, Server::Start(options.server, service, service_name));
  return host;
}

absl::Status ServiceHost::readiness() const {
  const std::lock_guard lock(mutex_);
  return readiness_;
}

void ServiceHost::SetReady() {
  {
    const std::lock_guard lock(mutex_);
    readiness_ = absl::OkStatus();
  }
  server_->SetServing(true);
  logger_->Info("serving", {{"port", port()}, {"admin_port", admin_port()}});
}

void ServiceHost::SetNotReady(const absl::Status& why) {
  {
    const std::lock_guard lock(mutex_);
    readiness_ = why;
  }
  server_->SetServing(false);
}

void ServiceHost::Shutdown(absl::Duration grace) { server_->Shutdown(grace); }

}  // namespace fairway::rpc
