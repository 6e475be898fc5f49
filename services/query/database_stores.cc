#include "services/query/database_stores.h"

#include <vector>

#include "libs/storage/postgres/migrator.h"
#include "libs/storage/postgres/pool_metrics.h"

namespace fairway::query {

DatabaseStores::DatabaseStores(const postgres::ConnectionOptions& connection, int threads,
                               const Clock* clock)
    : metrics_(registry_.get(), clock),
      pool_({.connection = connection, .connections_max = threads}),
      book_pool_({.connection = connection, .connections_max = 1}),
      postgres_source_(&book_pool_, connection) {}

observability::MetricSources DatabaseStores::metric_sources() {
  return {registry_, std::make_shared<PoolMetrics>(std::vector<PoolMetrics::NamedPool>{
                         {"calls", &pool_}, {"book", &book_pool_}})};
}

bool DatabaseStores::AwaitDatabase(const std::stop_token& stop, const OnWait& on_wait) {
  return AwaitSchema(pool_, kQueryRole, stop, on_wait);
}

}  // namespace fairway::query
