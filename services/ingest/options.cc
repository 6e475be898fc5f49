#include "services/ingest/options.h"

namespace fairway::ingest {

void AddOptions(CLI::App& app, Options& options) {
  config::AddServiceOptions(app, "FAIRWAY_INGEST_", options.service);
  app.add_option("--uploads-max", options.uploads_max,
                 "Uploads at a time; others get OVERLOADED. Each may take 100 MB of memory")
      ->envname("FAIRWAY_INGEST_UPLOADS_MAX")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--connections-max", options.connections_max,
                 "Database connections, besides one per upload")
      ->envname("FAIRWAY_INGEST_CONNECTIONS_MAX")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--drain", options.service.drain_seconds,
                 "Seconds that open uploads may go on after SIGTERM; new ones get DRAINING")
      ->envname("FAIRWAY_INGEST_DRAIN")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_option("--ecs-agent-uri", options.ecs_agent_uri,
                 "URI of the ECS agent, which keeps this task from being stopped while uploads "
                 "run. ECS sets the variable; without it there is no protection")
      ->envname("ECS_AGENT_URI");
}

}  // namespace fairway::ingest
