#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "absl/status/statusor.h"

#include "libs/base/clock.h"
#include "libs/http/curl_client.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/postgres/pool.h"
#include "libs/rpc/server/executor.h"
#include "libs/rpc/server/service_host.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "services/ingest/options.h"
#include "services/ingest/service.h"
#include "services/ingest/sweeper.h"
#include "services/ingest/task_protection.h"

namespace fairway::ingest {

// The whole service, put together. Ready once the database has its schema.
class IngestServer {
 public:
  static absl::StatusOr<std::unique_ptr<IngestServer>> Start(
      const Options& options, const postgres::ConnectionOptions& connection,
      const observability::Logger* logger);
  ~IngestServer();

  // Takes no new uploads, lets those that run end, and stops serving.
  void Drain();

 private:
  IngestServer(const Options& options, const postgres::ConnectionOptions& connection,
               const observability::Logger* logger);
  void AwaitDatabase();

  const Options options_;
  const observability::Logger* const logger_;
  const std::shared_ptr<prometheus::Registry> registry_;
  observability::RpcMetrics rpc_metrics_;
  IngestMetrics metrics_;
  postgres::Pool pool_;
  PostgresBatchStore batches_;
  PostgresLocationStore locations_;
  const SystemClock clock_;
  http::CurlClient agent_;
  const std::unique_ptr<TaskProtection> protection_;  // Null where there is no ECS.
  Admission admission_;
  UploadPlaces places_;
  rpc::Executor calls_;
  IngestService service_;
  std::unique_ptr<rpc::ServiceHost> host_;
  std::stop_source stop_;
  std::optional<Sweeper> sweeper_;  // Once the database is there.
  std::thread startup_;
};

}  // namespace fairway::ingest
