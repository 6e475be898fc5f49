#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "libs/config/service_options.h"
#include "libs/observability/log.h"
#include "libs/rpc/server/hosted_service.h"

namespace fairway::rpc {

// The main program of a service: everything that is not the service's own.
struct ServiceProgram {
  using Make = std::function<absl::StatusOr<std::unique_ptr<HostedService>>(
      const observability::Logger* logger)>;

  std::string name;  // "query", of the program fairway-query.
  std::string description;
  // Where the command line is parsed into by what `add_options` adds.
  const config::ServiceOptions* options;
  std::function<void(CLI::App& app)> add_options;
  // Makes the service, with the options as they are then.
  Make make;
};

// Parses the command line, runs the service until SIGTERM or SIGINT, and drains it. Returns the
// exit status: 0 after a drain, 1 when it cannot serve, 2 for a mistake on the command line. Called
// first in main(), before any thread starts.
int RunService(const ServiceProgram& program, int argc, const char* const* argv);

}  // namespace fairway::rpc
