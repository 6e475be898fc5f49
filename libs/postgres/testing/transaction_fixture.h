#pragma once

#include "absl/status/status.h"
#include "absl/time/clock.h"

#include "libs/postgres/transaction.h"
#include "tests/support/proxied_database.h"
#include "tests/support/queries.h"

namespace fairway::postgres {

// A table, a pool, and one whose connections may be lost.
class TransactionTest : public testing::ProxiedDatabaseTest {
 protected:
  TransactionTest() {
    testing::Execute(database_.options(), "CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL)");
  }

  static TransactionOptions Within(absl::Duration time) { return {.deadline = absl::Now() + time}; }
  static constexpr auto kInsert = [](auto& tx) -> absl::Status {
    tx.exec("INSERT INTO t VALUES (1, 1)");
    return absl::OkStatus();
  };
  int64_t Rows() { return testing::QueryInt(database_.options(), "SELECT count(*) FROM t"); }

  Pool pool_{{.connection = database_.options(), .connections_max = 4}};
  Pool proxied_pool_{{.connection = proxy_.options(), .connections_max = 4}};
};

}  // namespace fairway::postgres
