#pragma once

#include <chrono>
#include <string>

#include "libs/series/series_run_builder.h"
#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "tests/support/proxied_database.h"
#include "tests/support/queries.h"

namespace fairway {

// A store, one whose pool may fail, and one whose sessions that copy may.
class PostgresBatchStoreTest : public testing::ProxiedDatabaseTest {
 protected:
  PostgresBatchStoreTest() : ProxiedDatabaseTest(testing::MigratedDatabase()) {}

  static Day January(int day) { return std::chrono::year(2021) / 1 / day; }

  static SeriesRun Run() {
    SeriesRunBuilder builder;
    for (int i = 0; i < 1000; ++i) builder.Add({1 + i % 7, 2}, January(1 + i % 31), 1 + i);
    SeriesRun run;
    builder.TakeInto(run);
    return run;
  }
  static BatchContent Content(int64_t rows = 1000) {
    return {.row_count = rows,
            .lane_count = 7,
            .days = DayRange{January(1), January(31)},
            .digest = "a-digest"};
  }
  int64_t StoredSeries() {
    return testing::QueryInt(database_.options(), "SELECT count(*) FROM fairway.price_series");
  }
  std::string State() {
    return testing::QueryText(database_.options(), "SELECT state FROM fairway.batches");
  }
  int64_t Version() {
    return testing::QueryInt(database_.options(), "SELECT version FROM fairway.dataset");
  }

  const BatchKey key_ = {"acme", "batch-1"};
  const postgres::ConnectionOptions ingest_ = testing::AsIngest(database_.options());
  const postgres::ConnectionOptions proxied_ = testing::AsIngest(proxy_.options());
  postgres::Pool pool_{{.connection = ingest_, .connections_max = 4}};
  const VersionId locations_ = PostgresLocationStore(&pool_).ReadTree(Soon()).value()->version();
  postgres::Pool proxied_pool_{{.connection = proxied_, .connections_max = 4}};
  PostgresBatchStore store_{&pool_, ingest_};
  // The pool fails, sessions that copy do not.
  PostgresBatchStore store_with_bad_pool_{&proxied_pool_, ingest_};
  // Sessions that copy fail, the pool does not.
  PostgresBatchStore store_with_bad_session_{&pool_, proxied_};
};

}  // namespace fairway
