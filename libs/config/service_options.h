#pragma once

#include <CLI/App.hpp>

#include <string>

#include "libs/config/database_options.h"

namespace fairway::config {

// The options of every service, with the defaults they share.
struct ServiceOptions {
  std::string listen;
  std::string admin;
  int connection_age_seconds = 300;
  int drain_seconds = 0;  // Each service adds --drain with a help text of its own.
  int shutdown_seconds = 10;
  std::string log_level = "info";
  bool check_health = false;
  DatabaseOptions database;
};

// Adds --listen and its kin to `app`; each is also an environment variable, whose name begins with
// `prefix` ("FAIRWAY_QUERY_") where services may differ.
void AddServiceOptions(CLI::App& app, const std::string& prefix, ServiceOptions& options);

}  // namespace fairway::config
