#include "libs/config/database_options.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

std::string CheckSslMode(const std::string& mode) {
  constexpr std::array<absl::string_view, 7> kModes = {
      "", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  if (std::find(kModes.begin(), kModes.end(), mode) != kModes.end()) return "";
  return absl::StrCat("'", mode, "' is none of ",
                      absl::StrJoin(kModes.begin() + 1, kModes.end(), ", "));
}

// With root certificates, libpq takes require for verify-ca.
bool VerifiesCertificates(const std::string& mode) {
  return mode == "require" || mode == "verify-ca" || mode == "verify-full";
}

// libpq would report it with each of a service's attempts to connect.
absl::Status CheckReadable(const std::string& file) {
  if (file.empty() || std::ifstream(file)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("POSTGRES_SSLROOTCERT: cannot read ", file));
}

absl::Status CheckRootCertificates(const DatabaseOptions& options) {
  if (options.ssl_root_cert.empty() && absl::StartsWith(options.ssl_mode, "verify-")) {
    // libpq would look into the home folder, and advise to verify nothing.
    return absl::InvalidArgumentError(
        absl::StrCat("POSTGRES_SSLMODE=", options.ssl_mode,
                     " needs POSTGRES_SSLROOTCERT, the file of the certificates to verify by"));
  }
  if (!options.ssl_root_cert.empty() && !VerifiesCertificates(options.ssl_mode)) {
    return absl::InvalidArgumentError(
        "POSTGRES_SSLROOTCERT is set, but nothing is verified by it: expected POSTGRES_SSLMODE "
        "verify-full or verify-ca");
  }
  return CheckReadable(options.ssl_root_cert);
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
  app.add_option("--postgres-sslmode", options.ssl_mode,
                 "TLS to the database: verify-full wants a certificate of the host's name, signed "
                 "by one of --postgres-sslrootcert; libpq's default is prefer, which verifies none")
      ->envname("POSTGRES_SSLMODE")
      ->check(CheckSslMode)
      ->group(group);
  app.add_option("--postgres-sslrootcert", options.ssl_root_cert,
                 "File of the certificates that sign the database's")
      ->envname("POSTGRES_SSLROOTCERT")
      ->group(group);
}

absl::StatusOr<postgres::ConnectionOptions> ConnectionOptionsOf(const DatabaseOptions& options,
                                                                const std::string& application) {
  if (CountOf(options.port) != 1 && CountOf(options.port) != CountOf(options.host)) {
    return absl::InvalidArgumentError(
        absl::StrCat("POSTGRES_HOST names ", CountOf(options.host), " hosts and POSTGRES_PORT ",
                     CountOf(options.port), " ports: one for all, or one for each"));
  }
  RETURN_IF_ERROR(CheckRootCertificates(options));
  postgres::ConnectionOptions connection;
  connection.host = options.host;
  connection.port = options.port;
  connection.user = options.user;
  connection.database = options.database;
  connection.application_name = application;
  connection.ssl_mode = options.ssl_mode;
  connection.ssl_root_cert = options.ssl_root_cert;
  ASSIGN_OR_RETURN(connection.password, ReadSecret("POSTGRES_PASSWORD"));
  return connection;
}

}  // namespace fairway::config
