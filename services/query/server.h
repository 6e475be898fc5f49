#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"

#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/postgres/pool.h"
#include "libs/rpc/executor.h"
#include "libs/rpc/service_host.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "services/query/options.h"
#include "services/query/service.h"

namespace fairway::query {

// The whole service, put together. Ready once the database has its schema.
class QueryServer {
 public:
  static absl::StatusOr<std::unique_ptr<QueryServer>> Start(
      const Options& options, const postgres::ConnectionOptions& connection,
      const observability::Logger* logger);
  ~QueryServer();

  // Says that it is going, serves on for a while, and stops.
  void Drain();

 private:
  QueryServer(const Options& options, const postgres::ConnectionOptions& connection,
              const observability::Logger* logger);
  void AwaitDatabase();

  const Options options_;
  const observability::Logger* const logger_;
  const std::shared_ptr<prometheus::Registry> registry_;
  observability::RpcMetrics rpc_metrics_;
  postgres::Pool pool_;
  PostgresRateReader rates_;
  PostgresLocationStore locations_;
  rpc::Executor calls_;
  QueryService service_;
  std::unique_ptr<rpc::ServiceHost> host_;
  absl::Notification stop_;
  std::thread startup_;
};

}  // namespace fairway::query
