#include "libs/storage/postgres/testing/postgres_stores.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "tests/support/queries.h"

namespace fairway::testing {
namespace {

constexpr std::array kTables = {"dataset", "commits",      "regions",     "ports",
                                "batches", "price_series", "batch_errors"};
constexpr std::array kSequences = {"region_ids", "port_ids", "batch_ids"};

}  // namespace

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
