#pragma once

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/storage/postgres/migrator.h"
#include "tests/support/test_database.h"

namespace fairway::testing {

// A database of one test's own with Fairway's schema in it.
inline TestDatabase MigratedDatabase() {
  return TestDatabase::CreateFrom(
      "migrated", [](const postgres::ConnectionOptions& options) -> absl::Status {
        postgres::Pool pool({.connection = options, .connections_max = 1});
        return Migrate(pool, absl::Now() + absl::Seconds(60)).status();
      });
}

}  // namespace fairway::testing
