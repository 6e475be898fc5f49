#include "libs/base/clock.h"
#include "libs/rpc/server/service_program.h"
#include "services/query/options.h"
#include "services/query/server.h"

int main(int argc, char** argv) {
  using fairway::query::QueryServer;
  fairway::query::Options options;
  const fairway::SystemClock clock;
  return fairway::rpc::RunService(
      {.name = "query",
       .description =
           "Answers what ocean freight costs per lane and day, between ports or nested regions.",
       .options = &options.service,
       .add_options = [&](CLI::App& app) { AddOptions(app, options); },
       .make = [&](const auto* logger) { return QueryServer::Make(options, &clock, logger); }},
      argc, argv);
}
