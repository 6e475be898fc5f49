#include "libs/config/database_options.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "libs/base/status_macros.h"
#include "libs/config/secret.h"

namespace fairway::config {
namespace {

// What is wrong with a list of ports; empty when it is right.
std::string CheckPorts(const std::string& ports) {
  for (const absl::string_view port : absl::StrSplit(ports, ',')) {
    int number = 0;
    if (!absl::SimpleAtoi(port, &number) || number < 1 || number > 65535) {
      return absl::StrCat("'", port, "' is no port from 1 to 65535");
    }
  }
  return "";
}

int64_t CountOf(const std::string& list) { return 1 + std::count(list.begin(), list.end(), ','); }

}  // namespace

void AddDatabaseOptions(CLI::App& app, DatabaseOptions& options) {
  app.add_option(
         "--postgres-host", options.host,
         "Host of the database, or the folder of its Unix socket; several, with commas, are "
         "the primary and those that may take over from it")
      ->envname("POSTGRES_HOST")
      ->capture_default_str()
      ->group("Database (password: POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE)");
  const std::string group = app.get_option("--postgres-host")->get_group();
  app.add_option("--postgres-port", options.port,
                 "Port of the database; of several hosts one for all, or one for each, with commas")
      ->envname("POSTGRES_PORT")
      ->check(CheckPorts)
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
  if (CountOf(options.port) != 1 && CountOf(options.port) != CountOf(options.host)) {
    return absl::InvalidArgumentError(
        absl::StrCat("POSTGRES_HOST names ", CountOf(options.host), " hosts and POSTGRES_PORT ",
                     CountOf(options.port), " ports: one for all, or one for each"));
  }
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
