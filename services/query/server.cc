#include "services/query/server.h"

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/storage/postgres/migrator.h"

namespace fairway::query {
namespace {

constexpr absl::Duration kShutdownGrace = absl::Seconds(10);
// A connection that was asked to go may end its last calls for so long.
constexpr absl::Duration kConnectionAgeGrace = absl::Seconds(60);
constexpr int kCallQueueMax = 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<QueryServer>> QueryServer::Start(
    const Options& options, const postgres::ConnectionOptions& connection,
    const observability::Logger* logger) {
  std::unique_ptr<QueryServer> server(new QueryServer(options, connection, logger));
  const rpc::HostOptions host_options = {
      .server = {.address = options.listen,
                 .connection_age = absl::Seconds(options.connection_age_seconds),
                 .connection_age_grace = kConnectionAgeGrace},
      .admin_address = options.admin};
  ASSIGN_OR_RETURN(server->host_, rpc::ServiceHost::Start(host_options, &server->service_,
                                                          v1::RateQueryService::service_full_name(),
                                                          server->registry_, logger));
  server->startup_ = std::thread([server = server.get()] { server->AwaitDatabase(); });
  return server;
}

QueryServer::QueryServer(const Options& options, const postgres::ConnectionOptions& connection,
                         const observability::Logger* logger)
    : options_(options),
      logger_(logger),
      registry_(std::make_shared<prometheus::Registry>()),
      rpc_metrics_(*registry_),
      pool_({.connection = connection, .connections_max = options.connections_max}),
      rates_(&pool_),
      locations_(&pool_),
      calls_(options.connections_max, kCallQueueMax),
      service_({.rates = &rates_,
                .locations = &locations_,
                .calls = &calls_,
                .rpc_metrics = &rpc_metrics_,
                .logger = logger}) {}

QueryServer::~QueryServer() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (startup_.joinable()) startup_.join();
  // No call may be running when what it works with goes.
  if (host_ != nullptr) host_->Shutdown(absl::ZeroDuration());
}

void QueryServer::AwaitDatabase() {
  const auto on_wait = [this](const absl::Status& why) {
    logger_->Warning("waiting for the database", {{"error", why.message()}});
    host_->SetNotReady(why);
  };
  if (AwaitSchema(pool_, stop_, on_wait)) host_->SetReady();
}

void QueryServer::Drain() {
  stop_.Notify();
  startup_.join();
  logger_->Info("draining", {{"seconds", options_.drain_seconds}});
  host_->SetNotReady(DrainingError());
  // Load balancers and clients need this time to find other tasks; there is no event to await.
  absl::SleepFor(absl::Seconds(options_.drain_seconds));
  host_->Shutdown(kShutdownGrace);
  logger_->Info("stopped");
}

}  // namespace fairway::query
