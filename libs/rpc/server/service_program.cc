#include "libs/rpc/server/service_program.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <optional>

#include "absl/strings/str_cat.h"

#include "libs/base/check.h"
#include "libs/base/clock.h"
#include "libs/base/status_macros.h"
#include "libs/build_info/build_info.h"
#include "libs/config/parse.h"
#include "libs/observability/check_failure_log.h"
#include "libs/observability/health_check.h"
#include "libs/rpc/server/process.h"
#include "libs/rpc/server/service_host.h"

namespace fairway::rpc {
namespace {

HostOptions HostOptionsOf(const config::ServiceOptions& options, const HostedService& service) {
  HostOptions host = {.server = service.server_options(),
                      .admin_address = options.admin,
                      .drain_time = absl::Seconds(options.drain_seconds),
                      .shutdown_time = absl::Seconds(options.shutdown_seconds)};
  host.server.address = options.listen;
  host.server.connection_age = options.connection_age_seconds == 0
                                   ? absl::InfiniteDuration()
                                   : absl::Seconds(options.connection_age_seconds);
  return host;
}

absl::Status Serve(const ServiceProgram& program, const observability::Logger& logger) {
  const SystemClock clock;
  ASSIGN_OR_RETURN(const std::unique_ptr<HostedService> service, program.make(&logger));
  ASSIGN_OR_RETURN(const std::unique_ptr<ServiceHost> host,
                   ServiceHost::Start(HostOptionsOf(*program.options, *service), service.get(),
                                      &clock, &logger));
  WaitForTermination();
  host->Drain();
  return absl::OkStatus();
}

int ReportHealth(const std::string& admin_address) {
  const absl::Status health = observability::CheckHealth(admin_address);
  if (!health.ok()) std::cerr << health.message() << "\n";
  return health.ok() ? 0 : 1;
}

}  // namespace

int RunService(const ServiceProgram& program, int argc, const char* const* argv) {
  InitProcess();
  CLI::App app(program.description, absl::StrCat("fairway-", program.name));
  app.set_version_flag("--version", std::string(GetBuildInfo().version));
  program.add_options(app);
  if (const std::optional<int> exit_code = config::Parse(app, argc, argv)) return *exit_code;
  if (program.options->check_health) return ReportHealth(program.options->admin);

  const observability::Logger logger(
      program.name, observability::ParseLogLevel(program.options->log_level).value(), std::cerr);
  const CheckFailureHook hook(observability::LogCheckFailures(&logger));
  for (const auto& [name, value] : config::Describe(app)) {
    logger.Debug("option", {{"name", name}, {"value", value}});
  }
  const absl::Status status = Serve(program, logger);
  if (status.ok()) return 0;
  logger.Error("cannot serve", {{"error", status.message()}});
  return 1;
}

}  // namespace fairway::rpc
