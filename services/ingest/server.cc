#include "services/ingest/server.h"

#include <utility>

#include "libs/base/status_macros.h"
#include "libs/config/database_options.h"
#include "libs/domain/limits.h"
#include "libs/storage/postgres/migrator.h"
#include "libs/storage/postgres/pool_metrics.h"
#include "services/ingest/refuse_uploads.h"

namespace fairway::ingest {
namespace {

// It runs on this machine, and uploads wait for it.
constexpr absl::Duration kAgentTimeout = absl::Seconds(5);
constexpr int kCallQueueMax = 256;
// Fewer than queries have: the messages are larger. Uploads are long, and one task takes few.
constexpr int kStreamsPerConnectionMax = 64;
// Some chunks on their way keep an upload going where a round trip takes long.
constexpr int kStreamWindowBytes = 1 << 20;
// How long the last calls of a connection may take after GOAWAY: an upload may be one of them.
constexpr absl::Duration kConnectionAgeGrace = absl::Minutes(31);
static_assert(limits::kUploadTimeMax == absl::Minutes(30));

}  // namespace

absl::StatusOr<std::unique_ptr<IngestServer>> IngestServer::Make(
    const Options& options, const observability::Logger* logger) {
  ASSIGN_OR_RETURN(const postgres::ConnectionOptions connection,
                   config::ConnectionOptionsOf(options.service.database, "fairway-ingest"));
  return std::make_unique<IngestServer>(options, connection, logger);
}

IngestServer::IngestServer(const Options& options, const postgres::ConnectionOptions& connection,
                           const observability::Logger* logger)
    : options_(options),
      logger_(logger),
      registry_(std::make_shared<prometheus::Registry>()),
      rpc_metrics_(std::make_shared<observability::RpcMetrics>()),
      metrics_(*registry_),
      pool_({.connection = connection, .connections_max = options.connections_max}),
      postgres_batches_(&pool_, connection),
      postgres_locations_(&pool_),
      agent_({.connect_timeout = kAgentTimeout, .stall_timeout = kAgentTimeout}),
      protection_(
          options.ecs_agent_uri.empty()
              ? nullptr
              : std::make_unique<TaskProtection>(options.ecs_agent_uri, &agent_, &clock_, logger)),
      admission_(&clock_, protection_.get()),
      places_({.places = options.uploads_max}, &clock_),
      calls_(options.connections_max, kCallQueueMax),
      service_({.batches = &batches_,
                .locations = &locations_,
                .admission = &admission_,
                .places = &places_,
                .calls = &calls_,
                .rpc_metrics = rpc_metrics_.get(),
                .metrics = &metrics_,
                .logger = logger}) {}

rpc::ServerOptions IngestServer::server_options() const {
  return {.concurrent_streams_max = kStreamsPerConnectionMax,
          .stream_window_bytes = kStreamWindowBytes,
          .connection_age_grace = kConnectionAgeGrace};
}

observability::MetricSources IngestServer::metric_sources() {
  return {registry_, rpc_metrics_,
          std::make_shared<PoolMetrics>(std::vector<PoolMetrics::NamedPool>{{"calls", &pool_}}),
          std::make_shared<AdmissionMetrics>(&places_, options_.uploads_max)};
}

bool IngestServer::AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) {
  return AwaitSchema(pool_, kIngestRole, stop, on_wait);
}

void IngestServer::Begin(rpc::Readiness& readiness) {
  sweeper_.emplace(&batches_, &metrics_, &clock_, logger_);
  readiness.SetReady();
}

void IngestServer::BeginDrain() {
  logger_->Info("refusing new uploads", {{"uploads", admission_.open()}});
  RefuseUploads(admission_, places_);
}

void IngestServer::AwaitDrained(absl::Time deadline) {
  if (admission_.AwaitIdle(deadline)) return;
  logger_->Warning("uploads are cut off", {{"uploads", admission_.open()}});
}

}  // namespace fairway::ingest
