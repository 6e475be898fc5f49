#include "libs/storage/postgres/migrator.h"

#include <pqxx/connection_base>
#include <pqxx/result>
#include <pqxx/transaction_base>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/substitute.h"
#include "absl/time/clock.h"

#include "libs/base/pause.h"
#include "libs/base/status_macros.h"
#include "libs/postgres/errors.h"
#include "libs/postgres/transaction.h"

namespace fairway {
namespace {

// "fairway" in ASCII. Held while migrations run.
constexpr int64_t kMigrationLock = 0x66616972776179;

// Roles are the cluster's: another of its databases may be migrated at the same time.
constexpr int kRunsMax = 5;

constexpr const char* kBookkeeping = R"sql(
  CREATE SCHEMA IF NOT EXISTS fairway;
  CREATE TABLE IF NOT EXISTS fairway.schema_migrations (
    number       integer PRIMARY KEY,
    name         text NOT NULL,
    checksum     text NOT NULL,
    applied_time timestamptz NOT NULL DEFAULT now()
  ))sql";

std::string ToString(absl::string_view text) { return std::string(text); }

absl::Status CheckUnchanged(const Migration& migration, const std::string& applied_checksum,
                            const std::string& checksum) {
  if (applied_checksum == checksum) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("migration ", migration.name, " was applied in another form than it has now; ",
                   "migrations that were released never change"));
}

absl::Status CheckNotNewer(int64_t schema_number) {
  const int known = Migrations().back().number;
  if (schema_number <= known) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the database is at migration ", schema_number,
                                                    ", this program knows ", known,
                                                    ": it was migrated by a later release"));
}

// The reference's own tables would collide with the views of the same names.
absl::Status CheckRoomForViews(pqxx::transaction_base& tx) {
  const pqxx::result tables = tx.exec(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND "
      "tablename IN ('prices', 'ports', 'regions') ORDER BY 1");
  if (tables.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the database already has a table public.", tables[0][0].c_str(),
      "; use a database of Fairway's own, and bring the data over with fairway import-dump"));
}

absl::Status ApplyMigrations(pqxx::transaction_base& tx, MigrationReport& report) {
  tx.exec(kBookkeeping);
  std::map<int64_t, std::string> applied;
  for (const pqxx::row row : tx.exec("SELECT number, checksum FROM fairway.schema_migrations")) {
    applied[row[0].as<int64_t>()] = row[1].c_str();
  }
  RETURN_IF_ERROR(CheckNotNewer(applied.empty() ? 0 : applied.rbegin()->first));
  if (applied.empty()) RETURN_IF_ERROR(CheckRoomForViews(tx));
  for (const Migration& migration : Migrations()) {
    const std::string checksum =
        tx.exec_params1("SELECT md5($1)", ToString(migration.sql))[0].c_str();
    if (const auto known = applied.find(migration.number); known != applied.end()) {
      RETURN_IF_ERROR(CheckUnchanged(migration, known->second, checksum));
      continue;
    }
    tx.exec(ToString(migration.sql));
    tx.exec_params(
        "INSERT INTO fairway.schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
        migration.number, ToString(migration.name), checksum);
    report.applied.push_back(migration);
  }
  report.schema_number = Migrations().back().number;
  return absl::OkStatus();
}

absl::Status Apply(pqxx::transaction_base& tx, const Logins& logins, MigrationReport& report) {
  // Whoever may create something in public must not run it by the rights of whoever migrates.
  tx.exec("SET LOCAL search_path = pg_catalog");
  tx.exec_params("SELECT pg_advisory_xact_lock($1)", kMigrationLock);
  tx.exec(ToString(RolesSql()));
  RETURN_IF_ERROR(CheckGroupRoles(tx));
  RETURN_IF_ERROR(ApplyMigrations(tx, report));
  tx.exec(ToString(GrantsSql()));
  const auto set = [&](absl::string_view role, const std::optional<Login>& login) -> absl::Status {
    if (!login) return absl::OkStatus();
    ASSIGN_OR_RETURN(LoginChange change, SetLogin(tx, role, *login));
    report.logins.push_back(std::move(change));
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(set(kIngestRole, logins.ingest));
  return set(kQueryRole, logins.query);
}

// The user lacks a right: what it takes to migrate.
absl::Status RightsMissing(const absl::Status& status, const std::string& user) {
  constexpr const char* kAdvice =
      "user \"$0\" may not migrate: $1; it has to own the database, to have CREATEROLE, and to be "
      "a "
      "member of whoever owns what is in the schema fairway; instead of CREATEROLE, an "
      "administrator makes the roles $2, $3 and $4 and the logins, and runs: GRANT $2 TO \"$0\"";
  const std::vector<std::string> lines = absl::StrSplit(status.message(), '\n');
  return absl::FailedPreconditionError(
      absl::Substitute(kAdvice, user, lines[0], kOwnerRole, kIngestRole, kQueryRole));
}

// Whether a service has the rights of `role`: that it can read does not mean that it may write.
absl::Status CheckMember(pqxx::transaction_base& tx, absl::string_view role) {
  const pqxx::row found = tx.exec_params1(
      "SELECT coalesce(pg_has_role(to_regrole($1), 'USAGE') OR "
      "                pg_has_role(to_regrole($2), 'USAGE'), false), current_user",
      ToString(role), ToString(kOwnerRole));
  if (found[0].as<bool>()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("\"", found[1].c_str(), "\" is not a member of ", role,
                   "; make such a login with fairway migrate, and run this service under it"));
}

// A role was made or changed meanwhile: by now its transaction has ended.
bool IsRoleConflict(const absl::Status& status) {
  const std::string state = postgres::SqlState(status);
  return state == "42710" || state == "23505" ||
         absl::StrContains(status.message(), "tuple concurrently updated");
}

}  // namespace

absl::StatusOr<MigrationReport> Migrate(postgres::Pool& pool, const Deadline& deadline,
                                        const Logins& logins) {
  RETURN_IF_ERROR(CheckLogins(logins));
  MigrationReport report;
  std::string user;
  absl::Status status;
  for (int runs = 0; runs < kRunsMax; ++runs) {
    status = postgres::RunTransaction(pool, {.deadline = deadline}, [&](auto& tx) {
      user = tx.conn().username();
      return Apply(tx, logins, report = {});
    });
    if (!IsRoleConflict(status)) break;
  }
  if (postgres::IsInsufficientPrivilege(status)) return RightsMissing(status, user);
  RETURN_IF_ERROR(status);
  return report;
}

absl::Status CheckSchema(postgres::Pool& pool, absl::string_view role, const Deadline& deadline) {
  const auto read = [&](pqxx::transaction_base& tx) -> absl::StatusOr<int64_t> {
    RETURN_IF_ERROR(CheckMember(tx, role));
    return tx.exec1("SELECT coalesce(max(number), 0) FROM fairway.schema_migrations")[0]
        .as<int64_t>();
  };
  const absl::StatusOr<int64_t> number =
      postgres::RunTransaction(pool, {.read_only = true, .deadline = deadline}, read);
  if (postgres::IsInsufficientPrivilege(number.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("the database does not grant this service's login what it needs: ",
                     number.status().message(), "; run: fairway migrate"));
  }
  constexpr absl::string_view kUndefinedTable = "42P01";
  if (!number.ok() && postgres::SqlState(number.status()) != kUndefinedTable) {
    return number.status();
  }
  const int64_t schema_number = number.value_or(0);
  if (schema_number >= Migrations().back().number) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("the database is at migration ", schema_number,
                                                    " of ", Migrations().back().number,
                                                    "; run: fairway migrate"));
}

bool AwaitSchema(postgres::Pool& pool, absl::string_view role, const std::stop_token& stop,
                 absl::FunctionRef<void(const absl::Status&)> on_wait) {
  constexpr absl::Duration kPause = absl::Milliseconds(500);
  absl::StatusCode reported = absl::StatusCode::kOk;
  while (!stop.stop_requested()) {
    const absl::Status status = CheckSchema(pool, role, {absl::Now() + absl::Seconds(10), stop});
    if (status.ok()) return true;
    if (stop.stop_requested()) break;
    if (status.code() != reported) on_wait(status);
    reported = status.code();
    Pause(kPause, {absl::InfiniteFuture(), stop});
  }
  return false;
}

}  // namespace fairway
