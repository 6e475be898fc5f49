#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/observability/http_endpoint.h"

namespace fairway::observability {

// Where the metrics come from: a registry, or whatever else can be collected.
using MetricSources = std::vector<std::shared_ptr<prometheus::Collectable>>;

// The HTTP endpoint of operators and load balancers:
//   GET /metrics  Prometheus text
//   GET /livez    200 as long as the process answers
//   GET /readyz   200 while `readiness` is OK, else 503 and why
// Owns its threads. Nothing secret is behind it, and nothing can be changed through it.
class AdminServer {
 public:
  // `address` is "host:port"; port 0 takes any. `readiness` is called from a thread of the server,
  // and must not block. UNAVAILABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(
      absl::string_view address, MetricSources metrics, std::function<absl::Status()> readiness);

  int port() const { return endpoint_->port(); }

 private:
  AdminServer(MetricSources metrics, std::function<absl::Status()> readiness);
  HttpReply Answer(absl::string_view method, absl::string_view path) const;
  std::string MetricsText() const;

  const MetricSources metrics_;
  const std::function<absl::Status()> readiness_;
  std::unique_ptr<HttpEndpoint> endpoint_;
};

}  // namespace fairway::observability
