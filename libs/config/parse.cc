#include "libs/config/parse.h"

#include <CLI/CLI.hpp>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

#include "libs/config/suggestion.h"

namespace fairway::config {
namespace {

// The command that was given last; its options and commands are those that are allowed.
const CLI::App* LastCommand(const CLI::App* app) {
  const std::vector<CLI::App*> given = app->get_subcommands();
  return given.empty() ? app : LastCommand(given.back());
}

std::vector<std::string> CommandsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* command : LastCommand(app)->get_subcommands(nullptr)) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App* app) {
  std::vector<std::string> names;
  for (const CLI::App* each = LastCommand(app); each != nullptr; each = each->get_parent()) {
    for (const CLI::Option* option : each->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

bool IsGiven(absl::string_view option, const std::vector<std::string>& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return argument == option || absl::StartsWith(argument, absl::StrCat(option, "="));
  });
}

// CLI11 names the option also where its value came from the environment: "--port: …", or "Could not
// convert: --port = …". Names the variable in its place.
std::string WithVariable(const CLI::App* app, const std::string& what,
                         const std::vector<std::string>& arguments) {
  absl::string_view rest = what;
  absl::ConsumePrefix(&rest, "Could not convert: ");
  const absl::string_view name = rest.substr(0, rest.find_first_of(": "));
  if (IsGiven(name, arguments)) return what;
  for (const CLI::App* each = LastCommand(app); each != nullptr; each = each->get_parent()) {
    for (const CLI::Option* option : each->get_options()) {
      const std::string variable = option->get_envname();
      if (option->get_name() != name || variable.empty()) continue;
      return absl::StrReplaceAll(what, {{name, variable}});
    }
  }
  return what;
}

// CLI11 reports a missing command, or a missing required option, before an unknown argument that
// is more likely the cause.
std::string Explain(const CLI::App* app, const CLI::Error& error,
                    const std::vector<std::string>& arguments) {
  const std::vector<std::string> unknown = app->remaining(/*recurse=*/true);
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  const bool is_missing = code == CLI::ExitCodes::RequiredError;
  if (code == CLI::ExitCodes::ValidationError || code == CLI::ExitCodes::ConversionError) {
    return WithVariable(app, error.what(), arguments);
  }
  if (unknown.empty() || (!is_missing && code != CLI::ExitCodes::ExtrasError)) return error.what();
  const std::string word = unknown.front().substr(0, unknown.front().find('='));
  const bool is_option = absl::StartsWith(word, "-");
  const bool misses_command = is_missing && absl::StrContains(error.what(), "subcommand");
  if (!is_option && !misses_command) return error.what();
  const std::string closest = ClosestName(word, is_option ? OptionsOf(app) : CommandsOf(app));
  return absl::StrCat("unknown ", is_option ? "option" : "command", " '", word, "'",
                      closest.empty() ? "" : absl::StrCat("; did you mean '", closest, "'?"));
}

std::string FailureMessage(const CLI::App* app, const CLI::Error& error,
                           const std::vector<std::string>& arguments) {
  return absl::StrCat(app->get_name().empty() ? "" : absl::StrCat(app->get_name(), ": "),
                      Explain(app, error, arguments), "\nRun with --help for more information.\n");
}

}  // namespace

std::optional<int> Parse(CLI::App& app, int argc, const char* const* argv) {
  constexpr int kUsage = 2;
  app.failure_message([arguments = std::vector<std::string>(argv, argv + argc)](
                          const CLI::App* failed, const CLI::Error& error) {
    return FailureMessage(failed, error, arguments);
  });
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
