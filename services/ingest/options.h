#pragma once

#include <CLI/App.hpp>

#include <string>

#include "libs/config/service_options.h"

namespace fairway::ingest {

// What can be set from outside, with its defaults.
struct Options {
  config::ServiceOptions service = {.listen = "127.0.0.1:50052",
                                    .admin = "127.0.0.1:9465",
                                    .drain_seconds = 90,
                                    .shutdown_seconds = 5};
  int uploads_max = 8;
  int connections_max = 16;
  std::string ecs_agent_uri;  // "": not on ECS.
};

void AddOptions(CLI::App& app, Options& options);

}  // namespace fairway::ingest
