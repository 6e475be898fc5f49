#pragma once

#include <prometheus/registry.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "libs/base/clock.h"
#include "libs/book/book_follower.h"
#include "libs/book/book_location_reader.h"
#include "libs/book/book_rate_reader.h"
#include "libs/book/held_book.h"
#include "libs/domain/server_limits.h"
#include "libs/observability/log.h"
#include "libs/observability/rpc_metrics.h"
#include "libs/postgres/pool.h"
#include "libs/rpc/server/bell.h"
#include "libs/rpc/server/hosted_service.h"
#include "libs/rpc/server/open_streams.h"
#include "libs/storage/metered/metered_commit_log.h"
#include "libs/storage/metered/metered_dataset_source.h"
#include "libs/storage/metered/metered_location_store.h"
#include "libs/storage/metered/metered_rate_reader.h"
#include "libs/storage/metered/store_metrics.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "services/query/executors.h"
#include "services/query/options.h"
#include "services/query/service.h"

namespace fairway::query {

// The whole service, put together. Ready once the database has its schema and, with the memory
// engine, all of its prices are held. Draining takes no new load of the book, serves on while
// clients find other tasks, and then ends the watches.
class QueryServer final : public rpc::HostedService {
 public:
  // INVALID_ARGUMENT or NOT_FOUND when the options do not name a database.
  static absl::StatusOr<std::unique_ptr<QueryServer>> Make(const Options& options,
                                                           const observability::Logger* logger);
  // Borrows the logger.
  QueryServer(const Options& options, const postgres::ConnectionOptions& connection,
              const observability::Logger* logger);

  grpc::Service* rpcs() override { return &service_; }
  std::string rpcs_name() const override { return v1::RateQueryService::service_full_name(); }
  rpc::ServerOptions server_options() const override;
  observability::MetricSources metric_sources() override;
  bool AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) override;
  void Begin(rpc::Readiness& readiness) override;
  void BeginDrain() override;
  void AwaitDrained(absl::Time deadline) override;
  void EndStreams() override { commit_bell_.Close(); }
  void StopTasks() override { follower_.Stop(); }

 private:
  bool holds_book() const { return options_.engine == "memory"; }
  QueryService::Dependencies ServiceDependencies();
  BookFollower::Events FollowerEvents();
  void OnPublished(const PriceBook& book, absl::Duration took);
  void OnCannotFollow(const absl::Status& why);
  void BecomeReady();
  double LagSeconds() const;

  const Options options_;
  const observability::Logger* const logger_;
  const SystemClock clock_;
  const std::shared_ptr<prometheus::Registry> registry_;
  observability::RpcMetrics rpc_metrics_;
  StoreMetrics store_metrics_{registry_.get(), &clock_};
  postgres::Pool pool_;  // A connection for each thread that may ask for one.
  PostgresRateReader postgres_rates_;
  MeteredRateReader stored_rates_{&postgres_rates_, &store_metrics_};
  PostgresLocationStore postgres_locations_;
  MeteredLocationStore stored_locations_{&postgres_locations_, &store_metrics_};

  postgres::Pool book_pool_;  // Of its own, so that no number of queries makes the book late.
  PostgresDatasetSource postgres_source_;
  MeteredDatasetSource source_{&postgres_source_, &store_metrics_};
  HeldBook held_;
  BookFollower follower_;
  BookRateReader book_rates_;
  BookLocationReader book_locations_;

  PostgresCommitLog postgres_commits_;
  MeteredCommitLog commits_{&postgres_commits_, &store_metrics_};
  rpc::Bell commit_bell_;
  rpc::OpenStreams exports_{{.streams_max = limits::kOpenExportsMax,
                             .per_address_max = limits::kOpenExportsPerAddressMax,
                             .per_connection_max = limits::kOpenExportsPerConnectionMax},
                            &clock_};
  rpc::OpenStreams watches_{{.streams_max = limits::kOpenWatchesMax,
                             .per_address_max = limits::kOpenWatchesPerAddressMax,
                             .per_connection_max = limits::kOpenWatchesPerConnectionMax},
                            &clock_};
  Executors executors_;
  QueryService service_;
  rpc::Readiness* readiness_ = nullptr;  // Set before the follower starts.
  bool is_ready_ = false;                // The follower's.
};

}  // namespace fairway::query
