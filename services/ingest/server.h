#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

#include "libs/base/clock.h"
#include "libs/http/curl_client.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/postgres/pool.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/hosted_service.h"
#include "libs/storage/metered/metered_batch_store.h"
#include "libs/storage/metered/metered_location_store.h"
#include "libs/storage/metered/store_metrics.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "services/ingest/admission.h"
#include "services/ingest/metrics.h"
#include "services/ingest/options.h"
#include "services/ingest/service.h"
#include "services/ingest/sweeper.h"
#include "services/ingest/task_protection.h"
#include "services/ingest/upload_places.h"

namespace fairway::ingest {

// The whole service, put together. Ready once the database has its schema. Draining takes no new
// uploads and lets those that run end.
class IngestServer final : public rpc::HostedService {
 public:
  // INVALID_ARGUMENT or NOT_FOUND when the options do not name a database.
  static absl::StatusOr<std::unique_ptr<IngestServer>> Make(const Options& options,
                                                            const observability::Logger* logger);
  // Borrows the logger.
  IngestServer(const Options& options, const postgres::ConnectionOptions& connection,
               const observability::Logger* logger);

  grpc::Service* rpcs() override { return &service_; }
  std::string rpcs_name() const override { return v1::PriceIngestService::service_full_name(); }
  rpc::ServerOptions server_options() const override;
  observability::MetricSources metric_sources() override;
  bool AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) override;
  void Begin(rpc::Readiness& readiness) override;
  void BeginDrain() override;
  void AwaitDrained(absl::Time deadline) override;
  void StopTasks() override { sweeper_.reset(); }

 private:
  const Options options_;
  const observability::Logger* const logger_;
  const std::shared_ptr<prometheus::Registry> registry_;
  const std::shared_ptr<observability::RpcMetrics> rpc_metrics_;
  IngestMetrics metrics_;
  const SystemClock clock_;
  StoreMetrics store_metrics_{registry_.get(), &clock_};
  postgres::Pool pool_;
  PostgresBatchStore postgres_batches_;
  MeteredBatchStore batches_{&postgres_batches_, &store_metrics_};
  PostgresLocationStore postgres_locations_;
  MeteredLocationStore locations_{&postgres_locations_, &store_metrics_};
  http::CurlClient agent_;
  const std::unique_ptr<TaskProtection> protection_;  // Null where there is no ECS.
  Admission admission_;
  UploadPlaces places_;
  rpc::Executor calls_;
  IngestService service_;
  std::optional<Sweeper> sweeper_;  // Once the database is there.
};

}  // namespace fairway::ingest
