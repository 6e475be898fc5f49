#include "libs/storage/postgres/testing/postgres_stores.h"

#include <pqxx/transaction_base>

#include <array>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/base/testing/status_matchers.h"
#include "libs/domain/errors.h"
#include "libs/postgres/transaction.h"
#include "libs/storage/postgres/batch_rows.h"
#include "libs/storage/postgres/version_rows.h"
#include "tests/support/queries.h"

namespace fairway::testing {
namespace {

constexpr std::array kTables = {"dataset", "commits",      "regions",     "ports",
                                "batches", "price_series", "batch_errors"};
constexpr std::array kSequences = {"region_ids", "port_ids", "batch_ids"};

}  // namespace

void PostgresStores::Revert(const BatchKey& key) {
  const auto revert = [&](pqxx::transaction_base& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<BatchRow> batch, LockBatch(tx, key));
    if (!batch) return BatchNotFoundError(key);
    ASSIGN_OR_RETURN(const MadeVersion made, MakeNextVersion(tx, CommitKind::kRevert, batch->id));
    tx.exec_params(
        "UPDATE fairway.batches SET state = 'REVERTED', reverted_version = $2 WHERE id = $1",
        batch->id, made.id.number);
    return absl::OkStatus();
  };
  FAIRWAY_EXPECT_OK(
      postgres::RunTransaction(pool_, {.deadline = absl::Now() + absl::Seconds(60)}, revert));
}

void PostgresStores::Backup() {
  std::string sql = "CREATE SCHEMA backup;";
  for (const char* table : kTables) {
    absl::StrAppend(&sql, "CREATE TABLE backup.", table, " AS TABLE fairway.", table, ";");
  }
  for (const char* sequence : kSequences) {
    absl::StrAppend(&sql, "CREATE TABLE backup.", sequence, " AS TABLE fairway.", sequence, ";");
  }
  Execute(database_.options(), sql);
}

void PostgresStores::Restore() {
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

void PostgresStores::ForgetCommits(DatasetVersion first, DatasetVersion last) {
  Execute(database_.options(),
          absl::StrCat("DELETE FROM fairway.commits WHERE version BETWEEN ", first, " AND ", last));
}

}  // namespace fairway::testing
