#include "services/cli/migrate.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include "absl/time/clock.h"

#include "libs/base/status_macros.h"
#include "libs/config/database_options.h"
#include "libs/storage/postgres/migrator.h"

namespace fairway::cli::migrate {
namespace {

struct Options {
  config::DatabaseOptions database;
  int wait_seconds = 0;
};

constexpr absl::Duration kMigrationTimeMax = absl::Minutes(10);
constexpr absl::Duration kRetryPause = absl::Milliseconds(500);

absl::Status Run(const Options& options) {
  ASSIGN_OR_RETURN(const postgres::ConnectionOptions connection,
                   config::ConnectionOptionsOf(options.database, "fairway-migrate"));
  postgres::Pool pool({.connection = connection, .connections_max = 1});
  const absl::Time deadline = absl::Now() + absl::Seconds(options.wait_seconds);
  absl::StatusOr<MigrationReport> report = Migrate(pool, absl::Now() + kMigrationTimeMax);
  while (absl::IsUnavailable(report.status()) && absl::Now() < deadline) {
    absl::SleepFor(kRetryPause);
    report = Migrate(pool, absl::Now() + kMigrationTimeMax);
  }
  RETURN_IF_ERROR(report.status());
  for (const Migration& migration : report->applied) {
    std::cout << "applied " << migration.name << "\n";
  }
  std::cout << "the schema is up to date (migration " << report->schema_number << ")\n";
  return absl::OkStatus();
}

}  // namespace

void AddCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "migrate",
      "Updates the schema of the database. Safe to run at any time, repeatedly and concurrently; "
      "never reverts a migration.\n"
      "Example: POSTGRES_PASSWORD=… fairway migrate --postgres-host db.internal");
  config::AddDatabaseOptions(*command, options->database);
  command
      ->add_option("--wait", options->wait_seconds,
                   "Seconds to wait until the database is reachable")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  session.OnCommand(command, [options] { return Run(*options); });
}

}  // namespace fairway::cli::migrate
