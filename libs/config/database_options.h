#pragma once

#include <CLI/App.hpp>

#include <string>

#include "absl/status/statusor.h"

#include "libs/postgres/connection_options.h"

namespace fairway::config {

// Where the database is. The names of the variables are those of the postgres container image.
struct DatabaseOptions {
  std::string host = "localhost";  // Or several, with commas.
  std::string port = "5432";       // Of all, or one for each.
  std::string user = "fairway";
  std::string database = "fairway";
  std::string ssl_mode;       // One of libpq's; libpq's default when it is empty.
  std::string ssl_root_cert;  // A file; as above.
};

// Adds --postgres-host and its kin to `app`; each is also an environment variable.
void AddDatabaseOptions(CLI::App& app, DatabaseOptions& options);

// Reads the password from POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE. INVALID_ARGUMENT (also when
// there are neither one port nor as many as hosts), NOT_FOUND (also of root certificates).
absl::StatusOr<postgres::ConnectionOptions> ConnectionOptionsOf(const DatabaseOptions& options,
                                                                const std::string& application);

}  // namespace fairway::config
