#pragma once

#include <CLI/App.hpp>

#include <string>

#include "libs/config/database_options.h"

namespace fairway::query {

// What can be set from outside, with its defaults.
struct Options {
  std::string listen = "127.0.0.1:50051";
  std::string admin = "127.0.0.1:9464";
  std::string engine = "memory";
  int64_t book_bytes_max = 0;
  int book_loaders = 2;
  config::DatabaseOptions database;
  int connections_max = 16;
  int connection_age_seconds = 300;
  int drain_seconds = 0;
  std::string log_level = "info";
  bool check_health = false;
};

void AddOptions(CLI::App& app, Options& options);

}  // namespace fairway::query
