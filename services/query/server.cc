#include "services/query/server.h"

#include <utility>

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "libs/storage/postgres/migrator.h"
#include "services/query/metrics.h"

namespace fairway::query {
namespace {

// A connection that was asked to go may end its last calls for so long: an export is one of them.
constexpr absl::Duration kConnectionAgeGrace = limits::kExportTimeMax;
// Watches are woken by each new book. Without one they look for new versions themselves.
constexpr absl::Duration kBellInterval = absl::Seconds(5);
constexpr absl::Duration kPollInterval = absl::Seconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<QueryServer>> QueryServer::Start(
    const Options& options, const postgres::ConnectionOptions& connection,
    const observability::Logger* logger) {
  std::unique_ptr<QueryServer> server(new QueryServer(options, connection, logger));
  const rpc::HostOptions host_options = {
      .server = {.address = options.service.listen,
                 .message_bytes_max = limits::kQueryRequestBytesMax,
                 .connection_age = absl::Seconds(options.service.connection_age_seconds),
                 .connection_age_grace = kConnectionAgeGrace},
      .admin_address = options.service.admin};
  observability::MetricSources metrics = {server->registry_};
  if (server->holds_book()) metrics.push_back(std::make_shared<BookMetrics>(&server->held_));
  ASSIGN_OR_RETURN(server->host_, rpc::ServiceHost::Start(host_options, &server->service_,
                                                          v1::RateQueryService::service_full_name(),
                                                          std::move(metrics), logger));
  server->startup_ = std::thread([server = server.get()] { server->StartUp(); });
  return server;
}

QueryServer::QueryServer(const Options& options, const postgres::ConnectionOptions& connection,
                         const observability::Logger* logger)
    : options_(options),
      logger_(logger),
      registry_(std::make_shared<prometheus::Registry>()),
      rpc_metrics_(*registry_),
      pool_({.connection = connection,
             .connections_max = Executors::DatabaseThreads(options.connections_max)}),
      stored_rates_(&pool_),
      stored_locations_(&pool_),
      book_pool_({.connection = connection, .connections_max = 1}),
      source_(&book_pool_, connection),
      held_(&clock_),
      follower_(&source_, &held_,
                {.bytes_max = options.book_bytes_max, .loaders = options.book_loaders}, &clock_,
                FollowerEvents()),
      book_rates_(&held_, &stored_rates_),
      book_locations_(&held_, &stored_locations_),
      commits_(&pool_),
      commit_bell_(holds_book() ? kBellInterval : kPollInterval, &clock_),
      executors_(options.connections_max),
      service_(ServiceDependencies()) {}

QueryService::Dependencies QueryServer::ServiceDependencies() {
  QueryService::Dependencies dependencies = {.rates = &stored_rates_,
                                             .locations = &stored_locations_,
                                             .commits = &commits_,
                                             .clock = &clock_,
                                             .executors = &executors_,
                                             .commit_bell = &commit_bell_,
                                             .exports = &exports_,
                                             .watches = &watches_,
                                             .rpc_metrics = &rpc_metrics_,
                                             .logger = logger_};
  if (holds_book()) {
    dependencies.rates = &book_rates_;
    dependencies.locations = &book_locations_;
  }
  return dependencies;
}

BookFollower::Events QueryServer::FollowerEvents() {
  return {
      .published = [this](const PriceBook& book, absl::Duration took) { OnPublished(book, took); },
      .failed = [this](const absl::Status& why) { OnCannotFollow(why); }};
}

void QueryServer::OnPublished(const PriceBook& book, absl::Duration took) {
  logger_->Info("book published", {{"version", book.version()},
                                   {"prices", book.price_count()},
                                   {"lanes", book.lane_count()},
                                   {"bytes", book.byte_count()},
                                   {"seconds", absl::ToDoubleSeconds(took)}});
  commit_bell_.Ring();
  BecomeReady();
}

void QueryServer::OnCannotFollow(const absl::Status& why) {
  if (absl::IsResourceExhausted(why)) {
    logger_->Warning("the book exceeds its memory, so the database answers",
                     {{"error", why.message()}});
    commit_bell_.Ring();
    BecomeReady();
    return;
  }
  logger_->Warning(
      "the book cannot follow",
      {{"error", why.message()}, {"cause", CauseOf(why)}, {"lag_seconds", LagSeconds()}});
  if (held_.book() != nullptr || held_.is_over_budget()) return;
  is_ready_ = false;
  host_->SetNotReady(why);
}

void QueryServer::BecomeReady() {
  if (!is_ready_) host_->SetReady();
  is_ready_ = true;
}

double QueryServer::LagSeconds() const {
  return held_.book() == nullptr ? 0 : absl::ToDoubleSeconds(held_.Lag());
}

QueryServer::~QueryServer() {
  stop_.request_stop();
  if (startup_.joinable()) startup_.join();
  follower_.Stop();
  // No call may be running when what it works with goes.
  if (host_ != nullptr) host_->Shutdown(absl::ZeroDuration());
}

void QueryServer::StartUp() {
  const auto on_wait = [this](const absl::Status& why) {
    logger_->Warning("waiting for the database", {{"error", why.message()}});
    host_->SetNotReady(why);
  };
  if (!AwaitSchema(pool_, stop_.get_token(), on_wait)) return;
  if (holds_book()) {
    host_->SetNotReady(absl::UnavailableError("loading the price book"));
    follower_.Start();
  } else {
    host_->SetReady();
  }
}

void QueryServer::Drain() {
  stop_.request_stop();
  startup_.join();
  if (held_.book() == nullptr) follower_.Stop();  // Nobody waits for a load any more.
  logger_->Info("draining", {{"seconds", options_.drain_seconds}});
  host_->SetNotReady(DrainingError());
  // Load balancers and clients need this time to find other tasks; there is no event to await.
  absl::SleepFor(absl::Seconds(options_.drain_seconds));
  commit_bell_.Close();
  host_->Shutdown(absl::Seconds(options_.service.shutdown_seconds));
  logger_->Info("stopped");
}

}  // namespace fairway::query
