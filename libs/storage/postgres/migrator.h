#pragma once

#include <stop_token>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "libs/base/deadline.h"
#include "libs/postgres/pool.h"
#include "libs/storage/postgres/logins.h"
#include "libs/storage/postgres/migrations.h"

namespace fairway {

struct MigrationReport {
  std::vector<Migration> applied;  // By this run.
  int schema_number = 0;           // The number of the last migration there is now.
  std::vector<LoginChange> logins;
};

// Applies what is missing, makes the roles and grants them what they may do, and makes the logins:
// all in one transaction under an advisory lock, safe to run twice, and by many at once. Never goes
// back. FAILED_PRECONDITION when the database was migrated by a later release, when a migration
// that was applied has changed since, when the database already has tables of the reference schema,
// or when the user may not do what is to be done; ABORTED when a running transaction is in the way
// of a new owner, which only the first run makes; as SetLogin(); DEADLINE_EXCEEDED; UNAVAILABLE.
absl::StatusOr<MigrationReport> Migrate(postgres::Pool& pool, const Deadline& deadline,
                                        const Logins& logins = {});

// Whether the database has at least the migrations of this program, and its user what `role` may
// do: a service that starts before
// `fairway migrate` reports that instead of failing call by call. FAILED_PRECONDITION; as above.
absl::Status CheckSchema(postgres::Pool& pool, absl::string_view role, const Deadline& deadline);

// Waits until CheckSchema is OK: a service may start before its database does, or before it is
// migrated. Calls `on_wait` with each new reason for waiting. False when `stop` came first.
bool AwaitSchema(postgres::Pool& pool, absl::string_view role, const std::stop_token& stop,
                 absl::FunctionRef<void(const absl::Status&)> on_wait);

}  // namespace fairway
