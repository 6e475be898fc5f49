#include "services/cli/migrate.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/config/database_options.h"
#include "libs/config/secret.h"
#include "libs/storage/postgres/migrator.h"
#include "services/cli/shell/arguments.h"

namespace fairway::cli::migrate {
namespace {

struct Options {
  config::DatabaseOptions database;
  int wait_seconds = 0;
  std::string ingest_login;
  std::string query_login;
};

constexpr absl::Duration kMigrationTimeMax = absl::Minutes(10);
constexpr absl::Duration kRetryPause = absl::Milliseconds(500);

// The login `name`, unless that is empty; `variable` has its password.
absl::StatusOr<std::optional<Login>> ReadLogin(const std::string& name,
                                               const std::string& variable) {
  ASSIGN_OR_RETURN(std::string password, config::ReadSecret(variable));
  if (!name.empty()) return Login{name, std::move(password)};
  if (password.empty()) return std::nullopt;
  return UsageError(absl::StrCat(variable, " is set, but not ",
                                 absl::StripSuffix(variable, "_PASSWORD"), ", whose it is"));
}

absl::StatusOr<Logins> ReadLogins(const Options& options) {
  Logins logins;
  ASSIGN_OR_RETURN(logins.ingest, ReadLogin(options.ingest_login, "FAIRWAY_INGEST_LOGIN_PASSWORD"));
  ASSIGN_OR_RETURN(logins.query, ReadLogin(options.query_login, "FAIRWAY_QUERY_LOGIN_PASSWORD"));
  return logins;
}

// Until the database is reachable, and no upload is in the way.
absl::StatusOr<MigrationReport> MigrateInTime(postgres::Pool& pool, const Logins& logins,
                                              absl::Duration unavailable_max) {
  const absl::Time start = absl::Now();
  bool is_reported = false;
  while (true) {
    absl::StatusOr<MigrationReport> report = Migrate(pool, absl::Now() + kMigrationTimeMax, logins);
    const bool is_blocked = absl::IsAborted(report.status());
    const absl::Duration wait_max = is_blocked                             ? kMigrationTimeMax
                                    : absl::IsUnavailable(report.status()) ? unavailable_max
                                                                           : absl::ZeroDuration();
    if (absl::Now() - start >= wait_max) return report;
    if (is_blocked && !is_reported) {
      const std::vector<std::string> lines = absl::StrSplit(report.status().message(), '\n');
      std::cerr << "waiting for transactions that run: " << lines[0] << "\n";
      is_reported = true;
    }
    absl::SleepFor(kRetryPause);
  }
}

void Print(const LoginChange& login) {
  switch (login.kind) {
    case LoginChange::Kind::kCreated:
      std::cout << "created the login " << login.name << "\n";
      return;
    case LoginChange::Kind::kPasswordSet:
      std::cout << "set the password of the login " << login.name << "\n";
      return;
    case LoginChange::Kind::kNone:
      std::cout << "the login " << login.name << " is there, and keeps its password\n";
      return;
  }
}

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const postgres::ConnectionOptions connection,
                   config::ConnectionOptionsOf(options.database, "fairway-migrate"));
  ASSIGN_OR_RETURN(const Logins logins, ReadLogins(options));
  postgres::Pool pool({.connection = connection, .connections_max = 1});
  ASSIGN_OR_RETURN(const MigrationReport report,
                   MigrateInTime(pool, logins, absl::Seconds(options.wait_seconds)));
  for (const Migration& migration : report.applied) {
    std::cout << "applied " << migration.name << "\n";
  }
  for (const LoginChange& login : report.logins) Print(login);
  std::cout << "the schema is up to date (migration " << report.schema_number << ")\n";
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "migrate",
      "Updates the schema of the database, its roles and what they may do, and makes the logins of "
      "the services. Safe to run at any time, repeatedly and concurrently; never reverts a "
      "migration. Needs a user that owns the database and may create roles (CREATEROLE); services "
      "do not run as that user.\n"
      "To change a password without an outage, make the other login of a pair, restart the "
      "services with it, and change the first one the next time: sessions of both go on.\n"
      "Example: POSTGRES_PASSWORD=… FAIRWAY_QUERY_LOGIN_PASSWORD=… fairway migrate "
      "--postgres-host db.internal --query-login fairway_query_b");
  config::AddDatabaseOptions(*command, options->database);
  command
      ->add_option("--wait", options->wait_seconds,
                   "Seconds to wait until the database is reachable")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  const std::string group =
      "Logins (passwords: FAIRWAY_…_LOGIN_PASSWORD, or a file: …_PASSWORD_FILE)";
  command
      ->add_option("--ingest-login", options->ingest_login,
                   "Login of the ingest service, which is created, or gets its password: "
                   "a member of fairway_ingest, and nothing else")
      ->envname("FAIRWAY_INGEST_LOGIN")
      ->group(group);
  command
      ->add_option("--query-login", options->query_login,
                   "The same of the query service, which only reads: a member of fairway_query")
      ->envname("FAIRWAY_QUERY_LOGIN")
      ->group(group);
  session.OnCommand(command, [options] { return Run(*options); });
}

}  // namespace fairway::cli::migrate
