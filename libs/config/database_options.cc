#include "libs/config/database_options.h"

#include "libs/base/status_macros.h"
#include "libs/config/secret.h"

namespace fairway::config {

void AddDatabaseOptions(CLI::App& app, DatabaseOptions& options) {
  app.add_option("--postgres-host", options.host,
                 "Host of the database, or the folder of its Unix socket")
      ->envname("POSTGRES_HOST")
      ->capture_default_str()
      ->group("Database (password: POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE)");
  const std::string group = app.get_option("--postgres-host")->get_group();
  app.add_option("--postgres-port", options.port, "Port of the database")
      ->envname("POSTGRES_PORT")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str()
      ->group(group);
  app.add_option("--postgres-user", options.user, "User of the database")
      ->envname("POSTGRES_USER")
      ->capture_default_str()
      ->group(group);
  app.add_option("--postgres-db", options.database, "Name of the database")
      ->envname("POSTGRES_DB")
      ->capture_default_str()
      ->group(group);
}

absl::StatusOr<postgres::ConnectionOptions> ConnectionOptionsOf(const DatabaseOptions& options,
                                                                const std::string& application) {
  postgres::ConnectionOptions connection;
  connection.host = options.host;
  connection.port = options.port;
  connection.user = options.user;
  connection.database = options.database;
  connection.application_name = application;
  ASSIGN_OR_RETURN(connection.password, ReadSecret("POSTGRES_PASSWORD"));
  return connection;
}

}  // namespace fairway::config
