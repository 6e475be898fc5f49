#pragma once

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "libs/storage/postgres/postgres_batch_store.h"
#include "libs/storage/postgres/postgres_commit_log.h"
#include "libs/storage/postgres/postgres_dataset_source.h"
#include "libs/storage/postgres/postgres_location_store.h"
#include "libs/storage/postgres/postgres_rate_reader.h"
#include "libs/storage/postgres/testing/migrated_database.h"
#include "libs/storage/testing/store_contract.h"
#include "tests/support/queries.h"

namespace fairway::testing {

// All contracts over a database of its own.
class PostgresStores final : public StoresUnderTest {
 public:
  LocationStore& locations() override { return locations_; }
  BatchStore& batches() override { return batches_; }
  RateReader& rates() override { return rates_; }
  DatasetSource& source() override { return source_; }
  CommitLog& commits() override { return commits_; }
  void Revert(const BatchKey& key) override {
    Execute(
        database_.options(),
        absl::StrCat("BEGIN; UPDATE fairway.dataset SET version = version + 1; "
                     "UPDATE fairway.batches SET state = 'REVERTED', "
                     "reverted_version = (SELECT version FROM fairway.dataset) WHERE partner = '",
                     key.partner, "' AND batch_id = '", key.batch_id,
                     "'; INSERT INTO fairway.commits SELECT reverted_version, 'REVERT', now(), id "
                     "FROM fairway.batches WHERE partner = '",
                     key.partner, "' AND batch_id = '", key.batch_id, "'; COMMIT"));
  }
  void Backup() override {
    std::string sql = "CREATE SCHEMA backup;";
    for (const char* table : kTables) {
      absl::StrAppend(&sql, "CREATE TABLE backup.", table, " AS TABLE fairway.", table, ";");
    }
    for (const char* sequence : kSequences) {
      absl::StrAppend(&sql, "CREATE TABLE backup.", sequence, " AS TABLE fairway.", sequence, ";");
    }
    Execute(database_.options(), sql);
  }
  // In one transaction, so that the pool's sessions stay; tests/e2e puts another database in place.
  void Restore() override {
    std::string sql =
        absl::StrCat("BEGIN; TRUNCATE fairway.", absl::StrJoin(kTables, ", fairway."), ";");
    for (const char* table : kTables) {
      absl::StrAppend(&sql, "INSERT INTO fairway.", table, " TABLE backup.", table, ";");
    }
    for (const char* sequence : kSequences) {
      absl::StrAppend(&sql, "SELECT setval('fairway.", sequence,
                      "', last_value, is_called) FROM backup.", sequence, ";");
    }
    Execute(database_.options(), absl::StrCat(sql, "COMMIT"));
  }
  void ForgetCommits(DatasetVersion first, DatasetVersion last) override {
    Execute(database_.options(), absl::StrCat("DELETE FROM fairway.commits WHERE version BETWEEN ",
                                              first, " AND ", last));
  }

 private:
  static constexpr std::array kTables = {"dataset", "commits",      "regions",     "ports",
                                         "batches", "price_series", "batch_errors"};
  static constexpr std::array kSequences = {"region_ids", "port_ids", "batch_ids"};

  TestDatabase database_ = MigratedDatabase();
  postgres::Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  PostgresLocationStore locations_{&pool_};
  PostgresBatchStore batches_{&pool_, database_.options()};
  PostgresRateReader rates_{&pool_};
  PostgresDatasetSource source_{&pool_, database_.options()};
  PostgresCommitLog commits_{&pool_};
};

}  // namespace fairway::testing
