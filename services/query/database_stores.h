#pragma once

#include <prometheus/registry.h>

#include <memory>

#include "libs/base/clock.h"
#include "libs/postgres/pool.h"
#include "libs/storage/metered/metered_commit_log.h"
#include "libs/storage/metered/metered_dataset_source.h"
#include "libs/storage/metered/metered_location_store.h"
#include "libs/storage/metered/metered_rate_reader.h"
#include "libs/storage/metered/store_metrics.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "services/query/stores.h"

namespace fairway::query {

// The stores over PostgreSQL, with their connections and metrics. Borrows the clock. Thread-safe.
class DatabaseStores final : public Stores {
 public:
  // `threads`: that may ask for a connection, each for one at a time.
  DatabaseStores(const postgres::ConnectionOptions& connection, int threads, const Clock* clock);

  RateReader& rates() override { return rates_; }
  LocationReader& locations() override { return locations_; }
  CommitLog& commits() override { return commits_; }
  DatasetSource& source() override { return source_; }
  observability::MetricSources metric_sources() override;
  bool AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) override;

 private:
  const std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
  StoreMetrics metrics_;
  postgres::Pool pool_;       // A connection for each thread that may ask for one.
  postgres::Pool book_pool_;  // Of its own, so that no number of queries makes the book late.

  PostgresRateReader postgres_rates_{&pool_};
  MeteredRateReader rates_{&postgres_rates_, &metrics_};
  PostgresLocationStore postgres_locations_{&pool_};
  MeteredLocationStore locations_{&postgres_locations_, &metrics_};
  PostgresCommitLog postgres_commits_{&pool_};
  MeteredCommitLog commits_{&postgres_commits_, &metrics_};
  PostgresDatasetSource postgres_source_;
  MeteredDatasetSource source_{&postgres_source_, &metrics_};
};

}  // namespace fairway::query
