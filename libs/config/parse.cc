#include "libs/config/parse.h"

#include <CLI/CLI.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace fairway::config {
namespace {

// CLI11 misses a command, or an option that is required, before it looks at what is strange.
std::string Complaint(const CLI::App* app, const CLI::Error& error) {
  const std::vector<std::string> strange = app->remaining(/*recurse=*/true);
  if (error.get_name() != "RequiredError" || strange.empty()) {
    return CLI::FailureMessage::simple(app, error);
  }
  const bool is_option = absl::StartsWith(strange.front(), "-");
  const bool misses_command = absl::StrContains(error.what(), "subcommand");
  if (!is_option && !misses_command) return CLI::FailureMessage::simple(app, error);
  return absl::StrCat("There is no ", is_option ? "option" : "command", " '", strange.front(),
                      "'\nRun with --help for more information.\n");
}

}  // namespace

std::optional<int> Parse(CLI::App& app, int argc, const char* const* argv) {
  constexpr int kUsage = 2;
  app.failure_message(Complaint);
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
}

std::vector<std::pair<std::string, std::string>> Describe(const CLI::App& app) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || option == app.get_help_ptr() ||
        option == app.get_version_ptr()) {
      continue;
    }
    const std::vector<std::string> given = option->results();
    values.emplace_back(option->get_lnames().front(),
                        given.empty() ? option->get_default_str() : given.back());
  }
  return values;
}

}  // namespace fairway::config
