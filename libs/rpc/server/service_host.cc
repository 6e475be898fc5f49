#include "libs/rpc/server/service_host.h"

#include <prometheus/collectable.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/observability/build_info.h"
#include "libs/observability/gauge.h"
#include "libs/rpc/server/connection_metrics.h"

namespace fairway::rpc {
namespace {

class ReadinessMetric final : public prometheus::Collectable {
 public:
  explicit ReadinessMetric(std::function<bool()> is_ready) : is_ready_(std::move(is_ready)) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    return {observability::Gauge("fairway_ready",
                                 "1 while the service is ready, as /readyz reports; else 0",
                                 is_ready_() ? 1 : 0)};
  }

 private:
  const std::function<bool()> is_ready_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ServiceHost>> ServiceHost::Start(
    const HostOptions& options, HostedService* service, const Clock* clock,
    const observability::Logger* logger) {
  std::unique_ptr<ServiceHost> host(new ServiceHost(options, service, clock, logger));
  ASSIGN_OR_RETURN(host->server_,
                   Server::Start(options.server, service->rpcs(), service->rpcs_name()));
  observability::MetricSources metrics = service->metric_sources();
  metrics.push_back(observability::BuildInfoMetric());
  metrics.push_back(std::make_shared<ConnectionMetrics>(host->server_.get()));
  metrics.push_back(
      std::make_shared<ReadinessMetric>([host = host.get()] { return host->readiness().ok(); }));
  ASSIGN_OR_RETURN(host->admin_, observability::AdminServer::Start(
                                     options.admin_address, std::move(metrics),
                                     [host = host.get()] { return host->readiness(); }));
  host->start_up_ =
      std::jthread([host = host.get()](const std::stop_token& stop) { host->StartUp(stop); });
  return host;
}

ServiceHost::ServiceHost(const HostOptions& options, HostedService* service, const Clock* clock,
                         const observability::Logger* logger)
    : options_(options), service_(*service), clock_(*clock), logger_(*logger) {}

ServiceHost::~ServiceHost() {
  StopStartUp();
  service_.StopTasks();
  if (server_ != nullptr) server_->Shutdown(absl::ZeroDuration());
}

void ServiceHost::StartUp(const std::stop_token& stop) {
  const auto on_wait = [this](const absl::Status& why) {
    logger_.Warning("waiting for the database", {{"error", why.message()}});
    SetNotReady(why);
  };
  if (service_.AwaitDatabase(stop, on_wait)) service_.Begin(*this);
}

void ServiceHost::StopStartUp() {
  start_up_.request_stop();
  if (start_up_.joinable()) start_up_.join();
}

void ServiceHost::Drain() {
  StopStartUp();
  logger_.Info("draining", {{"seconds", absl::ToInt64Seconds(options_.drain_time)}});
  // First: a client that sees NOT_SERVING cannot start new work any more.
  service_.BeginDrain();
  {
    const std::lock_guard lock(mutex_);
    is_draining_ = true;
    ReportNotReady(DrainingError());
  }
  service_.AwaitDrained(clock_.Now() + options_.drain_time);
  service_.EndStreams();
  server_->Shutdown(options_.shutdown_time);
  logger_.Info("stopped");
}

absl::Status ServiceHost::readiness() const {
  const std::lock_guard lock(mutex_);
  return readiness_;
}

void ServiceHost::SetReady() {
  const std::lock_guard lock(mutex_);
  if (is_draining_) return;
  readiness_ = absl::OkStatus();
  server_->SetServing(true);
  logger_.Info("serving", {{"port", port()}, {"admin_port", admin_port()}});
}

void ServiceHost::SetNotReady(const absl::Status& why) {
  const std::lock_guard lock(mutex_);
  if (!is_draining_) ReportNotReady(why);
}

void ServiceHost::ReportNotReady(const absl::Status& why) {
  readiness_ = why;
  server_->SetServing(false);
}

}  // namespace fairway::rpc
