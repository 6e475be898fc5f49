#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "libs/build_info/build_info.h"
#include "libs/config/parse.h"
#include "libs/price_files/utf8.h"
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

// What is sent is UTF-8. The names of files need not be.
bool AreReadable(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    std::error_code ignored;
    if (price_files::IsUtf8(argv[i]) || std::filesystem::exists(argv[i], ignored)) continue;
    PrintError(UsageError(
        absl::StrCat("the argument \"", price_files::EscapedValue(argv[i]), "\" is not UTF-8")));
    return false;
  }
  return true;
}

int RunCommand(int argc, const char* const* argv, Session& session) {
  CLI::App app("Ocean-freight prices: uploads, daily rates, and what operators need.", "fairway");
  app.set_version_flag("--version", [&app]() -> std::string {
    // Commands pass on what they do not know; a version of the prices is not what is printed here.
    if (app.get_subcommands().empty()) return std::string(GetBuildInfo().version);
    throw CLI::ValidationError("--version",
                               "it stands alone; for versions of the prices there are "
                               "--at-least and --exact");
  });
  app.footer(kExitCodeHelp);
  app.require_subcommand(1);
  app.fallthrough();  // --query-address and its kin may stand anywhere.
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
  if (!AreReadable(argc, argv)) return static_cast<int>(ExitCode::kUsage);
  Session session;
  const int exit_code = RunCommand(argc, argv, session);
  // 0 means that the answer was written, not only that there is one.
  const absl::Status written = output.Finish();
  if (written.ok()) return exit_code;
  PrintError(written);
  if (!session.done().empty()) {
    std::cerr << session.done() << " all the same: only the answer could not be written\n";
  }
  return exit_code != 0 ? exit_code : static_cast<int>(ExitCodeOf(written));
}

}  // namespace
}  // namespace fairway::cli

int main(int argc, char** argv) { return fairway::cli::Main(argc, argv); }
