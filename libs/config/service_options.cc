#include "libs/config/service_options.h"

namespace fairway::config {

void AddServiceOptions(CLI::App& app, const std::string& prefix, ServiceOptions& options) {
  app.add_option("--listen", options.listen, "Address of the gRPC server, host:port; port 0: any")
      ->envname(prefix + "LISTEN")
      ->capture_default_str();
  app.add_option("--admin", options.admin, "Address of /metrics, /livez and /readyz, host:port")
      ->envname(prefix + "ADMIN")
      ->capture_default_str();
  app.add_option("--connection-age", options.connection_age_seconds,
                 "Seconds after which a client is asked to connect anew (calls that run go on). 0: "
                 "never, where a proxy spreads calls over tasks")
      ->envname(prefix + "CONNECTION_AGE")
      ->check(CLI::Range(0, 86400))
      ->capture_default_str();
  app.add_option("--shutdown", options.shutdown_seconds,
                 "Seconds that calls have to end at the end of draining, before they are cancelled")
      ->envname(prefix + "SHUTDOWN")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_option("--log-level", options.log_level, "Least level that is logged")
      ->envname("FAIRWAY_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  app.add_flag("--check-health", options.check_health,
               "Ask the service that listens on --admin whether it is ready, and exit: 0 or 1. For "
               "container health checks");
  AddDatabaseOptions(app, options.database);
}

}  // namespace fairway::config
