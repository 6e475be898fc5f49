#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "libs/config/parse.h"
#include "services/cli/batches.h"
#include "services/cli/dataset.h"
#include "services/cli/exit_code.h"
#include "services/cli/generate.h"
#include "services/cli/import_dump.h"
#include "services/cli/load.h"
#include "services/cli/locations.h"
#include "services/cli/migrate.h"
#include "services/cli/output.h"
#include "services/cli/rates.h"
#include "services/cli/safe_output.h"
#include "services/cli/session.h"
#include "services/cli/upload.h"

namespace fairway::cli {
namespace {

int RunCommand(int argc, const char* const* argv) {
  CLI::App app("Ocean-freight prices: uploads, daily rates, and what operators need.", "fairway");
  app.set_version_flag("--version", FAIRWAY_VERSION);
  app.footer(kExitCodeHelp);
  app.require_subcommand(1);
  app.fallthrough();  // --query-address and its kin may stand anywhere.
  Session session;
  session.AddOptions(app);
  AddRatesCommand(app, session);
  AddUploadCommand(app, session);
  AddLoadCommand(app, session);
  AddBatchesCommand(app, session);
  AddLocationsCommand(app, session);
  AddDatasetCommand(app, session);
  AddGenerateCommand(app, session);
  AddImportDumpCommand(app, session);
  AddMigrateCommand(app, session);
  if (const std::optional<int> exit_code = config::Parse(app, argc, argv)) return *exit_code;
  if (!session.status().ok()) PrintError(session.status());
  return static_cast<int>(ExitCodeOf(session.status()));
}

int Main(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN);  // A reader that went away is an error like others.
  ReserveStandardDescriptors();
  SafeOutput errors(std::cerr, STDERR_FILENO, "standard error");
  SafeOutput output(std::cout, STDOUT_FILENO, "standard output");
  const int exit_code = RunCommand(argc, argv);
  // 0 means that the answer was written, not only that there is one.
  const absl::Status written = output.Finish();
  if (written.ok()) return exit_code;
  PrintError(written);
  return exit_code != 0 ? exit_code : static_cast<int>(ExitCodeOf(written));
}

}  // namespace
}  // namespace fairway::cli

int main(int argc, char** argv) { return fairway::cli::Main(argc, argv); }
