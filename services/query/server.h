#pragma once

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
#include "libs/rpc/server/bell.h"
#include "libs/rpc/server/hosted_service.h"
#include "libs/rpc/server/open_streams.h"
#include "services/query/executors.h"
#include "services/query/options.h"
#include "services/query/service.h"
#include "services/query/stores.h"

namespace fairway::query {

// The whole service, put together. Ready once the database has its schema and, with the memory
// engine, all of its prices are held. Draining takes no new load of the book, serves on while
// clients find other tasks, and then ends the watches.
class QueryServer final : public rpc::HostedService {
 public:
  // INVALID_ARGUMENT or NOT_FOUND when the options do not name a database.
  static absl::StatusOr<std::unique_ptr<QueryServer>> Make(const Options& options,
                                                           const Clock* clock,
                                                           const observability::Logger* logger);
  // Borrows the clock and the logger.
  QueryServer(const Options& options, std::unique_ptr<Stores> stores, const Clock* clock,
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
  const Clock& clock_;
  const std::shared_ptr<observability::RpcMetrics> rpc_metrics_;
  const std::unique_ptr<Stores> stores_;

  HeldBook held_;
  BookFollower follower_;
  BookRateReader book_rates_;
  BookLocationReader book_locations_;

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
