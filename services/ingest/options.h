#pragma once

#include <CLI/App.hpp>

#include <string>

#include "libs/config/database_options.h"

namespace fairway::ingest {

// What can be set from outside, with its defaults.
struct Options {
  std::string listen = "127.0.0.1:50052";
  std::string admin = "127.0.0.1:9465";
  config::DatabaseOptions database;
  int uploads_max = 8;
  int connections_max = 16;
  int connection_age_seconds = 300;
  int drain_seconds = 90;
  std::string log_level = "info";
  bool check_health = false;
};

void AddOptions(CLI::App& app, Options& options);

}  // namespace fairway::ingest
