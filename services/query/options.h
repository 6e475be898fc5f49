#pragma once

#include <CLI/App.hpp>

#include <cstdint>
#include <string>

#include "libs/config/service_options.h"

namespace fairway::query {

// What can be set from outside, with its defaults.
struct Options {
  config::ServiceOptions service = {.listen = "127.0.0.1:50051", .admin = "127.0.0.1:9464"};
  std::string engine = "memory";
  int64_t book_bytes_max = 0;
  int book_loaders = 2;
  int connections_max = 16;
};

void AddOptions(CLI::App& app, Options& options);

}  // namespace fairway::query
