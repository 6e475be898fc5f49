#include "libs/rpc/server/service_host.h"

#include <prometheus/client_metric.h>
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <memory>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/observability/build_info.h"

namespace fairway::rpc {
namespace {

// What the listener did. Borrows its server.
class ConnectionMetrics final : public prometheus::Collectable {
 public:
  explicit ConnectionMetrics(const Server* server) : server_(server) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::ClientMetric refused;
    refused.counter.value = static_cast<double>(server_->connections_refused());
    return {{"fairway_connections_refused_total",
             "Connections turned away because as many are open as may be",
             prometheus::MetricType::Counter,
             {refused}}};
  }

 private:
  const Server* const server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ServiceHost>> ServiceHost::Start(
    const HostOptions& options, grpc::Service* service, const std::string& service_name,
    observability::MetricSources metrics, const observability::Logger* logger) {
  std::unique_ptr<ServiceHost> host(new ServiceHost(logger));
  ASSIGN_OR_RETURN(host->server_, Server::Start(options.server, service, service_name));
  metrics.push_back(observability::BuildInfoMetric());
  metrics.push_back(std::make_shared<ConnectionMetrics>(host->server_.get()));
  ASSIGN_OR_RETURN(host->admin_, observability::AdminServer::Start(
                                     options.admin_address, std::move(metrics),
                                     [host = host.get()] { return host->readiness(); }));
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
