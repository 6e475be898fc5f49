#include "libs/rpc/server/service_program.h"
#include "services/ingest/options.h"
#include "services/ingest/server.h"

int main(int argc, char** argv) {
  using fairway::ingest::IngestServer;
  fairway::ingest::Options options;
  return fairway::rpc::RunService(
      {.name = "ingest",
       .description =
           "Takes price batches that partners stream in, and commits each whole or not at all.",
       .options = &options.service,
       .add_options = [&](CLI::App& app) { AddOptions(app, options); },
       .make = [&](const auto* logger) { return IngestServer::Make(options, logger); }},
      argc, argv);
}
