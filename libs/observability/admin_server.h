#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct mg_connection;
struct mg_context;

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
  // `address` is "host:port"; port 0 takes any. `readiness` is called from several threads, and
  // must not block. UNAVAILABLE when the address cannot be bound.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(
      absl::string_view address, MetricSources metrics, std::function<absl::Status()> readiness);
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  int port() const;

 private:
  AdminServer(MetricSources metrics, std::function<absl::Status()> readiness);
  static int Handle(mg_connection* connection, void* self);
  void Answer(mg_connection* connection, absl::string_view path) const;

  const MetricSources metrics_;
  const std::function<absl::Status()> readiness_;
  mg_context* context_ = nullptr;
};

}  // namespace fairway::observability
