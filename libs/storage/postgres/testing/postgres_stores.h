#pragma once

#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "libs/storage/testing/store_contract.h"

namespace fairway::testing {

// All contracts over a database of its own, each with the login of the service that has it.
class PostgresStores final : public StoresUnderTest {
 public:
  LocationStore& locations() override { return locations_; }
  BatchStore& batches() override { return batches_; }
  RateReader& rates() override { return rates_; }
  DatasetSource& source() override { return source_; }
  CommitLog& commits() override { return commits_; }
  void Backup() override;
  // In one transaction, so that the sessions of the pool stay; tests/e2e replaces the database.
  void Restore() override;
  void ForgetCommits(DatasetVersion first, DatasetVersion last) override;

 private:
  TestDatabase database_ = MigratedDatabase();
  const postgres::ConnectionOptions ingest_ = AsIngest(database_.options());
  const postgres::ConnectionOptions query_ = AsQuery(database_.options());
  postgres::Pool pool_{{.connection = ingest_, .connections_max = 4}};
  postgres::Pool query_pool_{{.connection = query_, .connections_max = 4}};
  PostgresLocationStore locations_{&pool_};
  PostgresBatchStore batches_{&pool_, ingest_};
  PostgresRateReader rates_{&query_pool_};
  PostgresDatasetSource source_{&query_pool_, query_};
  PostgresCommitLog commits_{&query_pool_};
};

}  // namespace fairway::testing
