#include "services/ingest/server.h"

#include <utility>

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/postgres/migrator.h"

namespace fairway::ingest {
namespace {

// It runs on this machine, and uploads wait for it.
constexpr absl::Duration kAgentTimeout = absl::Seconds(5);
constexpr int kCallQueueMax = 256;
// Fewer than queries have: the messages are larger. Uploads are long, and one task takes few.
constexpr int kStreamsPerConnectionMax = 64;
// Some chunks on their way keep an upload going where a round trip takes long.
constexpr int kStreamWindowBytes = 1 << 20;
// A connection that was asked to go may end its last calls for so long: an upload is one of them.
constexpr absl::Duration kConnectionAgeGrace = absl::Minutes(31);
static_assert(limits::kUploadTimeMax == absl::Minutes(30));

}  // namespace

absl::StatusOr<std::unique_ptr<IngestServer>> IngestServer::Start(
    const Options& options, const postgres::ConnectionOptions& connection,
    const observability::Logger* logger) {
  std::unique_ptr<IngestServer> server(new IngestServer(options, connection, logger));
  const rpc::HostOptions host_options = {
      .server = {.address = options.service.listen,
                 .concurrent_streams_max = kStreamsPerConnectionMax,
                 .stream_window_bytes = kStreamWindowBytes,
                 .connection_age = absl::Seconds(options.service.connection_age_seconds),
                 .connection_age_grace = kConnectionAgeGrace},
      .admin_address = options.service.admin};
  ASSIGN_OR_RETURN(server->host_,
                   rpc::ServiceHost::Start(
                       host_options, &server->service_, v1::PriceIngestService::service_full_name(),
                       {server->registry_,
                        std::make_shared<AdmissionMetrics>(&server->places_, options.uploads_max)},
                       logger));
  server->startup_ = std::thread([server = server.get()] { server->AwaitDatabase(); });
  return server;
}

IngestServer::IngestServer(const Options& options, const postgres::ConnectionOptions& connection,
                           const observability::Logger* logger)
    : options_(options),
      logger_(logger),
      registry_(std::make_shared<prometheus::Registry>()),
      rpc_metrics_(*registry_),
      metrics_(*registry_),
      pool_({.connection = connection, .connections_max = options.connections_max}),
      batches_(&pool_, connection),
      locations_(&pool_),
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
                .rpc_metrics = &rpc_metrics_,
                .metrics = &metrics_,
                .logger = logger}) {}

IngestServer::~IngestServer() {
  stop_.request_stop();
  if (startup_.joinable()) startup_.join();
  // No call may be running when what it works with goes.
  if (host_ != nullptr) host_->Shutdown(absl::ZeroDuration());
}

void IngestServer::AwaitDatabase() {
  const auto on_wait = [this](const absl::Status& why) {
    logger_->Warning("waiting for the database", {{"error", why.message()}});
    host_->SetNotReady(why);
  };
  if (!AwaitSchema(pool_, stop_.get_token(), on_wait)) return;
  sweeper_.emplace(&batches_, &metrics_, &clock_, logger_);
  host_->SetReady();
}

void IngestServer::Drain() {
  stop_.request_stop();
  startup_.join();
  logger_->Info("draining", {{"uploads", admission_.open()}});
  admission_.StartDraining();
  places_.Close(DrainingError());
  host_->SetNotReady(DrainingError());
  const bool idle = admission_.AwaitIdle(absl::Now() + absl::Seconds(options_.drain_seconds));
  if (!idle) logger_->Warning("uploads are cut off", {{"uploads", admission_.open()}});
  host_->Shutdown(absl::Seconds(options_.service.shutdown_seconds));
  logger_->Info("stopped");
}

}  // namespace fairway::ingest
