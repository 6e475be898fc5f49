#include "services/ingest/options.h"

namespace fairway::ingest {

void AddOptions(CLI::App& app, Options& options) {
  app.add_option("--listen", options.listen, "Address of the gRPC server, host:port; port 0: any")
      ->envname("FAIRWAY_INGEST_LISTEN")
      ->capture_default_str();
  app.add_option("--admin", options.admin, "Address of /metrics, /livez and /readyz, host:port")
      ->envname("FAIRWAY_INGEST_ADMIN")
      ->capture_default_str();
  app.add_option("--uploads-max", options.uploads_max,
                 "Uploads at a time; others are told OVERLOADED. Each may take 100 MB of memory")
      ->envname("FAIRWAY_INGEST_UPLOADS_MAX")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--connections-max", options.connections_max,
                 "Database connections, besides one per upload")
      ->envname("FAIRWAY_INGEST_CONNECTIONS_MAX")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--connection-age", options.connection_age_seconds,
                 "Seconds after which a client is asked to connect anew (calls that run go on)")
      ->envname("FAIRWAY_INGEST_CONNECTION_AGE")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_option("--drain", options.drain_seconds,
                 "Seconds that uploads have to end after SIGTERM; new ones are told DRAINING")
      ->envname("FAIRWAY_INGEST_DRAIN")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_option("--log-level", options.log_level, "Least level that is logged")
      ->envname("FAIRWAY_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
  app.add_flag("--check-health", options.check_health,
               "Ask the service that listens on --admin whether it is ready, and exit: 0 or 1. For "
               "container health checks");
  config::AddDatabaseOptions(app, options.database);
}

}  // namespace fairway::ingest
