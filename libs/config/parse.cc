#include "libs/config/parse.h"

#include <CLI/CLI.hpp>

namespace fairway::config {

std::optional<int> Parse(CLI::App& app, int argc, const char* const* argv) {
  constexpr int kUsage = 2;
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
