#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/storage/postgres/migrator.h"
#include "tests/support/test_database.h"

namespace fairway::testing {

// The logins of the services in a migrated database, without passwords.
inline constexpr absl::string_view kIngestLogin = "fairway_ingest_a";
inline constexpr absl::string_view kQueryLogin = "fairway_query_a";

// A database of one test's own with Fairway's schema in it.
inline TestDatabase MigratedDatabase() {
  return TestDatabase::CreateFrom(
      "migrated", [](const postgres::ConnectionOptions& options) -> absl::Status {
        postgres::Pool pool({.connection = options, .connections_max = 1});
        const Logins logins = {.ingest = Login{.name = std::string(kIngestLogin), .password = ""},
                               .query = Login{.name = std::string(kQueryLogin), .password = ""}};
        return Migrate(pool, absl::Now() + absl::Seconds(60), logins).status();
      });
}

// `options`, as the services connect: what a test does that way, the grants are enough for.
inline postgres::ConnectionOptions As(absl::string_view login,
                                      postgres::ConnectionOptions options) {
  options.user = std::string(login);
  return options;
}
inline postgres::ConnectionOptions AsIngest(const postgres::ConnectionOptions& options) {
  return As(kIngestLogin, options);
}
inline postgres::ConnectionOptions AsQuery(const postgres::ConnectionOptions& options) {
  return As(kQueryLogin, options);
}

}  // namespace fairway::testing
