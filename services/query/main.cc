#include <CLI/CLI.hpp>

#include <iostream>

#include "libs/base/status_macros.h"
#include "libs/build_info/build_info.h"
#include "libs/config/parse.h"
#include "libs/observability/health_check.h"
#include "libs/observability/log.h"
#include "libs/rpc/server/process.h"
#include "services/query/options.h"
#include "services/query/server.h"

namespace fairway::query {
namespace {

absl::Status Run(const Options& options, const observability::Logger& logger) {
  ASSIGN_OR_RETURN(const postgres::ConnectionOptions connection,
                   config::ConnectionOptionsOf(options.service.database, "fairway-query"));
  ASSIGN_OR_RETURN(const std::unique_ptr<QueryServer> server,
                   QueryServer::Start(options, connection, &logger));
  rpc::WaitForTermination();
  server->Drain();
  return absl::OkStatus();
}

int CheckHealth(const Options& options) {
  const absl::Status health = observability::CheckHealth(options.service.admin);
  if (!health.ok()) std::cerr << health.message() << "\n";
  return health.ok() ? 0 : 1;
}

int Main(int argc, const char* const* argv) {
  rpc::InitProcess();
  CLI::App app(
      "Answers what ocean freight costs per lane and day, between ports or nested regions.",
      "fairway-query");
  app.set_version_flag("--version", std::string(GetBuildInfo().version));
  Options options;
  AddOptions(app, options);
  if (const std::optional<int> exit_code = config::Parse(app, argc, argv)) return *exit_code;
  if (options.service.check_health) return CheckHealth(options);

  const observability::Logger logger(
      "query", observability::ParseLogLevel(options.service.log_level).value(), std::cerr);
  for (const auto& [name, value] : config::Describe(app)) {
    logger.Debug("option", {{"name", name}, {"value", value}});
  }
  const absl::Status status = Run(options, logger);
  if (status.ok()) return 0;
  logger.Error("cannot serve", {{"error", status.message()}});
  return 1;
}

}  // namespace
}  // namespace fairway::query

int main(int argc, char** argv) { return fairway::query::Main(argc, argv); }
