#include <CLI/CLI.hpp>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"

#include "libs/build_info/build_info.h"
#include "libs/config/parse.h"
#include "libs/price_files/utf8.h"
#include "services/cli/batches.h"
#include "services/cli/dataset.h"
#include "services/cli/generate.h"
#include "services/cli/import_dump.h"
#include "services/cli/load.h"
#include "services/cli/locations.h"
#include "services/cli/migrate.h"
#include "services/cli/rates.h"
#include "services/cli/shell/arguments.h"
#include "services/cli/shell/error_message.h"
#include "services/cli/shell/exit_code.h"
#include "services/cli/shell/safe_output.h"
#include "services/cli/shell/session.h"
#include "services/cli/upload.h"

namespace fairway::cli {
namespace {

// Requests are UTF-8; file names need not be.
bool AreArgumentsUtf8(int argc, const char* const* argv) {
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
  CLI::App app("Ocean-freight prices: uploads, daily rates, and operations.", "fairway");
  app.set_version_flag("--version", [&app]() -> std::string {
    // Commands pass on options that they do not know; this one is not about versions of prices.
    if (app.get_subcommands().empty()) return std::string(GetBuildInfo().version);
    throw CLI::ValidationError("--version",
                               "it cannot be used with a command; for versions of prices see "
                               "--at-least and --exact");
  });
  app.footer(kExitCodeHelp);
  app.require_subcommand(1);
  app.fallthrough();  // --query-address and the like may follow the command.
  session.AddOptions(app);
  rates::AddCommand(app, session);
  upload::AddCommand(app, session);
  load::AddCommand(app, session);
  batches::AddCommand(app, session);
  locations::AddCommand(app, session);
  dataset::AddCommand(app, session);
  generate::AddCommand(app, session);
  import_dump::AddCommand(app, session);
  migrate::AddCommand(app, session);
  if (const std::optional<int> exit_code = config::Parse(app, argc, argv)) return *exit_code;
  if (!session.status().ok()) PrintError(session.status());
  return static_cast<int>(ExitCodeOf(session.status()));
}

int Main(int argc, const char* const* argv) {
  std::signal(SIGPIPE, SIG_IGN);  // A closed pipe is an error of the write.
  ReserveStandardDescriptors();
  SafeOutput errors(std::cerr, STDERR_FILENO, "standard error");
  SafeOutput output(std::cout, STDOUT_FILENO, "standard output");
  if (!AreArgumentsUtf8(argc, argv)) return static_cast<int>(ExitCode::kUsage);
  const std::vector<const char*> arguments = HelpAsOption(argc, argv);
  Session session;
  const int exit_code = RunCommand(static_cast<int>(arguments.size()), arguments.data(), session);
  // 0 means that the output was written, not only that the command succeeded.
  const absl::Status written = output.Finish();
  if (written.ok()) return exit_code;
  PrintError(written);
  if (!session.done().empty()) {
    std::cerr << session.done() << ": only the output could not be written\n";
  }
  return exit_code != 0 ? exit_code : static_cast<int>(ExitCodeOf(written));
}

}  // namespace
}  // namespace fairway::cli

int main(int argc, char** argv) { return fairway::cli::Main(argc, argv); }
