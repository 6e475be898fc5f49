#include "services/query/server.h"

#include <utility>

#include "libs/base/pause.h"
#include "libs/base/status_macros.h"
#include "libs/config/database_options.h"
#include "libs/domain/errors.h"
#include "libs/domain/limits.h"
#include "services/query/database_stores.h"
#include "services/query/metrics.h"

namespace fairway::query {
namespace {

// How long the last calls of a connection may take after GOAWAY: an export may be one of them.
constexpr absl::Duration kConnectionAgeGrace = limits::kExportTimeMax;
// Watches are woken by each new book. Without one they look for new versions themselves.
constexpr absl::Duration kBellInterval = absl::Seconds(5);
constexpr absl::Duration kPollInterval = absl::Seconds(1);

}  // namespace

absl::StatusOr<std::unique_ptr<QueryServer>> QueryServer::Make(
    const Options& options, const Clock* clock, const observability::Logger* logger) {
  ASSIGN_OR_RETURN(const postgres::ConnectionOptions connection,
                   config::ConnectionOptionsOf(options.service.database, "fairway-query"));
  const int threads = Executors::DatabaseThreads(options.connections_max);
  return std::make_unique<QueryServer>(
      options, std::make_unique<DatabaseStores>(connection, threads, clock), clock, logger);
}

QueryServer::QueryServer(const Options& options, std::unique_ptr<Stores> stores, const Clock* clock,
                         const observability::Logger* logger)
    : options_(options),
      logger_(logger),
      clock_(*clock),
      rpc_metrics_(std::make_shared<observability::RpcMetrics>()),
      stores_(std::move(stores)),
      held_(&clock_),
      follower_(&stores_->source(), &held_,
                {.bytes_max = options.book_bytes_max, .loaders = options.book_loaders}, &clock_,
                FollowerEvents()),
      book_rates_(&held_, &stores_->rates()),
      book_locations_(&held_, &stores_->locations()),
      commit_bell_(holds_book() ? kBellInterval : kPollInterval, &clock_),
      executors_(options.connections_max),
      service_(ServiceDependencies()) {}

QueryService::Dependencies QueryServer::ServiceDependencies() {
  QueryService::Dependencies dependencies = {.rates = &stores_->rates(),
                                             .locations = &stores_->locations(),
                                             .commits = &stores_->commits(),
                                             .clock = &clock_,
                                             .executors = &executors_,
                                             .commit_bell = &commit_bell_,
                                             .exports = &exports_,
                                             .watches = &watches_,
                                             .rpc_metrics = rpc_metrics_.get(),
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
  readiness_->SetNotReady(why);
}

void QueryServer::BecomeReady() {
  if (!is_ready_) readiness_->SetReady();
  is_ready_ = true;
}

double QueryServer::LagSeconds() const {
  return held_.book() == nullptr ? 0 : absl::ToDoubleSeconds(held_.Lag());
}

rpc::ServerOptions QueryServer::server_options() const {
  return {.message_bytes_max = limits::kQueryRequestBytesMax,
          .connection_age_grace = kConnectionAgeGrace};
}

observability::MetricSources QueryServer::metric_sources() {
  observability::MetricSources sources = stores_->metric_sources();
  sources.push_back(rpc_metrics_);
  if (holds_book()) sources.push_back(std::make_shared<BookMetrics>(&held_));
  return sources;
}

bool QueryServer::AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) {
  return stores_->AwaitDatabase(stop, on_wait);
}

void QueryServer::Begin(rpc::Readiness& readiness) {
  readiness_ = &readiness;
  if (holds_book()) {
    readiness_->SetNotReady(absl::UnavailableError("loading the price book"));
    follower_.Start();
  } else {
    readiness_->SetReady();
  }
}

void QueryServer::BeginDrain() {
  if (held_.book() == nullptr) follower_.Stop();  // A load would end too late to be of use.
}

// Load balancers and clients need this time to find other tasks; there is no event to await.
void QueryServer::AwaitDrained(absl::Time deadline) {
  Pause(deadline - clock_.Now(), absl::InfiniteFuture());
}

}  // namespace fairway::query
